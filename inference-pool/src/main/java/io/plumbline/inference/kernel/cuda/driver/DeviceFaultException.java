package io.plumbline.inference.kernel.cuda.driver;

/** The device failed while it worked: its memory is lost, and every further call would fail too. */
public final class DeviceFaultException extends CudaException {
    private static final long serialVersionUID = 1L;

    DeviceFaultException(CudaFailure failure) {
        super(failure);
    }

    /** Told to whoever asks for more work after the fault. */
    DeviceFaultException(DeviceFaultException first) {
        super(
                first.failure(),
                "the GPU failed before and takes no more work (%s). Remedy: %s"
                        .formatted(
                                first.failure().what(), first.failure().kind().remedy()));
        initCause(first);
    }
}
