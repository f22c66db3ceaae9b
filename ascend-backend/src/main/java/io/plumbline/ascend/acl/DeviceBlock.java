package io.plumbline.ascend.acl;

import java.lang.foreign.MemorySegment;

/** Memory on the device, aligned to 64 bytes. The host cannot read it. Closing it does not wait for running work. */
public final class DeviceBlock implements AutoCloseable {
    private static final int HUGE_PAGES_FIRST = 0;

    private final AscendDevice device;
    private final MemorySegment address;
    private final long bytes;
    private boolean closed;

    private DeviceBlock(AscendDevice device, MemorySegment address, long bytes) {
        this.device = device;
        this.address = address;
        this.bytes = bytes;
    }

    static DeviceBlock allocate(AscendDevice device, long bytes) {
        String asked = "aclrtMalloc of %d bytes (%d in use)".formatted(bytes, device.bytesInUse());
        long address = device.library().checkResultAs(asked, "aclrtMalloc", bytes, HUGE_PAGES_FIRST);
        return new DeviceBlock(device, MemorySegment.ofAddress(address), bytes);
    }

    /** What native functions take; not to be read or written by Java. */
    public MemorySegment address() {
        if (closed) {
            throw new IllegalStateException("the device memory was given back");
        }
        return address;
    }

    /** Whether the memory is still there. */
    public boolean isOpen() {
        return !closed;
    }

    public long bytes() {
        return bytes;
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            device.released(this);
            device.library().check("aclrtFree", address);
        }
    }
}
