package io.plumbline.inference.kernel.cuda;

import io.plumbline.inference.kernel.Availability;
import io.plumbline.inference.kernel.Availability.Available;
import io.plumbline.inference.kernel.Availability.Unavailable;
import io.plumbline.inference.kernel.Backend;
import io.plumbline.inference.kernel.BackendOptions;
import io.plumbline.inference.kernel.BackendProvider;
import io.plumbline.inference.kernel.KernelException;
import io.plumbline.inference.kernel.cuda.driver.LibrarySearch;
import java.nio.file.Path;
import java.util.Map;

/** The kernels on an NVIDIA GPU, where driver, device and run-time compiler are there. */
public final class CudaProvider implements BackendProvider {
    private static final int SCORE = 2 * Available.NATIVE_KERNELS;

    private final CudaProbe probe;

    /** For {@code ServiceLoader}: this machine. */
    public CudaProvider() {
        this(System.getenv(), Path.of("/"));
    }

    CudaProvider(Map<String, String> environment, Path root) {
        this.probe = new CudaProbe(CudaSettings.of(environment), new LibrarySearch(environment, root));
    }

    @Override
    public String name() {
        return CudaBackend.NAME;
    }

    @Override
    public Availability probe() {
        return switch (probe.outcome()) {
            case CudaProbe.Outcome.Usable(CudaSetup setup) -> new Available(SCORE, setup.description());
            case CudaProbe.Outcome.Unusable(Unavailable why) -> why;
        };
    }

    @Override
    public Backend open(BackendOptions options) {
        return switch (probe.outcome()) {
            case CudaProbe.Outcome.Usable(CudaSetup setup) -> CudaBackend.open(setup);
            case CudaProbe.Outcome.Unusable(Unavailable(String reason, String remedy)) ->
                throw new KernelException("backend 'cuda' cannot run here: %s. Remedy: %s".formatted(reason, remedy));
        };
    }
}
