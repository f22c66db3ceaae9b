package io.plumbline.inference.kernel.cuda.driver;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The codes of the driver ({@code CUresult} of the CUDA Driver API) that call for a reaction of their own. */
public enum CudaStatus {
    SUCCESS(0, FailureKind.MISUSE),
    INVALID_VALUE(1, FailureKind.MISUSE),
    OUT_OF_MEMORY(2, FailureKind.OUT_OF_MEMORY),
    NOT_INITIALIZED(3, FailureKind.MISUSE),
    DEINITIALIZED(4, FailureKind.MISUSE),
    STUB_LIBRARY(34, FailureKind.STUB_LIBRARY),
    DEVICE_UNAVAILABLE(46, FailureKind.DEVICE_BUSY),
    NO_DEVICE(100, FailureKind.NO_DEVICE),
    INVALID_DEVICE(101, FailureKind.NO_DEVICE),
    DEVICE_NOT_LICENSED(102, FailureKind.DRIVER_STATE),
    INVALID_IMAGE(200, FailureKind.IMAGE_REFUSED),
    INVALID_CONTEXT(201, FailureKind.MISUSE),
    NO_BINARY_FOR_GPU(209, FailureKind.IMAGE_REFUSED),
    ECC_UNCORRECTABLE(214, FailureKind.DEVICE_FAULT),
    INVALID_PTX(218, FailureKind.IMAGE_REFUSED),
    NVLINK_UNCORRECTABLE(220, FailureKind.DEVICE_FAULT),
    JIT_COMPILER_NOT_FOUND(221, FailureKind.IMAGE_REFUSED),
    UNSUPPORTED_PTX_VERSION(222, FailureKind.IMAGE_REFUSED),
    CONTAINED(226, FailureKind.DEVICE_FAULT),
    OPERATING_SYSTEM(304, FailureKind.DRIVER_STATE),
    INVALID_HANDLE(400, FailureKind.MISUSE),
    NOT_FOUND(500, FailureKind.IMAGE_REFUSED),
    ILLEGAL_ADDRESS(700, FailureKind.DEVICE_FAULT),
    LAUNCH_OUT_OF_RESOURCES(701, FailureKind.LAUNCH_REFUSED),
    LAUNCH_TIMEOUT(702, FailureKind.DEVICE_FAULT),
    CONTEXT_IS_DESTROYED(709, FailureKind.DEVICE_FAULT),
    ASSERT(710, FailureKind.DEVICE_FAULT),
    HARDWARE_STACK_ERROR(714, FailureKind.DEVICE_FAULT),
    ILLEGAL_INSTRUCTION(715, FailureKind.DEVICE_FAULT),
    MISALIGNED_ADDRESS(716, FailureKind.DEVICE_FAULT),
    INVALID_ADDRESS_SPACE(717, FailureKind.DEVICE_FAULT),
    INVALID_PC(718, FailureKind.DEVICE_FAULT),
    LAUNCH_FAILED(719, FailureKind.DEVICE_FAULT),
    NOT_PERMITTED(800, FailureKind.DRIVER_STATE),
    SYSTEM_NOT_READY(802, FailureKind.DRIVER_STATE),
    SYSTEM_DRIVER_MISMATCH(803, FailureKind.DRIVER_MISMATCH),
    COMPAT_NOT_SUPPORTED_ON_DEVICE(804, FailureKind.DRIVER_MISMATCH),
    UNKNOWN(999, FailureKind.DEVICE_FAULT);

    private static final Map<Integer, CudaStatus> BY_CODE =
            Arrays.stream(values()).collect(Collectors.toMap(CudaStatus::code, Function.identity()));

    private final int code;
    private final FailureKind kind;

    CudaStatus(int code, FailureKind kind) {
        this.code = code;
        this.kind = kind;
    }

    public int code() {
        return code;
    }

    static Optional<CudaStatus> of(int code) {
        return Optional.ofNullable(BY_CODE.get(code));
    }

    /** What to make of a code that may not be in this list. */
    static FailureKind kindOf(int code) {
        return of(code).map(status -> status.kind).orElse(FailureKind.OTHER);
    }
}
