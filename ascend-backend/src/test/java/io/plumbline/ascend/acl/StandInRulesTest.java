package io.plumbline.ascend.acl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.plumbline.ascend.standin.StandIn;
import io.plumbline.ascend.standin.StandInTest;
import java.lang.foreign.MemorySegment;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The stand-in itself: a check that lets everything pass would prove nothing. */
class StandInRulesTest extends StandInTest {
    private static final int K = 64;

    StandInRulesTest() {
        super(StandIn.CLASSIC);
    }

    private void onDevice(Consumer<AscendDevice> work) {
        thread.run(() -> {
            try (AscendDevice device = AscendDevice.open(library(), 0, TIMEOUT)) {
                work.accept(device);
            }
        });
    }

    /** Breaks a rule on purpose: the stand-in must record this, and start afresh. */
    private void assertViolation(String text, Consumer<AscendDevice> breach) {
        thread.run(() -> {
            AscendDevice device = AscendDevice.open(library(), 0, TIMEOUT);
            breach.accept(device);
        });
        assertThat(standIn.violations()).anySatisfy(line -> assertThat(line).contains(text));
        standIn.reset();
    }

    private static void multiply(AscendDevice device, AclDataType type, int n, int group, int groups) {
        DeviceBlock block = device.allocate(1 << 20);
        device.submit(
                OperatorName.WEIGHT_QUANT_MATMUL_V3,
                TensorView.matrix(block, AclDataType.FLOAT16, 1, K),
                TensorView.matrix(device.allocate(1 << 20), type, K, n),
                TensorView.matrix(device.allocate(1 << 20), AclDataType.FLOAT16, groups, n),
                null,
                null,
                null,
                null,
                group,
                0,
                TensorView.matrix(device.allocate(1 << 20), AclDataType.FLOAT16, 1, n));
    }

    @ParameterizedTest
    @CsvSource({
        "Ascend910B3,INT8,6,16,4,161002,group size 16",
        "Ascend910B3,INT8,6,64,1,161002,group size 64",
        "Ascend910B3,INT8,6,32,1,161002,the scale's shape",
        "Ascend910B3,INT4,7,32,2,161002,odd inner axis",
        "Ascend910B3,INT32,8,32,2,161002,weight has type 3",
        "Ascend310P3,INT8,6,32,2,361001,not supported on this SoC",
    })
    void theMatmulsRulesAreKept(String soc, AclDataType type, int n, int group, int groups, int code, String words) {
        standIn.soc(soc);
        onDevice(device -> assertThatExceptionOfType(AclException.class)
                .isThrownBy(() -> multiply(device, type, n, group, groups))
                .withMessageContaining(Integer.toString(code))
                .withMessageContaining(words));
    }

    @Test
    void moreColumnsThanOneMatmulTakesAreRefused() {
        onDevice(device -> assertThatExceptionOfType(InvalidDeviceArgumentException.class)
                .isThrownBy(() -> device.submit(
                        OperatorName.WEIGHT_QUANT_MATMUL_V3,
                        TensorView.matrix(device.allocate(4096), AclDataType.FLOAT16, 1, 1),
                        TensorView.matrix(device.allocate(1 << 17), AclDataType.INT8, 1, 65536),
                        TensorView.matrix(device.allocate(1 << 17), AclDataType.FLOAT16, 1, 65536),
                        null,
                        null,
                        null,
                        null,
                        0,
                        0,
                        TensorView.matrix(device.allocate(1 << 17), AclDataType.FLOAT16, 1, 65536)))
                .withMessageContaining("above 65535"));
    }

    private static void norm(AscendDevice device, DeviceBlock x, @Nullable TensorView rstd) {
        device.submit(
                OperatorName.RMS_NORM,
                TensorView.matrix(x, AclDataType.FLOAT, 2, 8),
                TensorView.vector(device.allocate(64), AclDataType.FLOAT, 0, 8),
                1e-5,
                TensorView.matrix(x, AclDataType.FLOAT, 2, 8),
                rstd);
    }

    @Test
    void theNormWantsAPlaceForItsInverseAndAnotherOneForItsResult() {
        onDevice(device -> {
            DeviceBlock x = device.allocate(64);
            assertThatExceptionOfType(InvalidDeviceArgumentException.class)
                    .isThrownBy(() -> norm(device, x, null))
                    .withMessageContaining("161001 ACLNN_PARAM_NULLPTR");
            TensorView rstd = TensorView.matrix(device.allocate(64), AclDataType.FLOAT, 2, 1);
            assertThatExceptionOfType(InvalidDeviceArgumentException.class)
                    .isThrownBy(() -> norm(device, x, rstd))
                    .withMessageContaining("y is x");
        });
    }

    @Test
    void aTensorDestroyedTwiceIsSeen() {
        assertViolation("destroyed twice", device -> {
            TensorView view = TensorView.vector(device.allocate(64), AclDataType.FLOAT, 0, 4);
            MemorySegment tensor = TensorDescriptor.create(library(), view).handle();
            library().check("aclDestroyTensor", tensor);
            assertThatExceptionOfType(AclException.class)
                    .isThrownBy(() -> library().check("aclDestroyTensor", tensor));
        });
    }

    @Test
    void memoryThatIsGivenBackBeforeTheWorkRanIsSeen() {
        assertViolation("not inside a live device block", device -> {
            DeviceBlock block = device.allocate(64);
            device.submit(
                    OperatorName.INPLACE_COPY,
                    TensorView.rows(block, AclDataType.FLOAT, 8, 1, 8, 8),
                    TensorView.matrix(block, AclDataType.FLOAT, 1, 8));
            block.close();
            assertThatExceptionOfType(DeviceFaultException.class).isThrownBy(device::synchronize);
        });
    }

    @Test
    void memoryThatIsGivenBackTwiceIsSeen() {
        assertViolation("not the start of a live device block", device -> {
            MemorySegment address = device.allocate(64).address();
            library().check("aclrtFree", address);
            assertThatExceptionOfType(AclException.class)
                    .isThrownBy(() -> library().check("aclrtFree", address));
        });
    }

    @Test
    void aContextThatEndsBeforeItsStreamsIsSeen() {
        assertViolation("context destroyed before its streams", _ -> {
            long context = library().checkResult("aclrtCreateContext", 0);
            assertThat(library().checkResult("aclrtCreateStream")).isNotZero();
            library().check("aclrtDestroyContext", MemorySegment.ofAddress(context));
        });
    }

    @Test
    void whatIsLeftBehindIsCounted() {
        thread.run(() -> {
            AscendDevice device = AscendDevice.open(library(), 0, TIMEOUT);
            device.allocate(64);
            assertThat(standIn.leaks())
                    .containsExactly(
                            "2 × context",
                            "1 × stream",
                            "1 × device block",
                            "1 × host block",
                            "device 0 set 1 times",
                            "initialised 1 times");
        });
        standIn.reset();
    }

    @Test
    void nothingWorksBeforeInitialisation() {
        thread.run(() -> assertThatExceptionOfType(NotInitialisedException.class)
                .isThrownBy(() -> library().check("aclrtSetDevice", 0))
                .withMessageContaining("100001 UNINITIALIZE: aclInit was not called"));
        thread.run(() -> assertThat(library().status("aclFinalize")).isEqualTo(AclStatus.REPEAT_FINALIZE.code()));
    }
}
