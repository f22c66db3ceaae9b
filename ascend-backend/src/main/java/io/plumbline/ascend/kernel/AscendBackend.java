package io.plumbline.ascend.kernel;

import io.plumbline.ascend.acl.AscendDevice;
import io.plumbline.ascend.acl.DeviceThread;
import io.plumbline.ascend.acl.OperatorName;
import io.plumbline.ascend.acl.SocFamily;
import io.plumbline.inference.kernel.Backend;
import io.plumbline.inference.kernel.DeviceMemory;
import io.plumbline.inference.kernel.Kernels;
import io.plumbline.inference.quant.QuantFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Owns one device and the thread that talks to it. */
public final class AscendBackend implements Backend {
    public static final String NAME = "ascend";

    private final AscendSetup setup;
    private final DeviceThread thread;
    private final AscendDevice device;
    private final AscendMemory memory;
    private final AscendKernels kernels;
    private boolean closed;

    private AscendBackend(AscendSetup setup, DeviceThread thread, AscendDevice device) {
        this.setup = setup;
        this.thread = thread;
        this.device = device;
        this.memory = new AscendMemory(thread, device, setup.family());
        boolean newest = setup.library().has(OperatorName.WEIGHT_QUANT_MATMUL_V3) && setup.family() != SocFamily.A310P;
        this.kernels = new AscendKernels(
                thread, device, newest ? OperatorName.WEIGHT_QUANT_MATMUL_V3 : OperatorName.WEIGHT_QUANT_MATMUL_V2);
    }

    /**
     * Takes the device and lets it prove itself on small operations whose result is known.
     *
     * @throws io.plumbline.inference.kernel.KernelException if the device cannot be taken or computes wrongly
     */
    public static AscendBackend open(AscendSetup setup) {
        DeviceThread thread = new DeviceThread("plumbline-ascend-" + setup.device());
        try {
            AscendDevice device =
                    thread.call(() -> AscendDevice.open(setup.library(), setup.device(), setup.timeout()));
            AscendBackend backend = new AscendBackend(setup, thread, device);
            try {
                SelfTest.run(backend, setup.family());
                return backend;
            } catch (RuntimeException e) {
                thread.run(device::close);
                throw e;
            }
        } catch (RuntimeException e) {
            thread.close();
            throw e;
        }
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String description() {
        return setup.description();
    }

    @Override
    public List<String> unsupported(Set<QuantFormat> formats) {
        List<String> reasons = new ArrayList<>();
        reasons.add(
                "the ascend backend has no kernels yet for: %s; use the backend 'cpu', or serve the model from vLLM-Ascend or MindIE as a remote engine"
                        .formatted(String.join(", ", MissingKernels.OPERATIONS)));
        formats.stream().sorted().forEach(format -> WeightSupport.refusal(format, setup.family())
                .ifPresent(reasons::add));
        return reasons;
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
        thread.run(device::synchronize);
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            try (thread) {
                thread.run(device::close);
            }
        }
    }
}
