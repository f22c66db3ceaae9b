package io.plumbline.inference.kernel.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.plumbline.inference.kernel.Backend;
import io.plumbline.inference.kernel.BackendOptions;
import io.plumbline.inference.kernel.Buffer;
import io.plumbline.inference.kernel.cuda.driver.DeviceFaultException;
import io.plumbline.inference.kernel.cuda.driver.DeviceMemoryException;
import org.junit.jupiter.api.Test;

/** Devices that run full, fail or are used wrongly. */
@WithStandIn
class CudaFaultTest {
    private static Backend open() {
        return new StandInProvider().open(BackendOptions.defaults());
    }

    private static float[] read(Backend backend, Buffer buffer) {
        float[] values = new float[(int) buffer.elements()];
        backend.memory().read(buffer, 0, values, 0, values.length);
        return values;
    }

    @Test
    void aFullDeviceSaysWhatWasAskedAndWhatIsFreeAndWorksOn() {
        try (Backend backend = open()) {
            StandIn.driver().set("memory", StandIn.driver().get("used") + 10_000);
            Buffer small = backend.memory().allocate(1000);
            assertThatExceptionOfType(DeviceMemoryException.class)
                    .isThrownBy(() -> backend.memory().allocate(2000))
                    .withMessageContaining("8,000 bytes")
                    .withMessageContaining("6,000 of")
                    .withMessageContaining("Remedy");
            assertThat(backend.memory().bytesInUse()).isEqualTo(4000);
            backend.kernels().fill(1000, 3, small);
            assertThat(read(backend, small)).containsOnly(3);
        }
    }

    @Test
    void everyAllocationThatFailsWhileOpeningLeavesNothingBehind() {
        for (int nth = 1; ; nth++) {
            StandIn.driver().reset();
            StandIn.driver().set("fail_allocation", nth);
            try (Backend backend = open()) {
                assertThat(nth).isGreaterThan(2);
                return;
            } catch (DeviceMemoryException e) {
                assertThat(StandIn.driver().get("live")).isZero();
                assertThat(StandIn.driver().get("pinned")).isZero();
                assertThat(StandIn.driver().get("contexts")).isZero();
            }
        }
    }

    @Test
    void indicesThatFindNoRoomFailAloneAndTheNextOnesGoTheirWay() {
        try (Backend backend = open();
                Buffer x = backend.memory().allocate(1);
                Buffer out = backend.memory().allocate(600_000)) {
            backend.kernels().fill(1, 7, x);
            StandIn.driver().set("memory", StandIn.driver().get("used") + 1000);
            assertThatExceptionOfType(DeviceMemoryException.class)
                    .isThrownBy(() -> backend.kernels().gatherRows(1, new int[600_000], x, out));
            backend.kernels().gatherRows(1, new int[3], x, out);
            assertThat(read(backend, out)).startsWith(7, 7, 7, 0);
        }
    }

    @Test
    void aDeviceThatFailsTakesNoMoreWorkAndSaysWhy() {
        for (String fault : new String[] {"fail_launch", "lose_device"}) {
            StandIn.driver().reset();
            try (Backend backend = open();
                    Buffer x = backend.memory().allocate(10)) {
                StandIn.driver().set(fault, 1);
                backend.kernels().fill(10, 1, x);
                assertThatExceptionOfType(DeviceFaultException.class).isThrownBy(backend::synchronize);
                assertThatExceptionOfType(DeviceFaultException.class)
                        .isThrownBy(() -> backend.kernels().fill(10, 1, x))
                        .withMessageContaining("failed before and takes no more work")
                        .withMessageContaining("restart the process");
                assertThatExceptionOfType(DeviceFaultException.class)
                        .isThrownBy(() -> backend.memory().allocate(1));
            }
        }
    }

    @Test
    void closingGivesEverythingBackOnce() {
        Backend backend = open();
        Buffer left = backend.memory().allocate(10);
        Buffer closed = backend.memory().allocate(20);
        closed.close();
        closed.close();
        assertThat(backend.memory().bytesInUse()).isEqualTo(40);
        backend.close();
        backend.close();
        left.close();
        assertThat(StandIn.driver().get("live")).isZero();
        assertThat(StandIn.driver().get("contexts")).isZero();
        assertThatIllegalStateException().isThrownBy(() -> backend.memory().allocate(1));
    }

    @Test
    void aFreedBufferIsRefusedBeforeTheDeviceSeesIt() {
        try (Backend backend = open()) {
            Buffer x = backend.memory().allocate(10);
            Buffer part = x.slice(2, 3);
            x.close();
            assertThatIllegalStateException().isThrownBy(() -> backend.kernels().fill(3, 1, part));
        }
    }

    @Test
    void anyThreadMayCallInTurn() throws InterruptedException {
        try (Backend backend = open();
                Buffer x = backend.memory().allocate(5)) {
            Thread.ofVirtual().start(() -> backend.kernels().fill(5, 2, x)).join();
            Thread.ofPlatform().start(() -> backend.kernels().scale(5, 3, x)).join();
            assertThat(read(backend, x)).containsOnly(6);
        }
    }

    @Test
    void twoBackendsShareTheDevice() {
        try (Backend first = open();
                Backend second = open();
                Buffer x = first.memory().allocate(3);
                Buffer y = second.memory().allocate(3)) {
            first.kernels().fill(3, 1, x);
            second.kernels().fill(3, 2, y);
            assertThat(read(first, x)).containsOnly(1);
            assertThat(read(second, y)).containsOnly(2);
        }
    }

    @Test
    void aWriteBeyondAnAllocationIsCaught() {
        try (Backend backend = open();
                Buffer x = backend.memory().allocate(10)) {
            backend.kernels().fill(11, 1, x);
            assertThatExceptionOfType(DeviceFaultException.class).isThrownBy(backend::synchronize);
            assertThat(StandIn.driver().problem()).contains("beyond an allocation of 40 bytes");
        }
    }
}
