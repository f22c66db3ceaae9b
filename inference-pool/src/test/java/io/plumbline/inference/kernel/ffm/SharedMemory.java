package io.plumbline.inference.kernel.ffm;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;

/**
 * A file mapped at a fixed address, so that another process can map it at the same one, and a simple allocator in it.
 */
final class SharedMemory {
    /** Far from heaps, libraries and stacks on both processor families. */
    static final long ADDRESS_OF_MEMORY = 0x2000_0000_0000L;

    /** The file is sparse: only what is touched takes space. */
    static final long BYTES = 1L << 30;

    private static final int READ_AND_WRITE = 3;
    private static final int SHARED_AT_A_FREE_FIXED_ADDRESS = 0x100001;
    private static final int OPEN_READ_WRITE = 2;
    private static final long ALIGNMENT = 64;

    private final MemorySegment memory =
            MemorySegment.ofAddress(ADDRESS_OF_MEMORY).reinterpret(BYTES);
    private long used;
    private int live;

    private SharedMemory() {}

    static SharedMemory map(Path file) throws IOException {
        try (RandomAccessFile empty = new RandomAccessFile(file.toFile(), "rw")) {
            empty.setLength(BYTES);
        }
        try (Arena arena = Arena.ofConfined()) {
            int descriptor = (int) function("open", JAVA_INT, ADDRESS, JAVA_INT)
                    .invokeExact(arena.allocateFrom(file.toString()), OPEN_READ_WRITE);
            long mapped = (long) function(
                            "mmap", JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG)
                    .invokeExact(
                            ADDRESS_OF_MEMORY, BYTES, READ_AND_WRITE, SHARED_AT_A_FREE_FIXED_ADDRESS, descriptor, 0L);
            if (mapped != ADDRESS_OF_MEMORY) {
                throw new IOException("cannot map %s at %x".formatted(file, ADDRESS_OF_MEMORY));
            }
            return new SharedMemory();
        } catch (IOException | RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IOException(e);
        }
    }

    private static MethodHandle function(String name, MemoryLayout result, MemoryLayout... parameters) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(
                linker.defaultLookup().findOrThrow(name), FunctionDescriptor.of(result, parameters));
    }

    /** The address of zero-filled memory. */
    long allocate(long bytes) {
        long aligned = (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
        MemorySegment piece = memory.asSlice(used, aligned);
        piece.fill((byte) 0);
        used += aligned;
        live++;
        return piece.address();
    }

    /** Starts again once nothing is in use. */
    void free() {
        live--;
        if (live == 0) {
            used = 0;
        }
    }
}
