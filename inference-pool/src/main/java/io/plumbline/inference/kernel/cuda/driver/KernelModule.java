package io.plumbline.inference.kernel.cuda.driver;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Compiled kernels on a device. */
public final class KernelModule extends DeviceResource {
    private final long module;

    private KernelModule(DeviceContext context, long module) {
        super(context);
        this.module = module;
    }

    /**
     * Brings an image to the device.
     *
     * @throws ImageRefusedException if it was made for another device or by a compiler that is too new for the driver
     */
    public static KernelModule load(DeviceContext context, byte[] image) {
        try (Arena arena = Arena.ofConfined()) {
            // PTX is a text, which ends with a zero.
            MemorySegment copy = arena.allocate(image.length + 1L, Long.BYTES);
            copy.copyFrom(MemorySegment.ofArray(image));
            return new KernelModule(context, context.get(() -> context.driver().loadModule(copy.address())));
        }
    }

    /**
     * An entry point.
     *
     * @param parameters one letter each: P pointer to device memory, L 64-bit integer, I int, F float, D double
     * @throws ImageRefusedException if the image has no such function
     */
    public LoadedKernel kernel(String symbol, String parameters) {
        long handle = context().get(() -> driver().function(module, symbol));
        return new LoadedKernel(symbol, parameters, handle);
    }

    @Override
    void release() {
        driver().unloadModule(module);
    }
}
