package io.plumbline.inference.kernel.cuda.driver;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LibrarySearchTest {
    @TempDir
    private Path root;

    private Path file(String place) throws IOException {
        Path file = root.resolve(place);
        Files.createDirectories(file.getParent());
        return Files.createFile(file);
    }

    @Test
    void theLoaderIsAskedFirstAndTheNewestVersionWins() throws IOException {
        Path toolkit12 = file("usr/local/cuda-12.9/lib64/libnvrtc.so.12");
        Path toolkit11 = file("usr/local/cuda-11.8/lib64/libnvrtc.so.11.2");
        Path wheel13 = file("home/.local/lib/python3.12/site-packages/nvidia/cu13/lib/libnvrtc.so.13");
        Path wheel12 = file("venv/lib/python3.11/site-packages/nvidia/cuda_nvrtc/lib/libnvrtc.so.12");
        Map<String, String> environment = Map.of(
                "HOME", root.resolve("home").toString(),
                "VIRTUAL_ENV", root.resolve("venv").toString(),
                "CUDA_HOME", root.resolve("absent").toString());
        assertThat(new LibrarySearch(environment, root).compilers())
                .containsExactly(
                        "libnvrtc.so.13",
                        wheel13.toString(),
                        "libnvrtc.so.12",
                        toolkit12.toString(),
                        wheel12.toString(),
                        "libnvrtc.so.11.2",
                        toolkit11.toString());
    }

    @Test
    void theToolkitOfTheEnvironmentComesBeforeThatOfTheSystem() throws IOException {
        Path own = file("opt/toolkit/lib/libnvrtc.so.12");
        Path system = file("usr/local/cuda/lib64/libnvrtc.so.12");
        Map<String, String> environment =
                Map.of("CUDA_HOME", root.resolve("opt/toolkit").toString());
        assertThat(new LibrarySearch(environment, root).compilers())
                .containsSubsequence("libnvrtc.so.12", own.toString(), system.toString());
    }

    @Test
    void driversOfContainersAndOfWindowsAreFound() throws IOException {
        Path windows = file("usr/lib/wsl/lib/libcuda.so.1");
        assertThat(new LibrarySearch(Map.of(), root).drivers()).containsExactly("libcuda.so.1", windows.toString());
    }

    @Test
    void aVariableIsObeyedAlone() throws IOException {
        file("usr/local/cuda/lib64/libnvrtc.so.12");
        LibrarySearch search = new LibrarySearch(
                Map.of(LibrarySearch.COMPILER, " /a/libnvrtc.so ", LibrarySearch.DRIVER, "/b/libcuda.so"), root);
        assertThat(search.compilers()).containsExactly("/a/libnvrtc.so");
        assertThat(search.drivers()).containsExactly("/b/libcuda.so");
    }
}
