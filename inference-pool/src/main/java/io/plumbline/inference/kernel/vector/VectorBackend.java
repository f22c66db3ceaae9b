package io.plumbline.inference.kernel.vector;

import io.plumbline.inference.kernel.Backend;
import io.plumbline.inference.kernel.BackendOptions;
import io.plumbline.inference.kernel.DeviceMemory;
import io.plumbline.inference.kernel.Kernels;
import io.plumbline.inference.quant.QuantFormat;
import java.util.List;
import java.util.Set;

/** Owns the worker threads and all memory that was allocated through it. */
final class VectorBackend implements Backend {
    private final WorkerPool pool;
    private final VectorMemory memory;
    private final Kernels kernels;
    private final String description;
    private boolean closed;

    VectorBackend(BackendOptions options) {
        this.pool = new WorkerPool(options.threads());
        this.memory = new VectorMemory(pool);
        this.kernels = new VectorKernels(pool, new VectorLinear(pool));
        this.description = "%s, threads %d".formatted(describe(), options.threads());
    }

    static String describe() {
        return "Vector API, %d-bit vectors".formatted(Lanes.WIDTH * Byte.SIZE);
    }

    @Override
    public String name() {
        return VectorProvider.NAME;
    }

    @Override
    public String description() {
        return description;
    }

    @Override
    public List<String> unsupported(Set<QuantFormat> formats) {
        return List.of();
    }

    @Override
    public DeviceMemory memory() {
        return memory;
    }

    @Override
    public Kernels kernels() {
        return kernels;
    }

    @Override
    public void synchronize() {
        // Every operation has finished when its method returns.
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            memory.close();
            pool.close();
        }
    }
}
