package io.plumbline.inference.kernel.ffm;

import io.plumbline.inference.kernel.KernelException;
import io.plumbline.inference.kernel.host.HostAllocator;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * Memory from the C library that every operating system has. Unlike an arena it hands out pages that take space only as
 * they are touched, so a cache that is mostly empty stays small.
 */
public final class StandardLibrary implements HostAllocator {
    private static final long ALIGNMENT = 64;

    private final MethodHandle calloc = function(
            "calloc", FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG));
    private final MethodHandle free = function("free", FunctionDescriptor.ofVoid(ValueLayout.ADDRESS));

    private static MethodHandle function(String name, FunctionDescriptor descriptor) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), descriptor);
    }

    /** The word before the memory is calloc's own address. */
    @Override
    public MemorySegment allocate(long bytes) {
        MemorySegment raw = MemorySegment.NULL;
        try {
            raw = (MemorySegment) calloc.invokeExact(1L, bytes + 2 * ALIGNMENT);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new KernelException("calloc failed: " + e.getMessage(), e);
        }
        if (raw.address() == 0) {
            throw new KernelException("no memory for %d bytes".formatted(bytes));
        }
        long aligned = (raw.address() + Long.BYTES + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
        MemorySegment memory = MemorySegment.ofAddress(aligned).reinterpret(bytes);
        owner(memory).set(ValueLayout.ADDRESS, 0, raw);
        return memory;
    }

    private static MemorySegment owner(MemorySegment memory) {
        return MemorySegment.ofAddress(memory.address() - Long.BYTES).reinterpret(Long.BYTES);
    }

    @Override
    public void free(MemorySegment memory) {
        try {
            free.invokeExact(owner(memory).get(ValueLayout.ADDRESS, 0));
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new KernelException("free failed: " + e.getMessage(), e);
        }
    }
}
