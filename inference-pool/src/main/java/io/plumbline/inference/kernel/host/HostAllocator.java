package io.plumbline.inference.kernel.host;

import java.lang.foreign.MemorySegment;

/** Where native memory comes from. */
public interface HostAllocator {
    /**
     * Zero-filled memory, aligned to 64 bytes, that takes space only as it is touched.
     *
     * @throws io.plumbline.inference.kernel.KernelException if there is none
     */
    MemorySegment allocate(long bytes);

    /** Gives back what {@link #allocate} gave. */
    void free(MemorySegment memory);
}
