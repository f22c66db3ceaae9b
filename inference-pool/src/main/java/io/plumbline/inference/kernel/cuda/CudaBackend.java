package io.plumbline.inference.kernel.cuda;

import io.plumbline.inference.kernel.Backend;
import io.plumbline.inference.kernel.DeviceMemory;
import io.plumbline.inference.kernel.KernelException;
import io.plumbline.inference.kernel.Kernels;
import io.plumbline.inference.kernel.cuda.driver.DeviceContext;
import io.plumbline.inference.kernel.cuda.driver.ImageCache;
import io.plumbline.inference.kernel.cuda.driver.ImageRefusedException;
import io.plumbline.inference.kernel.cuda.driver.KernelModule;
import io.plumbline.inference.kernel.cuda.driver.KernelSource;
import io.plumbline.inference.quant.QuantFormat;
import java.util.List;
import java.util.Set;

/** One GPU: owns its context, and through it the loaded kernels, the stream of work and all memory. */
final class CudaBackend implements Backend {
    static final String NAME = "cuda";

    private final DeviceContext context;
    private final CudaStream stream;
    private final CudaMemory memory;
    private final Kernels kernels;
    private final String description;
    private boolean closed;

    private CudaBackend(DeviceContext context, KernelModule module, String description) {
        this.context = context;
        this.description = description;
        this.stream = new CudaStream(context, module);
        this.memory = new CudaMemory(context, stream);
        this.kernels = new CudaKernels(stream);
    }

    /**
     * Opens the device with kernels compiled for it, and lets it show that they compute what they should.
     *
     * @throws KernelException if it cannot be opened or computes otherwise
     */
    static CudaBackend open(CudaSetup setup) {
        DeviceContext context = DeviceContext.open(setup.driver(), setup.device());
        try {
            CudaBackend backend = new CudaBackend(context, load(context, setup), setup.description());
            SelfTest.run(backend);
            return backend;
        } catch (RuntimeException e) {
            context.close();
            throw e;
        }
    }

    private static KernelModule load(DeviceContext context, CudaSetup setup) {
        ImageCache cache = new ImageCache(setup.cache());
        KernelSource source = CudaSources.read();
        try {
            return KernelModule.load(context, cache.image(setup.compiler(), source, setup.target()));
        } catch (ImageRefusedException e) {
            // An image that another driver's compiler left in the cache; one made now is refused for good reason.
            return KernelModule.load(context, cache.compileAnew(setup.compiler(), source, setup.target()));
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

    /** For whoever drives one family of kernels alone. */
    CudaStream stream() {
        return stream;
    }

    @Override
    public void synchronize() {
        stream.synchronize();
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            try {
                if (context.isUsable()) {
                    stream.synchronize();
                }
            } finally {
                context.close();
            }
        }
    }
}
