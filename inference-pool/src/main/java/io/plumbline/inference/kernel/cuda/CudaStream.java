package io.plumbline.inference.kernel.cuda;

import io.plumbline.inference.kernel.cuda.driver.CommandStream;
import io.plumbline.inference.kernel.cuda.driver.DeviceContext;
import io.plumbline.inference.kernel.cuda.driver.Grid;
import io.plumbline.inference.kernel.cuda.driver.KernelModule;
import io.plumbline.inference.kernel.cuda.driver.LoadedKernel;
import java.lang.foreign.MemorySegment;
import java.util.EnumMap;
import java.util.Map;

/**
 * How operations reach the device. Everything happens in the order in which it is submitted, so an operation may use what
 * the one before computes; only {@link #read} and {@link #synchronize} wait.
 */
final class CudaStream {
    private final CommandStream commands;
    private final Map<CudaFunction, LoadedKernel> kernels = new EnumMap<>(CudaFunction.class);
    private final Staging staging;
    private final Workspace workspace;
    private final int multiprocessors;

    CudaStream(DeviceContext context, KernelModule module) {
        for (CudaFunction function : CudaFunction.values()) {
            kernels.put(function, module.kernel(function.symbol(), function.parameters()));
        }
        this.commands = CommandStream.open(context);
        this.staging = new Staging(context, commands);
        this.workspace = new Workspace(context, commands);
        this.multiprocessors = context.multiprocessors();
    }

    /** Processors that share the blocks of a launch: fewer blocks leave some without work. */
    int multiprocessors() {
        return multiprocessors;
    }

    /**
     * Submits a kernel.
     *
     * @param arguments as the function's parameters say: addresses on the device and 64-bit integers as Long, int, float,
     *     double
     */
    void launch(CudaFunction function, Grid grid, Object... arguments) {
        LoadedKernel kernel = kernels.get(function);
        if (kernel == null) {
            throw new IllegalStateException(function + " is not loaded");
        }
        commands.launch(kernel, grid, arguments);
    }

    /**
     * Copies index arrays to the device; the arrays may change when this returns. Everything that an operation needs is
     * brought in one call.
     *
     * @return the address of each on the device, aligned to 16 bytes, good for the launches until the next upload
     */
    long[] upload(int[]... arrays) {
        MemorySegment[] segments = new MemorySegment[arrays.length];
        for (int i = 0; i < arrays.length; i++) {
            segments[i] = MemorySegment.ofArray(arrays[i]);
        }
        return staging.upload(segments);
    }

    /** The same for arrays of other types, such as {@code MemorySegment.ofArray(factors)}. */
    long[] upload(MemorySegment... arrays) {
        return staging.upload(arrays);
    }

    /**
     * An area on the device for what an operation keeps between its launches. There is one, which every operation asks
     * for anew, once; it holds anything.
     *
     * @return its address, aligned to 256 bytes
     */
    long workspace(long bytes) {
        return workspace.atLeast(bytes);
    }

    /** Copies host memory, on the Java heap or not, to the device; it may change when this returns. */
    void write(long to, MemorySegment from) {
        staging.write(to, from);
    }

    /** Waits for all work and copies memory of the device to the host. */
    void read(MemorySegment to, long from) {
        staging.read(to, from);
    }

    /** Sets memory of the device to zeros. */
    void clear(long address, long bytes) {
        commands.clear(address, bytes);
    }

    void synchronize() {
        commands.synchronize();
    }
}
