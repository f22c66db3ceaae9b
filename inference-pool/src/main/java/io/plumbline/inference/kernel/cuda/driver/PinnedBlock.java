package io.plumbline.inference.kernel.cuda.driver;

import java.lang.foreign.MemorySegment;

/** Host memory that stays where it is, so that the device can read and write it while the host goes on. */
public final class PinnedBlock extends DeviceResource {
    private final MemorySegment memory;

    private PinnedBlock(DeviceContext context, MemorySegment memory) {
        super(context);
        this.memory = memory;
    }

    public static PinnedBlock allocate(DeviceContext context, long bytes) {
        long address = context.get(() -> context.driver().allocateHost(bytes));
        return new PinnedBlock(context, MemorySegment.ofAddress(address).reinterpret(bytes));
    }

    /** Must not be used when the block is closed. */
    public MemorySegment memory() {
        return memory;
    }

    @Override
    void release() {
        driver().freeHost(memory.address());
    }
}
