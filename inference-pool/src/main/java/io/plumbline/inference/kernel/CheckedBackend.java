package io.plumbline.inference.kernel;

import io.plumbline.inference.quant.QuantFormat;
import java.util.List;
import java.util.Set;

/** A backend whose kernels and memory check their arguments. */
final class CheckedBackend implements Backend {
    private final Backend inner;
    private final Kernels kernels;
    private final DeviceMemory memory;

    CheckedBackend(Backend inner) {
        this.inner = inner;
        this.kernels = new CheckedKernels(inner.kernels());
        this.memory = new CheckedMemory(inner.memory());
    }

    @Override
    public String name() {
        return inner.name();
    }

    @Override
    public String description() {
        return inner.description();
    }

    @Override
    public List<String> unsupported(Set<QuantFormat> formats) {
        return inner.unsupported(formats);
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
        inner.synchronize();
    }

    @Override
    public void close() {
        inner.close();
    }
}
