package io.plumbline.inference.engine;

import io.plumbline.inference.kernel.Backend;
import io.plumbline.inference.kernel.DeviceMemory;
import io.plumbline.inference.kernel.KernelException;
import io.plumbline.inference.kernel.Kernels;
import io.plumbline.inference.quant.QuantFormat;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/** A backend whose device fails when it is told to. */
final class FailingBackend implements Backend {
    private final Backend real;
    private final Kernels kernels;
    private final AtomicInteger failures = new AtomicInteger();

    FailingBackend(Backend real) {
        this.real = real;
        this.kernels = (Kernels) Proxy.newProxyInstance(
                Kernels.class.getClassLoader(), new Class<?>[] {Kernels.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("pagedAttention")
                            && failures.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
                        throw new KernelException("the device has gone");
                    }
                    try {
                        return method.invoke(real.kernels(), arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    void failNextStep() {
        failures.set(1);
    }

    @Override
    public String name() {
        return "failing";
    }

    @Override
    public String description() {
        return real.description();
    }

    @Override
    public List<String> unsupported(Set<QuantFormat> formats) {
        return real.unsupported(formats);
    }

    @Override
    public DeviceMemory memory() {
        return real.memory();
    }

    @Override
    public Kernels kernels() {
        return kernels;
    }

    @Override
    public void synchronize() {
        real.synchronize();
    }

    @Override
    public void close() {
        real.close();
    }
}
