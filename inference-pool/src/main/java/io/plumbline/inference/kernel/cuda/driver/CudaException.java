package io.plumbline.inference.kernel.cuda.driver;

import io.plumbline.inference.kernel.KernelException;

/** A call of the driver failed; what asks for a reaction of its own is a class of its own. */
public abstract sealed class CudaException extends KernelException
        permits DeviceFaultException, DeviceMemoryException, ImageRefusedException, DriverCallException {
    private static final long serialVersionUID = 1L;

    private final transient CudaFailure failure;

    CudaException(CudaFailure failure, String message) {
        super(message);
        this.failure = failure;
    }

    CudaException(CudaFailure failure) {
        this(failure, "%s. Remedy: %s".formatted(failure.what(), failure.kind().remedy()));
    }

    /** Symbol, code and the driver's own words. */
    public CudaFailure failure() {
        return failure;
    }
}
