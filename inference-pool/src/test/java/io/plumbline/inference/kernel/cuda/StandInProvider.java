package io.plumbline.inference.kernel.cuda;

import io.plumbline.inference.kernel.Availability;
import io.plumbline.inference.kernel.Backend;
import io.plumbline.inference.kernel.BackendOptions;
import io.plumbline.inference.kernel.BackendProvider;
import io.plumbline.inference.kernel.cuda.driver.CudaDriver;
import io.plumbline.inference.kernel.cuda.driver.DeviceProperties;
import io.plumbline.inference.kernel.cuda.driver.ImageTarget;
import io.plumbline.inference.kernel.cuda.driver.RuntimeCompiler;

/** The cuda backend on the stand-in: the product's kernels and the product's Java, on a device that is no GPU. */
public final class StandInProvider implements BackendProvider {
    @Override
    public String name() {
        return CudaBackend.NAME;
    }

    @Override
    public Availability probe() {
        return new Availability.Available(1, "stand-in");
    }

    @Override
    public Backend open(BackendOptions options) {
        CudaDriver driver = CudaDriver.open(StandIn.driver().place());
        RuntimeCompiler compiler = RuntimeCompiler.open(StandIn.compiler().place());
        DeviceProperties device = driver.properties(0);
        ImageTarget target =
                ImageTarget.of(device.capability(), compiler.architectures()).orElseThrow();
        return CudaBackend.open(new CudaSetup(driver, device, compiler, target));
    }

    /** Whether there is a stand-in; named in conditions of tests. */
    public static boolean isBuilt() {
        return StandIn.IS_BUILT;
    }
}
