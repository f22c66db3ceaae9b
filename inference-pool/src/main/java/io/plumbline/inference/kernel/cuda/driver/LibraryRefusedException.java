package io.plumbline.inference.kernel.cuda.driver;

import io.plumbline.inference.kernel.KernelException;

/** The loader does not find a library, or the library lacks a function. */
public final class LibraryRefusedException extends KernelException {
    private static final long serialVersionUID = 1L;

    LibraryRefusedException(String place, Throwable cause) {
        super("the loader refuses %s: %s".formatted(place, cause.getMessage()), cause);
    }

    private LibraryRefusedException(String message) {
        super(message);
    }

    static LibraryRefusedException lacks(String place, String symbol) {
        return new LibraryRefusedException("%s has no function %s".formatted(place, symbol));
    }
}
