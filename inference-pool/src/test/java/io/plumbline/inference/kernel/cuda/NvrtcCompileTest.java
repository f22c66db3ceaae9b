package io.plumbline.inference.kernel.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.inference.kernel.KernelException;
import io.plumbline.inference.kernel.cuda.driver.ComputeCapability;
import io.plumbline.inference.kernel.cuda.driver.ImageTarget;
import io.plumbline.inference.kernel.cuda.driver.LibrarySearch;
import io.plumbline.inference.kernel.cuda.driver.RuntimeCompiler;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.opentest4j.TestAbortedException;

/** The kernels go through NVIDIA's own compiler, wherever one is installed; no device is needed. */
class NvrtcCompileTest {
    @Test
    void theKernelsCompileForTheOldestAndTheNewestDevices() {
        RuntimeCompiler compiler = compiler();
        List<ComputeCapability> known = compiler.architectures().stream()
                .filter(architecture -> architecture.compareTo(ComputeCapability.LEAST) >= 0)
                .toList();
        for (ComputeCapability capability : List.of(known.getFirst(), known.getLast())) {
            ImageTarget target = ImageTarget.of(capability, known).orElseThrow();
            assertThat(compiler.compile(CudaSources.read(), target).length)
                    .as("%s", target)
                    .isGreaterThan(1000);
        }
    }

    private static RuntimeCompiler compiler() {
        List<String> places = new LibrarySearch(System.getenv(), Path.of("/")).compilers();
        for (String place : places) {
            try {
                return RuntimeCompiler.open(place);
            } catch (KernelException e) {
                continue; // the next place
            }
        }
        String message =
                "the CUDA kernels are not compiled by NVRTC: none of %s is there; install one (pip install nvidia-cuda-nvrtc-cu12) or set %s"
                        .formatted(places, LibrarySearch.COMPILER);
        System.out.println(message);
        throw new TestAbortedException(message);
    }
}
