package io.plumbline.inference.kernel.cuda.driver;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Work for a device, done in the order in which it is submitted; nothing waits but {@link #synchronize}. Used by one
 * thread at a time.
 */
public final class CommandStream extends DeviceResource {
    private static final int MOST_ARGUMENTS = 64;

    private final long stream;
    private final Arena arena = Arena.ofAuto();
    /** The arguments of a launch, 8 bytes each; the driver reads them before it returns. */
    private final MemorySegment arguments = arena.allocate(ValueLayout.JAVA_LONG, MOST_ARGUMENTS);

    private final MemorySegment argumentPlaces = arena.allocate(ValueLayout.JAVA_LONG, MOST_ARGUMENTS);

    private CommandStream(DeviceContext context, long stream) {
        super(context);
        this.stream = stream;
        for (int i = 0; i < MOST_ARGUMENTS; i++) {
            argumentPlaces.setAtIndex(ValueLayout.JAVA_LONG, i, arguments.address() + (long) i * Long.BYTES);
        }
    }

    /** A stream of its own. */
    public static CommandStream open(DeviceContext context) {
        return new CommandStream(context, context.get(context.driver()::createStream));
    }

    /**
     * Submits a kernel.
     *
     * @param values as the kernel's letters say: Long for P and L, Integer for I (and L), Float, Double
     * @throws IllegalArgumentException if number or types of the arguments are not the kernel's
     */
    public void launch(LoadedKernel kernel, Grid grid, Object... values) {
        if (values.length != kernel.parameters().length()) {
            throw new IllegalArgumentException(
                    "%s takes %s, not %d arguments".formatted(kernel.symbol(), kernel.parameters(), values.length));
        }
        for (int i = 0; i < values.length; i++) {
            place(kernel, i, values[i]);
        }
        if (!grid.isEmpty()) {
            context().run(() -> {
                kernel.allowShared(driver(), grid.sharedBytes());
                driver().launch(kernel.symbol(), kernel.handle(), grid, stream, argumentPlaces.address());
            });
        }
    }

    private void place(LoadedKernel kernel, int index, Object value) {
        char letter = kernel.parameters().charAt(index);
        long at = (long) index * Long.BYTES;
        switch (value) {
            case Long number when letter == 'P' || letter == 'L' -> arguments.set(ValueLayout.JAVA_LONG, at, number);
            case Integer number when letter == 'L' -> arguments.set(ValueLayout.JAVA_LONG, at, number);
            case Integer number when letter == 'I' -> arguments.set(ValueLayout.JAVA_INT, at, number);
            case Float number when letter == 'F' -> arguments.set(ValueLayout.JAVA_FLOAT, at, number);
            case Double number when letter == 'D' -> arguments.set(ValueLayout.JAVA_DOUBLE, at, number);
            default ->
                throw new IllegalArgumentException("%s takes %s; argument %d is a %s"
                        .formatted(
                                kernel.symbol(),
                                kernel.parameters(),
                                index,
                                value.getClass().getSimpleName()));
        }
    }

    /** Copies from pinned memory, which must stay as it is until the copy is done. */
    public void copyToDevice(long to, MemorySegment from) {
        context().run(() -> driver().copyToDevice(to, from.address(), from.byteSize(), stream));
    }

    /** Copies to pinned memory, which may be read after {@link #synchronize}. */
    public void copyToHost(MemorySegment to, long from) {
        context().run(() -> driver().copyToHost(to.address(), from, to.byteSize(), stream));
    }

    /** Sets every byte to 0. */
    public void clear(long address, long bytes) {
        context().run(() -> driver().setBytes(address, (byte) 0, bytes, stream));
    }

    /** A mark that can be set in this stream and waited for. */
    public StreamMark mark() {
        return new StreamMark(context(), stream, context().get(driver()::createEvent));
    }

    /** Waits until everything submitted is done. */
    public void synchronize() {
        context().run(() -> driver().synchronizeStream(stream));
    }

    @Override
    void release() {
        driver().destroyStream(stream);
    }
}
