package io.plumbline.inference.kernel;

/** A backend could not be opened, ran out of memory or failed; the message says what to do. */
public class KernelException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public KernelException(String message) {
        super(message);
    }

    public KernelException(String message, Throwable cause) {
        super(message, cause);
    }
}
