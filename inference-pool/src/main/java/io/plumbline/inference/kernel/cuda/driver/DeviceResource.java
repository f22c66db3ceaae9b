package io.plumbline.inference.kernel.cuda.driver;

/** Something that the driver holds for us, with one owner; what is left is given back when the context is closed. */
public abstract sealed class DeviceResource implements AutoCloseable
        permits CommandStream, DeviceBlock, KernelModule, PinnedBlock, StreamMark {
    private final DeviceContext context;
    private boolean closed;

    DeviceResource(DeviceContext context) {
        this.context = context;
        context.own(this);
    }

    final DeviceContext context() {
        return context;
    }

    final CudaDriver driver() {
        return context.driver();
    }

    final boolean isClosed() {
        return closed;
    }

    /** The call of the driver that gives it back. */
    abstract void release();

    /** Gives it back; no work that was submitted may still use it. Once more does nothing. */
    @Override
    public final void close() {
        if (!closed) {
            closed = true;
            context.disown(this);
            context.giveBack(this::release);
        }
    }
}
