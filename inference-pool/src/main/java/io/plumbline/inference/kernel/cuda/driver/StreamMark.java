package io.plumbline.inference.kernel.cuda.driver;

/** A place in a stream of work: whoever waits for it knows that all work submitted before is done. */
public final class StreamMark extends DeviceResource {
    private final long stream;
    private final long event;

    StreamMark(DeviceContext context, long stream, long event) {
        super(context);
        this.stream = stream;
        this.event = event;
    }

    /** Marks the end of what has been submitted so far. */
    public void set() {
        context().run(() -> driver().recordEvent(event, stream));
    }

    /** Waits for the place last marked; returns at once if none was. */
    public void await() {
        context().run(() -> driver().synchronizeEvent(event));
    }

    @Override
    void release() {
        driver().destroyEvent(event);
    }
}
