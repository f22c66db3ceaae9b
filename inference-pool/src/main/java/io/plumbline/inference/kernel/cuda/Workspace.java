package io.plumbline.inference.kernel.cuda;

import io.plumbline.inference.kernel.cuda.driver.CommandStream;
import io.plumbline.inference.kernel.cuda.driver.DeviceBlock;
import io.plumbline.inference.kernel.cuda.driver.DeviceContext;
import org.jspecify.annotations.Nullable;

/** One area of device memory for the intermediate results of whatever operation runs; it grows and never shrinks. */
final class Workspace {
    private static final long SMALLEST = 1 << 20;

    private final DeviceContext context;
    private final CommandStream commands;
    private @Nullable DeviceBlock block;

    Workspace(DeviceContext context, CommandStream commands) {
        this.context = context;
        this.commands = commands;
    }

    /** Address of at least so many bytes. */
    long atLeast(long bytes) {
        DeviceBlock current = block;
        if (current == null || current.bytes() < bytes) {
            free();
            // Half as much again, so that a context which grows by a position a step does not make it grow every step.
            current = context.allocate(Math.max(SMALLEST, bytes + bytes / 2));
            block = current;
        }
        return current.address();
    }

    private void free() {
        DeviceBlock old = block;
        if (old != null) {
            block = null;
            commands.synchronize();
            old.close();
        }
    }
}
