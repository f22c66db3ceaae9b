package io.plumbline.ascend.acl;

import org.jspecify.annotations.Nullable;

/**
 * Scratch memory of a stream that keeps its largest size. Work on one stream runs in order, so all of it may use the
 * same block; only before the block is exchanged must the stream have passed the work that uses it.
 */
public final class GrowingBlock implements AutoCloseable {
    private final AscendDevice device;
    private @Nullable DeviceBlock block;

    public GrowingBlock(AscendDevice device) {
        this.device = device;
    }

    /** The block, with at least so many bytes; its content is undefined. */
    public DeviceBlock atLeast(long bytes) {
        DeviceBlock current = block;
        if (current == null || current.bytes() < bytes) {
            close();
            current = device.allocate(bytes);
            block = current;
        }
        return current;
    }

    long bytes() {
        return block == null ? 0 : block.bytes();
    }

    /** Gives the memory back once the stream has passed what uses it. */
    @Override
    public void close() {
        if (block != null) {
            device.synchronize();
            DeviceBlock old = block;
            block = null;
            old.close();
        }
    }
}
