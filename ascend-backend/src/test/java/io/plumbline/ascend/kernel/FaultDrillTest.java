package io.plumbline.ascend.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.plumbline.ascend.acl.AclException;
import io.plumbline.ascend.acl.DeviceFaultException;
import io.plumbline.ascend.acl.DeviceOutOfMemoryException;
import io.plumbline.ascend.acl.StubLibraryException;
import io.plumbline.ascend.standin.StandIn;
import io.plumbline.ascend.standin.StandInTest;
import io.plumbline.inference.kernel.Backend;
import io.plumbline.inference.kernel.Buffer;
import io.plumbline.inference.kernel.KernelException;
import io.plumbline.inference.kernel.Weight;
import io.plumbline.inference.quant.QuantFormat;
import io.plumbline.inference.quant.Quantizer;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Every native call of a session fails once: the failure is told by its kind, and nothing leaks or hangs. */
class FaultDrillTest extends StandInTest {
    private static final int INTERNAL = 500000;
    private static final int NO_MEMORY = 207001;

    /** What cannot leave nothing behind when it fails itself: it is what gives things back. */
    private static final Set<String> GIVE_BACK = Set.of(
            "aclDestroyTensor",
            "aclDestroyAclOpExecutor",
            "aclrtFree",
            "aclrtFreeHost",
            "aclrtDestroyStream",
            "aclrtDestroyContext",
            "aclrtResetDevice",
            "aclFinalizeReference");

    FaultDrillTest() {
        super(StandIn.CLASSIC);
    }

    /** One of everything: open with self-test, upload, matmul, norm in place, read, close. */
    private void session() {
        float[] values = new float[9 * 64];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) Math.cos(i);
        }
        byte[] blocks = Quantizer.quantize(QuantFormat.Q4_0, values, 0, values.length);
        try (Backend device = backend();
                Weight weight = device.memory().upload(MemorySegment.ofArray(blocks), QuantFormat.Q4_0, 9, 64);
                Buffer x = device.memory().allocate(2 * 64);
                Buffer gamma = device.memory().allocate(64);
                Buffer y = device.memory().allocate(2 * 9)) {
            device.memory().write(x, 0, values, 0, 2 * 64);
            device.kernels().rmsNorm(2, 64, 1e-5f, x, gamma, x);
            device.kernels().matmul(2, x, weight, y);
            device.memory().read(y, 0, values, 0, 2 * 9);
            device.synchronize();
        }
    }

    private record Call(String function, int nth) {}

    /** The first and the last call of each function of an undisturbed session. */
    private List<Call> calls() {
        session();
        Map<String, Integer> counts = new HashMap<>();
        standIn.journal().forEach(function -> counts.merge(function, 1, Integer::sum));
        List<Call> calls = new ArrayList<>();
        counts.forEach((function, count) -> {
            calls.add(new Call(function, 1));
            if (count > 1) {
                calls.add(new Call(function, count));
            }
        });
        return calls;
    }

    @Test
    void everyCallMayFail() {
        for (Call call : calls()) {
            standIn.reset();
            standIn.fault(call.function(), call.nth(), INTERNAL);
            Throwable thrown = catchThrowable(this::session);
            assertThat(thrown)
                    .as("%s", call)
                    .isInstanceOf(AclException.class)
                    .hasMessageContaining(call.function())
                    .hasMessageContaining("Remedy: ");
            if (!GIVE_BACK.contains(call.function())) {
                assertThat(standIn.violations()).as("violations after %s", call).isEmpty();
                assertThat(standIn.leaks()).as("leaks after %s", call).isEmpty();
            }
        }
        standIn.reset();
    }

    @Test
    void afterAFailureTheDeviceCanBeOpenedAgain() {
        standIn.fault("aclnnRmsNorm", 1, INTERNAL);
        assertThat(catchThrowable(this::session)).isInstanceOf(AclException.class);
        session();
    }

    @Test
    void noMemoryAnywhereIsToldAsSuch() {
        for (int nth = 1; nth <= 12; nth++) {
            standIn.reset();
            // Twice, because the workspace is given up and the allocation tried once more.
            standIn.fault("aclrtMalloc", nth, NO_MEMORY);
            standIn.fault("aclrtMalloc", nth, NO_MEMORY);
            Throwable thrown = catchThrowable(this::session);
            if (thrown != null) {
                assertThat(thrown)
                        .isInstanceOf(DeviceOutOfMemoryException.class)
                        .hasMessageContaining("in use");
            }
            assertThat(standIn.leaks()).isEmpty();
        }
    }

    @Test
    void aFaultOfTheDeviceIsToldOnceAndThenRemembered() {
        Backend device = backend();
        Buffer x = device.memory().allocate(64);
        Buffer y = device.memory().allocate(64);
        standIn.option("sticky-device-error", 507035);
        device.kernels().rmsNorm(1, 64, 1e-5f, x, x, y);
        assertThatExceptionOfType(DeviceFaultException.class)
                .isThrownBy(device::synchronize)
                .withMessageContaining("507035 RT_VECTOR_CORE_EXCEPTION");
        assertThatExceptionOfType(KernelException.class)
                .isThrownBy(() -> device.memory().read(x, 0, new float[64], 0, 64))
                .withMessageContaining("cannot be used any more");
        x.close();
        y.close();
        device.close();
    }

    @Test
    void aDeviceThatComputesWronglyIsRefused() {
        standIn.option("flip-bit", 1);
        assertThatExceptionOfType(KernelException.class)
                .isThrownBy(() -> backend().close())
                .withMessageContaining("failed its self-test")
                .withMessageContaining("'cpu'");
    }

    @Test
    void aLinkStubIsToldAsSuch() {
        standIn.option("stub", 1);
        assertThatExceptionOfType(StubLibraryException.class)
                .isThrownBy(() -> backend().close())
                .withMessageContaining("link stub");
        standIn.option("stub", 0);
    }
}
