package io.plumbline.inference.kernel.cuda.driver;

/** A place in a stream of work: whoever waits for it knows that all work submitted before is done. */
public final class StreamMark implements AutoCloseable {
    private final DeviceContext context;
    private final long stream;
    private final long event;
    private boolean closed;

    StreamMark(DeviceContext context, long stream) {
        this.context = context;
        this.stream = stream;
        this.event = context.get(context.driver()::createEvent);
    }

    /** Marks the end of what has been submitted so far. */
    public void set() {
        context.run(() -> context.driver().recordEvent(event, stream));
    }

    /** Waits for the place last marked; returns at once if none was. */
    public void await() {
        context.run(() -> context.driver().synchronizeEvent(event));
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            context.release(() -> context.driver().destroyEvent(event));
        }
    }
}
