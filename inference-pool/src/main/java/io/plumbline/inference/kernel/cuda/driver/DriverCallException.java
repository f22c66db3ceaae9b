package io.plumbline.inference.kernel.cuda.driver;

/** A call was refused, and the device is as it was before. */
public final class DriverCallException extends CudaException {
    private static final long serialVersionUID = 1L;

    DriverCallException(CudaFailure failure) {
        super(failure);
    }
}
