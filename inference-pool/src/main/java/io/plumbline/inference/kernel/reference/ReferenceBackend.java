package io.plumbline.inference.kernel.reference;

import io.plumbline.inference.kernel.Backend;
import io.plumbline.inference.kernel.DeviceMemory;
import io.plumbline.inference.kernel.Kernels;
import io.plumbline.inference.quant.QuantFormat;
import java.util.List;
import java.util.Set;

/** Plain Java on one thread; it runs everything, slowly. */
final class ReferenceBackend implements Backend {
    private final DeviceMemory memory = new ReferenceMemory();
    private final Kernels kernels = new ReferenceKernels();

    @Override
    public String name() {
        return ReferenceProvider.NAME;
    }

    @Override
    public String description() {
        return ReferenceProvider.DESCRIPTION;
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
        // Arrays are freed by the garbage collector.
    }
}
