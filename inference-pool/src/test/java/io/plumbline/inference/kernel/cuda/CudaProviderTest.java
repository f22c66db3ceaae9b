package io.plumbline.inference.kernel.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.plumbline.inference.kernel.Availability;
import io.plumbline.inference.kernel.Availability.Available;
import io.plumbline.inference.kernel.Availability.Unavailable;
import io.plumbline.inference.kernel.Backend;
import io.plumbline.inference.kernel.BackendOptions;
import io.plumbline.inference.kernel.KernelException;
import io.plumbline.inference.kernel.cuda.driver.ImageRefusedException;
import io.plumbline.inference.kernel.cuda.driver.LibrarySearch;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the provider says of machines of every kind, and what it does with compiled kernels. */
@WithStandIn
class CudaProviderTest {
    @TempDir
    private Path folder;

    private CudaProvider provider(String... variables) {
        Map<String, String> environment = new HashMap<>(Map.of(CudaSettings.CACHE, folder.toString()));
        for (int i = 0; i < variables.length; i += 2) {
            environment.put(variables[i], variables[i + 1]);
        }
        return StandInProvider.with(environment);
    }

    private static void assertUnavailable(CudaProvider provider, String reason, String remedy) {
        assertThat(provider.probe()).isInstanceOfSatisfying(Unavailable.class, unavailable -> {
            assertThat(unavailable.reason()).contains(reason);
            assertThat(unavailable.remedy()).contains(remedy);
        });
        assertThatExceptionOfType(KernelException.class)
                .isThrownBy(() -> provider.open(BackendOptions.defaults()).close())
                .withMessageContaining(reason)
                .withMessageContaining(remedy);
    }

    @Test
    void aMachineWithADeviceTellsWhichAndIsPreferred() {
        Availability availability = provider().probe();
        assertThat(availability).isInstanceOfSatisfying(Available.class, available -> {
            assertThat(available.score()).isGreaterThan(Available.NATIVE_KERNELS);
            assertThat(available.description())
                    .isEqualTo(
                            "Stand-in GPU, compute capability 9.0, 132 multiprocessors, 8.0 GiB, driver for CUDA 12.9, NVRTC 12.9");
        });
        try (Backend backend = provider().open(BackendOptions.defaults())) {
            assertThat(backend.name()).isEqualTo("cuda");
            assertThat(backend.description()).isEqualTo(((Available) availability).description());
        }
    }

    @Test
    void aMachineWithoutADriverSaysSo() {
        assertUnavailable(
                provider(LibrarySearch.DRIVER, "/nowhere/libcuda.so.1"),
                "no NVIDIA driver: the loader refuses /nowhere/libcuda.so.1",
                "install the NVIDIA driver");
    }

    @Test
    void aLibraryThatIsNoneOfTheDriverIsNamed() {
        assertUnavailable(
                provider(LibrarySearch.DRIVER, StandIn.compiler().place()),
                "has no function cuInit",
                "install the NVIDIA driver");
    }

    @Test
    void whatTheDriverRefusesIsToldWithItsRemedy() {
        record Refusal(long code, String reason, String remedy) {}
        for (Refusal refusal : List.of(
                new Refusal(34, "34 STUB_LIBRARY", "stubs folder"),
                new Refusal(100, "100 NO_DEVICE: no CUDA-capable device is detected", "nvidia-smi"),
                new Refusal(803, "803 SYSTEM_DRIVER_MISMATCH", "restart the machine"),
                new Refusal(999, "999 UNKNOWN", "nvidia-smi"),
                new Refusal(777, "cuInit failed with 777", "CUDA Driver API reference"))) {
            StandIn.driver().set("init_code", refusal.code());
            assertUnavailable(provider(), refusal.reason(), refusal.remedy());
        }
    }

    @Test
    void aDeviceThatIsNotThereIsRefusedWithHowManyThereAre() {
        assertUnavailable(
                provider(CudaSettings.DEVICE, "1"),
                "PLUMBLINE_CUDA_DEVICE is '1', and the driver sees 1 device(s)",
                "a number from 0 to 0");
        assertUnavailable(provider(CudaSettings.DEVICE, "gpu"), "is 'gpu'", "CUDA_VISIBLE_DEVICES");
        StandIn.driver().set("devices", 2);
        assertThat(provider(CudaSettings.DEVICE, "1").probe()).isInstanceOf(Available.class);
    }

    @Test
    void oldDevicesAndDriversAreRefused() {
        StandIn.driver().set("capability", 61);
        assertUnavailable(provider(), "Stand-in GPU of compute capability 6.1", "7.0 or later");
        StandIn.driver().set("capability", 90).set("driver_version", 10020);
        assertUnavailable(provider(), "is for CUDA 10.2", "update the driver");
    }

    @Test
    void aCompilerThatDoesNotFitIsRefusedWithBothVersions() {
        assertUnavailable(
                provider(LibrarySearch.COMPILER, "/nowhere/libnvrtc.so.12"),
                "no NVRTC that fits: the loader refuses /nowhere/libnvrtc.so.12",
                "install NVRTC");
        StandIn.compiler().set("nvrtc_major", 13);
        assertUnavailable(provider(), "NVRTC 13.9", "install NVRTC");
        assertUnavailable(provider(), "too new for the driver, which is for CUDA 12.9", "install NVRTC");
    }

    @Test
    void aDeviceNewerThanTheCompilerGetsPtxThatTheDriverTranslates() {
        StandIn.compiler().set("without_hopper", 1);
        provider().open(BackendOptions.defaults()).close();
        StandIn.driver().set("driver_version", 12040);
        assertUnavailable(provider(), "too new for the driver", "install NVRTC");
    }

    @Test
    void ptxThatTheDriverRefusesIsToldWithTheRemedy() {
        StandIn.compiler().set("without_hopper", 1);
        StandIn.driver().set("refuse_ptx", 1);
        assertThatExceptionOfType(ImageRefusedException.class)
                .isThrownBy(() -> provider().open(BackendOptions.defaults()).close())
                .withMessageContaining("222 UNSUPPORTED_PTX_VERSION")
                .withMessageContaining("update the NVIDIA driver");
        assertThat(StandIn.driver().get("contexts")).isZero();
    }

    @Test
    void anErrorInTheSourceComesWithTheCompilersWords() {
        StandIn.compiler().set("compile_error", 1);
        assertThatExceptionOfType(KernelException.class)
                .isThrownBy(() -> provider().open(BackendOptions.defaults()).close())
                .withMessageContaining("canonical.cuh(7): error: identifier \"pl_lanes\" is undefined")
                .withMessageContaining("compute capability 9.0");
        assertThat(StandIn.compiler().get("programs")).isZero();
    }

    @Test
    void kernelsAreCompiledOnceAndAgainWhenTheirImageIsDamaged() throws IOException {
        CudaProvider provider = provider();
        provider.open(BackendOptions.defaults()).close();
        provider.open(BackendOptions.defaults()).close();
        assertThat(StandIn.compiler().get("compilations")).isOne();
        for (byte[] damage : new byte[][] {
            new byte[0], new byte[10], "STAND-IN cubin 90 and no digest at all".getBytes(StandardCharsets.US_ASCII)
        }) {
            Files.write(onlyImage(), damage);
            provider.open(BackendOptions.defaults()).close();
        }
        assertThat(StandIn.compiler().get("compilations")).isEqualTo(4);
        provider.open(BackendOptions.defaults()).close();
        assertThat(StandIn.compiler().get("compilations")).isEqualTo(4);
    }

    private Path onlyImage() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.reduce((a, b) -> {
                        throw new AssertionError("%s and %s".formatted(a, b));
                    })
                    .orElseThrow();
        }
    }

    @Test
    void aFolderThatCannotBeWrittenCostsOnlyTheCompilation() throws IOException {
        Path file = Files.createFile(folder.resolve("file"));
        CudaProvider provider = provider(CudaSettings.CACHE, file.toString());
        provider.open(BackendOptions.defaults()).close();
        provider.open(BackendOptions.defaults()).close();
        assertThat(StandIn.compiler().get("compilations")).isEqualTo(2);
    }
}
