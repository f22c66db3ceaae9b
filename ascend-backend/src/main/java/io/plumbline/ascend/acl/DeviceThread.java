package io.plumbline.ascend.acl;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * The one platform thread that talks to a device. The runtime keeps the current context, the error text and the cache
 * of prepared operators per operating-system thread, so callers of any kind, virtual threads too, hand their calls over
 * and wait.
 */
public final class DeviceThread implements AutoCloseable {
    private final ExecutorService executor;

    public DeviceThread(String name) {
        this.executor = Executors.newSingleThreadExecutor(
                Thread.ofPlatform().daemon().name(name).factory());
    }

    /** Runs it on the device's thread and gives back what it returns or throws. */
    public <T> T call(Callable<T> task) {
        Future<T> future = executor.submit(task);
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return future.get();
                } catch (InterruptedException e) {
                    // A native call cannot be cut short without losing what it owns: wait, and pass the interrupt on.
                    interrupted = true;
                }
            }
        } catch (ExecutionException e) {
            throw unwrapped(e.getCause());
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** As {@link #call}, without a result. */
    public void run(Runnable task) {
        call(Executors.callable(task));
    }

    private static RuntimeException unwrapped(@Nullable Throwable cause) {
        return switch (cause) {
            case null -> new IllegalStateException("the device thread failed without a cause");
            case RuntimeException e -> e;
            case Error e -> throw e;
            default -> new IllegalStateException(cause);
        };
    }

    /** Ends the thread once it has done what it was given. */
    @Override
    public void close() {
        executor.close();
    }
}
