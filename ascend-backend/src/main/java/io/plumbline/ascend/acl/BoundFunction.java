package io.plumbline.ascend.acl;

import io.plumbline.inference.kernel.KernelException;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** A native function that was found. Arguments are boxed: a call costs far less than the work it submits. */
final class BoundFunction {
    private final NativeFunction function;
    private final MethodHandle handle;

    BoundFunction(NativeFunction function, MemorySegment symbol) {
        this.function = function;
        // Never critical: almost every function may block, and callbacks into Java are legal at any time.
        this.handle = Linker.nativeLinker()
                .downcallHandle(symbol, function.descriptor())
                .asSpreader(Object[].class, function.parameters().size());
    }

    /**
     * Calls it.
     *
     * @return an {@code Integer} or a {@code MemorySegment}
     * @throws IllegalStateException on a virtual thread: contexts belong to platform threads, and a virtual thread may
     *     continue on another one
     */
    Object call(Object... arguments) {
        if (Thread.currentThread().isVirtual()) {
            throw new IllegalStateException("%s was called on a virtual thread".formatted(function.name()));
        }
        try {
            return handle.invoke(arguments);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new KernelException("native %s failed: %s".formatted(function.name(), e.getMessage()), e);
        }
    }
}
