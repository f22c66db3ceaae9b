package io.plumbline.inference.kernel.cpu;

import io.plumbline.inference.kernel.Backend;
import io.plumbline.inference.kernel.BackendOptions;
import io.plumbline.inference.kernel.DeviceMemory;
import io.plumbline.inference.kernel.Kernels;
import io.plumbline.inference.kernel.ffm.CpuRuntime;
import io.plumbline.inference.kernel.ffm.InstructionSet;
import io.plumbline.inference.quant.QuantFormat;
import java.util.List;
import java.util.Set;

/** Owns a native context (threads, scratch) and all memory that was allocated through it. */
final class CpuBackend implements Backend {
    private final CpuRuntime runtime;
    private final long context;
    private final CpuMemory memory;
    private final Staging staging;
    private final Kernels kernels;
    private final String description;
    private boolean closed;

    CpuBackend(CpuRuntime runtime, InstructionSet instructionSet, BackendOptions options) {
        this.runtime = runtime;
        this.context = runtime.open(options.threads());
        this.memory = new CpuMemory(runtime, context);
        this.staging = new Staging(runtime);
        this.kernels = new CpuKernels(runtime.operations(instructionSet, context), staging);
        this.description = "%s, threads %d".formatted(CpuProvider.describe(instructionSet), options.threads());
    }

    @Override
    public String name() {
        return CpuProvider.NAME;
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
            staging.close();
            runtime.close(context);
        }
    }
}
