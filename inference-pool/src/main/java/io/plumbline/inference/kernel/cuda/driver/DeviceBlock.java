package io.plumbline.inference.kernel.cuda.driver;

/** Memory on a device, aligned to 256 bytes, with one owner. */
public final class DeviceBlock implements AutoCloseable {
    private final DeviceContext context;
    private final long address;
    private final long bytes;
    private boolean closed;

    DeviceBlock(DeviceContext context, long address, long bytes) {
        this.context = context;
        this.address = address;
        this.bytes = bytes;
    }

    /**
     * For kernels and copies; the host cannot read there.
     *
     * @throws IllegalStateException if the block has been given back
     */
    public long address() {
        if (closed) {
            throw new IllegalStateException("the device memory has been freed");
        }
        return address;
    }

    public long bytes() {
        return bytes;
    }

    /** Gives the memory back; no work that was submitted may still use it. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            context.release(() -> context.driver().free(address));
        }
    }
}
