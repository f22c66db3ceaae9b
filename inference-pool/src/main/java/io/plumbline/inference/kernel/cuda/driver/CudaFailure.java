package io.plumbline.inference.kernel.cuda.driver;

/**
 * A call of the driver that did not succeed.
 *
 * @param function the symbol called
 * @param code what it returned
 * @param explanation the driver's own words; empty if it has none
 */
public record CudaFailure(String function, int code, String explanation) {
    /** Number and name, such as {@code 2 OUT_OF_MEMORY}. */
    public String codeName() {
        return CudaStatus.of(code)
                .map(status -> "%d %s".formatted(code, status.name()))
                .orElseGet(() -> Integer.toString(code));
    }

    public FailureKind kind() {
        return CudaStatus.kindOf(code);
    }

    /** What failed and the driver's words, without the remedy. */
    public String what() {
        return "%s failed with %s%s".formatted(function, codeName(), explanation.isEmpty() ? "" : ": " + explanation);
    }

    /** The exception of this kind. */
    CudaException toException() {
        return switch (kind()) {
            case DEVICE_FAULT -> new DeviceFaultException(this);
            case OUT_OF_MEMORY -> new DeviceMemoryException(this);
            case IMAGE_REFUSED -> new ImageRefusedException(this);
            case STUB_LIBRARY, NO_DEVICE, DEVICE_BUSY, DRIVER_MISMATCH, DRIVER_STATE, LAUNCH_REFUSED, MISUSE, OTHER ->
                new DriverCallException(this);
        };
    }
}
