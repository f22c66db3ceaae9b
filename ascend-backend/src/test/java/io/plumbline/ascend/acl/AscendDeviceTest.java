package io.plumbline.ascend.acl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.plumbline.ascend.standin.StandIn;
import io.plumbline.ascend.standin.StandInTest;
import io.plumbline.inference.kernel.KernelException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AscendDeviceTest extends StandInTest {
    AscendDeviceTest() {
        super(StandIn.CLASSIC);
    }

    private void onDevice(Consumer<AscendDevice> work) {
        thread.run(() -> {
            try (AscendDevice device = AscendDevice.open(library(), 0, TIMEOUT)) {
                work.accept(device);
            }
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 31, 4096, 4 * 1024 * 1024, 4 * 1024 * 1024 + 1, 9_000_001})
    void whatIsUploadedComesBack(int bytes) {
        byte[] content = new byte[bytes];
        new Random(bytes).nextBytes(content);
        byte[] back = new byte[bytes];
        onDevice(device -> {
            DeviceBlock block = device.allocate(bytes + 3L);
            device.upload(MemorySegment.ofArray(content), block, 3);
            device.download(block, 3, MemorySegment.ofArray(back));
        });
        assertThat(back).isEqualTo(content);
    }

    @Test
    void everythingIsGivenBackInTheOrderTheRuntimeWants() {
        onDevice(device -> device.clear(device.allocate(100)));
        assertThat(standIn.journal())
                .containsExactly(
                        "aclInit",
                        "aclrtSetDevice",
                        "aclrtCreateContext",
                        "aclrtCtxSetSysParamOpt",
                        "aclrtCreateStream",
                        "aclrtMallocHost",
                        "aclrtMalloc",
                        "aclrtMemset",
                        "aclrtSynchronizeStreamWithTimeout",
                        "aclrtFree",
                        "aclrtFreeHost",
                        "aclrtDestroyStream",
                        "aclrtDestroyContext",
                        "aclrtResetDevice",
                        "aclFinalizeReference");
    }

    @Test
    void theHostCannotReadDeviceMemory() {
        onDevice(device -> {
            String start = "%x-".formatted(device.allocate(64).address().address());
            assertThat(memoryMap())
                    .anySatisfy(line -> assertThat(line).startsWith(start).contains(" ---p "));
        });
    }

    private static java.util.List<String> memoryMap() {
        try {
            return Files.readAllLines(Path.of("/proc/self/maps"));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aSecondUserOfTheRuntimeKeepsItAlive() {
        thread.run(() -> {
            try (RuntimeReference _ = RuntimeReference.acquire(library())) {
                try (AscendDevice device = AscendDevice.open(library(), 0, TIMEOUT)) {
                    device.allocate(8);
                }
                assertThat(standIn.leaks()).containsExactly("initialised 1 times");
            }
        });
    }

    @Test
    void aThreadWithoutAContextIsToldSo() {
        onDevice(device -> {
            Throwable thrown = onAnotherThread(() -> device.allocate(8));
            assertThat(thrown)
                    .isInstanceOf(ContextMissingException.class)
                    .hasMessageContaining("107002 RT_CONTEXT_NULL: this thread has no current context");
        });
    }

    @Test
    void aStreamOfAnotherContextIsRefused() {
        onDevice(device -> {
            Throwable thrown = onAnotherThread(() -> {
                try (RuntimeReference _ = RuntimeReference.acquire(library());
                        DeviceContext _ = DeviceContext.create(library(), 0)) {
                    device.synchronize();
                }
            });
            assertThat(thrown)
                    .isInstanceOf(ContextMissingException.class)
                    .hasMessageContaining("107003 RT_STREAM_CONTEXT");
        });
    }

    private static Throwable onAnotherThread(Runnable work) {
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        try {
            Thread.ofPlatform()
                    .start(() -> thrown.set(catchThrowable(work::run)))
                    .join();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return thrown.get();
    }

    @Test
    void virtualThreadsNeverReachTheRuntime() throws InterruptedException {
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Thread.ofVirtual()
                .start(() -> thrown.set(catchThrowable(() -> RuntimeReference.acquire(library()))))
                .join();
        assertThat(thrown.get()).isInstanceOf(IllegalStateException.class).hasMessageContaining("virtual thread");
        assertThat(standIn.journal()).isEmpty();
    }

    @Test
    void aVirtualThreadIsServedByTheDeviceThread() throws InterruptedException {
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Thread.ofVirtual()
                .start(() -> thrown.set(catchThrowable(() -> onDevice(device -> device.clear(device.allocate(8))))))
                .join();
        assertThat(thrown.get()).isNull();
    }

    @Test
    void noMemoryIsToldWithWhatWasAskedForAndWhatIsInUse() {
        standIn.option("memory", 1 << 20);
        onDevice(device -> {
            device.allocate(1000);
            assertThatExceptionOfType(DeviceOutOfMemoryException.class)
                    .isThrownBy(() -> device.allocate(2 << 20))
                    .withMessageContaining("aclrtMalloc of 2097152 bytes (1000 in use)")
                    .withMessageContaining("207001");
            device.clear(device.allocate(1000));
        });
    }

    @Test
    void theWorkspaceIsGivenUpBeforeMemoryIsRefused() {
        standIn.option("memory", 4096);
        onDevice(device -> {
            DeviceBlock block = device.allocate(64);
            TensorView view = TensorView.matrix(block, AclDataType.FLOAT, 1, 8);
            TensorView target = TensorView.rows(block, AclDataType.FLOAT, 8, 1, 8, 8);
            device.submit(OperatorName.INPLACE_COPY, target, view);
            assertThat(device.allocate(3900).bytes()).isEqualTo(3900);
        });
    }

    @Test
    void anErrorTextThatIsNoTextDoesNoHarm() {
        onDevice(device -> {
            standIn.option("error-text", 1);
            assertThatThrownBy(() -> device.allocate(2L << 40)).hasMessageContaining("207001 RT_MEMORY_ALLOCATION. ");
            standIn.option("error-text", 2);
            assertThatThrownBy(() -> device.allocate(2L << 40)).hasMessageContaining("bad ");
            standIn.option("error-text", 0);
        });
    }

    @Test
    void aViewBeyondItsBlockIsRefusedInJava() {
        onDevice(device -> {
            DeviceBlock block = device.allocate(64);
            assertThatThrownBy(() -> device.submit(
                            OperatorName.INPLACE_COPY,
                            TensorView.matrix(block, AclDataType.FLOAT, 1, 17),
                            TensorView.matrix(block, AclDataType.FLOAT, 1, 17)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("reaches element 16");
            assertThatThrownBy(() -> device.upload(MemorySegment.ofArray(new byte[65]), block, 0))
                    .isInstanceOf(IndexOutOfBoundsException.class);
        });
        assertThat(standIn.journal()).doesNotContain("aclnnInplaceCopyGetWorkspaceSize");
    }

    @Test
    void whatTheRuntimeRefusesInPhaseOneLeavesNothingBehind() {
        onDevice(device -> {
            DeviceBlock block = device.allocate(64);
            assertThatExceptionOfType(InvalidDeviceArgumentException.class)
                    .isThrownBy(() -> device.submit(
                            OperatorName.INPLACE_COPY,
                            TensorView.matrix(block, AclDataType.FLOAT, 1, 8),
                            TensorView.matrix(block, AclDataType.FLOAT, 1, 7)))
                    .withMessageContaining("161002");
            assertThat(standIn.leaks()).noneMatch(line -> line.contains("tensor") || line.contains("executor"));
        });
    }

    @Test
    void anExecutorThatIsNeverLaunchedIsDestroyed() {
        onDevice(device -> {
            DeviceBlock block = device.allocate(64);
            standIn.option("memory", 200);
            assertThatExceptionOfType(DeviceOutOfMemoryException.class)
                    .isThrownBy(() -> device.submit(
                            OperatorName.INPLACE_COPY,
                            TensorView.matrix(block, AclDataType.FLOAT, 1, 8),
                            TensorView.rows(block, AclDataType.FLOAT, 8, 1, 8, 8)));
            assertThat(standIn.journal()).contains("aclDestroyAclOpExecutor");
        });
    }

    @Test
    void memoryThatWasGivenBackCannotBeUsed() {
        onDevice(device -> {
            DeviceBlock block = device.allocate(64);
            block.close();
            block.close();
            assertThatIllegalStateException().isThrownBy(() -> device.clear(block));
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {507015, 507018, 507035, 507053, 507054, 507010})
    void aDeviceFaultShowsAtTheNextWaitAndEndsTheUseOfTheDevice(int code) {
        onDevice(device -> {
            DeviceBlock block = device.allocate(64);
            standIn.option("sticky-device-error", code);
            assertThatExceptionOfType(DeviceFaultException.class)
                    .isThrownBy(device::synchronize)
                    .withMessageContaining(Integer.toString(code));
            assertThatExceptionOfType(KernelException.class)
                    .isThrownBy(() -> device.clear(block))
                    .withMessageContaining("cannot be used any more since");
        });
        assertThat(standIn.journal()).contains("aclrtStreamAbort", "aclrtDestroyStreamForce", "aclrtResetDeviceForce");
    }

    @Test
    void workThatHangsIsGivenUp() {
        onDevice(device -> {
            device.allocate(64);
            standIn.option("hang", 1);
            assertThatExceptionOfType(DeviceTimeoutException.class).isThrownBy(device::synchronize);
        });
        assertThat(standIn.journal()).contains("aclrtStreamAbort", "aclrtDestroyStreamForce");
    }
}
