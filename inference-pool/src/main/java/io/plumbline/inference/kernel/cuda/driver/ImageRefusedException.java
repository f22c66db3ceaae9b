package io.plumbline.inference.kernel.cuda.driver;

/** The driver does not load compiled kernels, or does not find one in them. */
public final class ImageRefusedException extends CudaException {
    private static final long serialVersionUID = 1L;

    ImageRefusedException(CudaFailure failure) {
        super(failure);
    }
}
