package io.plumbline.ascend.acl;

import io.plumbline.inference.kernel.KernelException;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One device, taken by one thread: its context, its stream, its workspace and every block that was allocated. All
 * methods must be called on the thread that opened it.
 */
public final class AscendDevice implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AscendDevice.class);
    private static final int STAGING_BYTES = 4 << 20;
    private static final int HOST_TO_DEVICE = 1;
    private static final int DEVICE_TO_HOST = 2;

    private final AclLibrary library;
    private final Duration timeout;
    private final RuntimeReference runtime;
    private final DeviceContext context;
    private final DeviceStream stream;
    private final PinnedBlock staging;
    private final Set<DeviceBlock> blocks = new LinkedHashSet<>();
    private final GrowingBlock workspace = new GrowingBlock(this);
    private long bytesInUse;
    private @Nullable AclException fault;
    private boolean closed;

    private AscendDevice(AclLibrary library, int device, Duration timeout) {
        this.library = library;
        this.timeout = timeout;
        List<AutoCloseable> taken = new ArrayList<>();
        try {
            runtime = RuntimeReference.acquire(library);
            taken.add(runtime);
            context = DeviceContext.create(library, device);
            taken.add(context);
            stream = DeviceStream.create(library);
            taken.add(stream);
            staging = PinnedBlock.allocate(library, STAGING_BYTES);
        } catch (RuntimeException e) {
            closeAll(taken, e);
            throw e;
        }
    }

    /**
     * Takes a device.
     *
     * @param device its number, from 0
     * @param timeout how long submitted work may take
     * @throws AclException if the runtime refuses
     */
    public static AscendDevice open(AclLibrary library, int device, Duration timeout) {
        return new AscendDevice(library, device, timeout);
    }

    AclLibrary library() {
        return library;
    }

    /** Bytes allocated on the device and not yet given back. */
    public long bytesInUse() {
        return bytesInUse;
    }

    /**
     * Memory whose content is undefined. Where there is none, the workspace is given up and it is tried once more.
     *
     * @throws DeviceOutOfMemoryException with the bytes asked for and in use
     */
    public DeviceBlock allocate(long bytes) {
        checkUsable();
        try {
            return allocated(bytes);
        } catch (DeviceOutOfMemoryException e) {
            if (workspace.bytes() == 0) {
                throw e;
            }
            workspace.close();
            return allocated(bytes);
        }
    }

    private DeviceBlock allocated(long bytes) {
        DeviceBlock block = DeviceBlock.allocate(this, bytes);
        blocks.add(block);
        bytesInUse += bytes;
        return block;
    }

    void released(DeviceBlock block) {
        blocks.remove(block);
        bytesInUse -= block.bytes();
    }

    /**
     * Gives blocks back once the work that uses them is done: giving back by itself does not wait. After a fault they
     * stay until the device is closed.
     */
    public void release(List<DeviceBlock> unwanted) {
        if (fault == null && !closed) {
            synchronize();
            unwanted.forEach(DeviceBlock::close);
        }
    }

    /** Sets a whole block to zero. */
    public void clear(DeviceBlock block) {
        checkUsable();
        library.check("aclrtMemset", block.address(), block.bytes(), 0, block.bytes());
    }

    /** Copies host memory to {@code target}, after everything that was submitted before. */
    public void upload(MemorySegment source, DeviceBlock target, long targetOffset) {
        checkRange(target, targetOffset, source.byteSize());
        for (long at = 0; at < source.byteSize(); at += STAGING_BYTES) {
            long count = Math.min(STAGING_BYTES, source.byteSize() - at);
            MemorySegment.copy(source, at, staging.memory(), 0, count);
            MemorySegment to = MemorySegment.ofAddress(target.address().address() + targetOffset + at);
            copy(to, target.bytes() - targetOffset - at, staging.memory(), count, HOST_TO_DEVICE);
        }
    }

    /** Copies device memory to the host, after everything that was submitted before. */
    public void download(DeviceBlock source, long sourceOffset, MemorySegment target) {
        checkRange(source, sourceOffset, target.byteSize());
        for (long at = 0; at < target.byteSize(); at += STAGING_BYTES) {
            long count = Math.min(STAGING_BYTES, target.byteSize() - at);
            MemorySegment from = MemorySegment.ofAddress(source.address().address() + sourceOffset + at);
            copy(staging.memory(), STAGING_BYTES, from, count, DEVICE_TO_HOST);
            MemorySegment.copy(staging.memory(), 0, target, at, count);
        }
    }

    private void copy(MemorySegment to, long room, MemorySegment from, long count, int kind) {
        checkUsable();
        library.check("aclrtMemcpyAsync", to, room, from, count, kind, stream.handle());
        // Staging memory is used again for the next part, so each part must have arrived.
        synchronize();
    }

    private static void checkRange(DeviceBlock block, long offset, long bytes) {
        if (offset < 0 || offset > block.bytes() - bytes) {
            throw new IndexOutOfBoundsException(
                    "bytes %d + %d of a block of %d".formatted(offset, bytes, block.bytes()));
        }
    }

    /**
     * Submits an operator; it runs after everything that was submitted before.
     *
     * @param arguments one for each parameter of the operator: a {@link TensorView}, null where it may be absent, a
     *     number or a boolean of the parameter's type
     */
    public void submit(OperatorName operator, @Nullable Object... arguments) {
        checkUsable();
        OperatorSpec spec = FunctionTables.operator(operator);
        List<AutoCloseable> descriptors = new ArrayList<>();
        RuntimeException thrown = null;
        try {
            Object[] natives = natives(arguments, descriptors);
            try (OperatorExecutor executor = OperatorExecutor.plan(library, spec, natives)) {
                long bytes = executor.workspaceBytes();
                MemorySegment memory = bytes == 0
                        ? MemorySegment.NULL
                        : workspace.atLeast(bytes).address();
                executor.launch(memory, bytes, stream);
            }
        } catch (RuntimeException e) {
            thrown = remembered(e);
            throw e;
        } finally {
            closeAll(descriptors, thrown);
        }
    }

    private Object[] natives(@Nullable Object[] arguments, List<AutoCloseable> descriptors) {
        Object[] natives = new Object[arguments.length];
        for (int i = 0; i < arguments.length; i++) {
            natives[i] = switch (arguments[i]) {
                case null -> MemorySegment.NULL;
                case TensorView view -> {
                    TensorDescriptor descriptor = TensorDescriptor.create(library, view);
                    descriptors.add(descriptor);
                    yield descriptor.handle();
                }
                case Object number -> number;
            };
        }
        return natives;
    }

    /**
     * Waits for everything that was submitted.
     *
     * @throws DeviceTimeoutException if it takes too long; the device cannot be used afterwards
     * @throws DeviceFaultException if the device failed; it cannot be used afterwards
     */
    public void synchronize() {
        checkUsable();
        try {
            stream.synchronize(timeout);
        } catch (RuntimeException e) {
            throw remembered(e);
        }
    }

    /** Keeps what makes the device unusable: nothing that is on it can be trusted after a fault or a hang. */
    private RuntimeException remembered(RuntimeException e) {
        if (e instanceof DeviceFaultException || e instanceof DeviceTimeoutException) {
            fault = (AclException) e;
        }
        return e;
    }

    private void checkUsable() {
        if (closed) {
            throw new IllegalStateException("the device was given back");
        }
        if (fault != null) {
            throw new KernelException("the device cannot be used any more since " + fault.getMessage(), fault);
        }
    }

    /** Gives everything back, in the order that the runtime asks for: memory, stream, context, device, runtime. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        RuntimeException first = null;
        if (fault != null) {
            context.forceReset();
            first = attempt(stream::abort, null);
        } else {
            first = attempt(() -> stream.synchronize(timeout), null);
        }
        List<AutoCloseable> all = new ArrayList<>(List.of(runtime, context, stream, staging));
        all.addAll(blocks);
        for (AutoCloseable resource : all.reversed()) {
            first = attempt(resource, first);
        }
        if (first != null && fault == null) {
            throw first;
        }
        if (first != null) {
            LOG.warn("after a fault not everything of the device could be given back: {}", first.getMessage());
        }
    }

    private static @Nullable RuntimeException attempt(AutoCloseable step, @Nullable RuntimeException first) {
        try {
            step.close();
            return first;
        } catch (Exception e) {
            RuntimeException failure = e instanceof RuntimeException r ? r : new IllegalStateException(e);
            if (first == null) {
                return failure;
            }
            first.addSuppressed(failure);
            return first;
        }
    }

    /** Closes in reverse order; what fails is added to {@code thrown}, or thrown if there is none. */
    private static void closeAll(List<AutoCloseable> resources, @Nullable RuntimeException thrown) {
        RuntimeException first = thrown;
        for (AutoCloseable resource : List.copyOf(resources).reversed()) {
            first = attempt(resource, first);
        }
        if (first != null && thrown == null) {
            throw first;
        }
    }
}
