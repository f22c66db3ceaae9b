package io.plumbline.inference.kernel.cuda.driver;

/** Memory on a device, aligned to 256 bytes, with one owner. */
public final class DeviceBlock extends DeviceResource {
    private final long address;
    private final long bytes;

    DeviceBlock(DeviceContext context, long address, long bytes) {
        super(context);
        this.address = address;
        this.bytes = bytes;
    }

    /**
     * For kernels and copies; the host cannot read there.
     *
     * @throws IllegalStateException if the block has been given back
     */
    public long address() {
        if (isClosed()) {
            throw new IllegalStateException("the device memory has been freed");
        }
        return address;
    }

    public long bytes() {
        return bytes;
    }

    @Override
    void release() {
        driver().free(address);
    }
}
