package io.plumbline.inference.kernel.vector;

import io.plumbline.inference.kernel.Availability;
import io.plumbline.inference.kernel.Availability.Available;
import io.plumbline.inference.kernel.Availability.Unavailable;
import io.plumbline.inference.kernel.Backend;
import io.plumbline.inference.kernel.BackendOptions;
import io.plumbline.inference.kernel.BackendProvider;
import io.plumbline.inference.kernel.KernelException;

/**
 * Kernels in Java, where native ones are missing. Names no class of the module until it is known to be there; it stays
 * off unless the process is started with it.
 */
public final class VectorProvider implements BackendProvider {
    static final String NAME = "vector";
    private static final int SCORE = 50;
    private static final String MODULE = "jdk.incubator.vector";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Availability probe() {
        return ModuleLayer.boot().findModule(MODULE).isPresent()
                ? new Available(SCORE, VectorBackend.describe())
                : new Unavailable(
                        "this process was started without the module " + MODULE,
                        "start Java with --add-modules " + MODULE + ", as ./plumbline does");
    }

    @Override
    public Backend open(BackendOptions options) {
        return switch (probe()) {
            case Unavailable(String reason, String remedy) ->
                throw new KernelException("backend 'vector' cannot run here: %s. Remedy: %s".formatted(reason, remedy));
            case Available _ -> new VectorBackend(options);
        };
    }
}
