package io.plumbline.inference.kernel.cuda.driver;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A device in use by this process; owner of everything that is made through it. The driver keeps a current context per
 * thread, and callers may be virtual threads that change theirs, so every operation makes it current first. After a fault
 * of the device every operation is refused.
 */
public final class DeviceContext implements AutoCloseable {
    private final CudaDriver driver;
    private final int handle;
    private final long context;
    private final int multiprocessors;
    private volatile @Nullable DeviceFaultException fault;
    private final SequencedSet<DeviceResource> owned = new LinkedHashSet<>();
    private boolean closed;

    private DeviceContext(CudaDriver driver, int handle, long context, int multiprocessors) {
        this.driver = driver;
        this.handle = handle;
        this.context = context;
        this.multiprocessors = multiprocessors;
    }

    /** Takes part in the process's one context of a device. */
    public static DeviceContext open(CudaDriver driver, DeviceProperties device) {
        int handle = driver.deviceHandle(device.ordinal());
        return new DeviceContext(driver, handle, driver.retainContext(handle), device.multiprocessors());
    }

    /** Processors that share the blocks of a launch. */
    public int multiprocessors() {
        return multiprocessors;
    }

    CudaDriver driver() {
        return driver;
    }

    /**
     * Runs calls of the driver with this context current.
     *
     * @throws DeviceFaultException if the device fails, or has failed before
     */
    void run(Runnable calls) {
        get(() -> {
            calls.run();
            return 0;
        });
    }

    /** The same for calls with a result. */
    long get(LongSupplier calls) {
        DeviceFaultException first = fault;
        if (first != null) {
            throw new DeviceFaultException(first);
        }
        if (closed) {
            throw new IllegalStateException("the device is closed");
        }
        try {
            driver.setCurrent(context);
            return calls.getAsLong();
        } catch (DeviceFaultException e) {
            fault = e;
            throw e;
        }
    }

    void own(DeviceResource resource) {
        owned.add(resource);
    }

    void disown(DeviceResource resource) {
        owned.remove(resource);
    }

    /** Gives something back; after a fault the driver has taken it already. */
    void giveBack(Runnable call) {
        if (isUsable()) {
            run(call);
        }
    }

    /** Whether the device takes work: it is open and has not failed. */
    public boolean isUsable() {
        return fault == null && !closed;
    }

    public MemoryState memory() {
        MemoryState[] state = new MemoryState[1];
        run(() -> state[0] = driver.memory());
        return state[0];
    }

    /**
     * Memory on the device, with what it held before.
     *
     * @param bytes at least 1
     * @throws DeviceMemoryException if there is not so much; the message holds what is free
     */
    public DeviceBlock allocate(long bytes) {
        try {
            return new DeviceBlock(this, get(() -> driver.allocate(bytes)), bytes);
        } catch (DeviceMemoryException e) {
            throw new DeviceMemoryException(e.failure(), bytes, memory());
        }
    }

    /** Gives everything back that was made through this context, the latest first, and then the device. */
    @Override
    public void close() {
        if (!closed) {
            List.copyOf(owned).reversed().forEach(DeviceResource::close);
            giveBack(() -> {
                driver.setCurrent(0);
                driver.releaseContext(handle);
            });
            closed = true;
        }
    }
}
