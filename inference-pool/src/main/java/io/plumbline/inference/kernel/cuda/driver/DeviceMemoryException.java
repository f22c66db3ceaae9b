package io.plumbline.inference.kernel.cuda.driver;

/** The device has no memory left for what was asked. */
public final class DeviceMemoryException extends CudaException {
    private static final long serialVersionUID = 1L;

    DeviceMemoryException(CudaFailure failure) {
        super(failure);
    }

    /** @param asked bytes that were asked for */
    DeviceMemoryException(CudaFailure failure, long asked, MemoryState state) {
        super(
                failure,
                "no device memory for %,d bytes: %,d of %,d are free. Remedy: %s"
                        .formatted(
                                asked,
                                state.freeBytes(),
                                state.totalBytes(),
                                failure.kind().remedy()));
    }
}
