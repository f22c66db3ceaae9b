package io.plumbline.inference.kernel.cuda;

import io.plumbline.inference.kernel.Backend;
import io.plumbline.inference.kernel.DeviceMemory;
import io.plumbline.inference.kernel.Kernels;
import io.plumbline.inference.kernel.cuda.driver.DeviceContext;
import io.plumbline.inference.kernel.cuda.driver.KernelModule;
import io.plumbline.inference.quant.QuantFormat;
import java.util.List;
import java.util.Set;

/** One GPU: owns its context, the loaded kernels, the stream of work and all memory that was allocated through it. */
final class CudaBackend implements Backend {
    static final String NAME = "cuda";

    private final DeviceContext context;
    private final KernelModule module;
    private final CudaStream stream;
    private final CudaMemory memory;
    private final Kernels kernels;
    private final String description;
    private boolean closed;

    private CudaBackend(DeviceContext context, KernelModule module, String description) {
        this.context = context;
        this.module = module;
        this.description = description;
        this.stream = new CudaStream(context, module);
        this.memory = new CudaMemory(context, stream);
        this.kernels = new CudaKernels(stream);
    }

    /** Opens the device with kernels compiled for it. */
    static CudaBackend open(CudaSetup setup) {
        byte[] image = setup.compiler().compile(CudaSources.read(), setup.target());
        DeviceContext context = DeviceContext.open(setup.driver(), setup.device());
        try {
            return new CudaBackend(context, KernelModule.load(context, image), setup.description());
        } catch (RuntimeException e) {
            context.close();
            throw e;
        }
    }

    @Override
    public String name() {
        return NAME;
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
        stream.synchronize();
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            memory.close();
            stream.close();
            module.close();
            context.close();
        }
    }
}
