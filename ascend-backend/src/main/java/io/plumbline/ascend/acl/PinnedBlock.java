package io.plumbline.ascend.acl;

import java.lang.foreign.MemorySegment;

/** Host memory that the device copies from and to directly. */
final class PinnedBlock implements AutoCloseable {
    private final AclLibrary library;
    private final MemorySegment memory;

    private PinnedBlock(AclLibrary library, MemorySegment memory) {
        this.library = library;
        this.memory = memory;
    }

    static PinnedBlock allocate(AclLibrary library, long bytes) {
        long address = library.checkResultAs("aclrtMallocHost of %d bytes".formatted(bytes), "aclrtMallocHost", bytes);
        return new PinnedBlock(library, MemorySegment.ofAddress(address).reinterpret(bytes));
    }

    MemorySegment memory() {
        return memory;
    }

    @Override
    public void close() {
        library.check("aclrtFreeHost", memory);
    }
}
