package io.plumbline.inference.kernel.cuda;

import io.plumbline.inference.kernel.cuda.driver.CudaDriver;
import io.plumbline.inference.kernel.cuda.driver.DeviceProperties;
import io.plumbline.inference.kernel.cuda.driver.ImageTarget;
import io.plumbline.inference.kernel.cuda.driver.RuntimeCompiler;
import java.nio.file.Path;

/**
 * What a backend is opened with.
 *
 * @param driver loaded and initialised
 * @param device the chosen one
 * @param compiler fits driver and device
 * @param target what it makes for the device
 * @param cache where compiled kernels are kept
 */
record CudaSetup(CudaDriver driver, DeviceProperties device, RuntimeCompiler compiler, ImageTarget target, Path cache) {
    /** Device, generation, memory and versions, for people. */
    String description() {
        return "%s, compute capability %s, %d multiprocessors, %.1f GiB, driver for CUDA %s, NVRTC %s"
                .formatted(
                        device.name(),
                        device.capability(),
                        device.multiprocessors(),
                        device.totalBytes() * 0x1p-30,
                        driver.version(),
                        compiler.version());
    }
}
