package io.plumbline.ascend.acl;

import io.plumbline.inference.kernel.KernelException;
import java.nio.file.Path;

/** The loader refused a library of the toolkit, usually because a library that it needs was not found. */
public final class LibraryRefusedException extends KernelException {
    private static final long serialVersionUID = 1L;

    LibraryRefusedException(Path file, Throwable cause) {
        super("the loader refuses %s: %s".formatted(file, LoaderError.of(file).orElse(cause.getMessage())), cause);
    }
}
