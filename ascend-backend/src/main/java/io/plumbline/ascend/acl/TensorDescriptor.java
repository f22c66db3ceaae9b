package io.plumbline.ascend.acl;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

/** A native tensor descriptor; it must live until phase 2 of its operator has returned, and never owns memory. */
final class TensorDescriptor implements AutoCloseable {
    private static final int FORMAT_ND = 2;

    private final AclLibrary library;
    private final MemorySegment handle;

    private TensorDescriptor(AclLibrary library, MemorySegment handle) {
        this.library = library;
        this.handle = handle;
    }

    /**
     * Describes a view.
     *
     * @throws IllegalArgumentException if the view reaches beyond its block
     */
    static TensorDescriptor create(AclLibrary library, TensorView view) {
        long storage = view.storageElements();
        if (view.type().bytes(storage) > view.block().bytes()) {
            throw new IllegalArgumentException("%s reaches element %d; the block has %d bytes"
                    .formatted(view, storage - 1, view.block().bytes()));
        }
        // The runtime copies the arrays, so they may go at once.
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment handle = library.create(
                    "aclCreateTensor",
                    longs(arena, view.shape()),
                    (long) view.shape().size(),
                    view.type().number(),
                    longs(arena, view.strides()),
                    view.offset(),
                    FORMAT_ND,
                    longs(arena, List.of(storage)),
                    1L,
                    view.block().address());
            return new TensorDescriptor(library, handle);
        }
    }

    private static MemorySegment longs(Arena arena, List<Long> values) {
        return arena.allocateFrom(
                ValueLayout.JAVA_LONG,
                values.stream().mapToLong(Long::longValue).toArray());
    }

    MemorySegment handle() {
        return handle;
    }

    @Override
    public void close() {
        library.check("aclDestroyTensor", handle);
    }
}
