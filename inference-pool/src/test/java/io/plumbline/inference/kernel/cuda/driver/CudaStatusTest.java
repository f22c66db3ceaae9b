package io.plumbline.inference.kernel.cuda.driver;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Numbers against the list of {@code CUresult} in the CUDA Driver API reference. */
class CudaStatusTest {
    private static final String REFERENCE = """
            SUCCESS 0, INVALID_VALUE 1, OUT_OF_MEMORY 2, NOT_INITIALIZED 3, DEINITIALIZED 4, STUB_LIBRARY 34,
            DEVICE_UNAVAILABLE 46, NO_DEVICE 100, INVALID_DEVICE 101, DEVICE_NOT_LICENSED 102, INVALID_IMAGE 200,
            INVALID_CONTEXT 201, NO_BINARY_FOR_GPU 209, ECC_UNCORRECTABLE 214, INVALID_PTX 218, NVLINK_UNCORRECTABLE 220,
            JIT_COMPILER_NOT_FOUND 221, UNSUPPORTED_PTX_VERSION 222, CONTAINED 226, OPERATING_SYSTEM 304,
            INVALID_HANDLE 400, NOT_FOUND 500, ILLEGAL_ADDRESS 700, LAUNCH_OUT_OF_RESOURCES 701, LAUNCH_TIMEOUT 702,
            CONTEXT_IS_DESTROYED 709, ASSERT 710, HARDWARE_STACK_ERROR 714, ILLEGAL_INSTRUCTION 715,
            MISALIGNED_ADDRESS 716, INVALID_ADDRESS_SPACE 717, INVALID_PC 718, LAUNCH_FAILED 719, NOT_PERMITTED 800,
            SYSTEM_NOT_READY 802, SYSTEM_DRIVER_MISMATCH 803, COMPAT_NOT_SUPPORTED_ON_DEVICE 804, UNKNOWN 999""";

    @Test
    void numbersAreThoseOfTheReference() {
        Map<String, Integer> expected = new TreeMap<>();
        for (String entry : REFERENCE.split(",\\s*")) {
            String[] parts = entry.strip().split(" ");
            expected.put(parts[0], Integer.parseInt(parts[1]));
        }
        assertThat(Arrays.stream(CudaStatus.values()).collect(Collectors.toMap(Enum::name, CudaStatus::code)))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @EnumSource
    void everyFailureSaysWhatHappenedAndWhatToDo(CudaStatus status) {
        CudaException exception = new CudaFailure("cuSomething", status.code(), "the driver's words").toException();
        assertThat(exception.getMessage())
                .startsWith("cuSomething failed with %d %s: the driver's words. Remedy: "
                        .formatted(status.code(), status.name()));
        assertThat(exception instanceof DeviceFaultException)
                .isEqualTo(CudaStatus.kindOf(status.code()) == FailureKind.DEVICE_FAULT);
    }

    @Test
    void anUnknownNumberIsToldAsItIs() {
        assertThat(new CudaFailure("cuSomething", 12345, "").toException())
                .isInstanceOf(DriverCallException.class)
                .hasMessageStartingWith("cuSomething failed with 12345. Remedy: look up the code");
    }
}
