package io.plumbline.ascend.acl;

import io.plumbline.inference.kernel.KernelException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.util.Optional;

/** Why the loader refuses a library: the JDK tells only that it does, so the loader is asked once more. */
final class LoaderError {
    private static final int LAZY = 1;

    private LoaderError() {}

    /** The loader's words, which name the library that is missing; empty if it has none. */
    static Optional<String> of(Path file) {
        Linker linker = Linker.nativeLinker();
        SymbolLookup lookup = linker.defaultLookup();
        Optional<MemorySegment> open = lookup.find("dlopen");
        Optional<MemorySegment> error = lookup.find("dlerror");
        if (open.isEmpty() || error.isEmpty()) {
            return Optional.empty();
        }
        MethodHandle dlopen = linker.downcallHandle(
                open.get(), FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.ADDRESS, ValueLayout.JAVA_INT));
        MethodHandle dlerror = linker.downcallHandle(error.get(), FunctionDescriptor.of(ValueLayout.ADDRESS));
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment handle = (MemorySegment) dlopen.invokeExact(arena.allocateFrom(file.toString()), LAZY);
            return handle.equals(MemorySegment.NULL)
                    ? Optional.of(AclLibrary.text((MemorySegment) dlerror.invokeExact()))
                    : Optional.empty();
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new KernelException("the loader cannot be asked: " + e.getMessage(), e);
        }
    }
}
