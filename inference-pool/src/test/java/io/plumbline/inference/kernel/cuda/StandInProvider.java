package io.plumbline.inference.kernel.cuda;

import io.plumbline.inference.kernel.Availability;
import io.plumbline.inference.kernel.Backend;
import io.plumbline.inference.kernel.BackendOptions;
import io.plumbline.inference.kernel.BackendProvider;
import io.plumbline.inference.kernel.cuda.driver.LibrarySearch;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** The cuda backend on the stand-in: the product's kernels and the product's Java, on a device that is no GPU. */
public final class StandInProvider implements BackendProvider {
    private final CudaProvider provider;

    public StandInProvider() {
        this.provider = with(Map.of());
    }

    /** The product's provider with the stand-in's libraries and these variables. */
    static CudaProvider with(Map<String, String> variables) {
        Map<String, String> environment = new HashMap<>(Map.of(
                LibrarySearch.DRIVER, StandIn.driver().place(),
                LibrarySearch.COMPILER, StandIn.compiler().place(),
                CudaSettings.CACHE,
                        Path.of(StandIn.driver().place())
                                .resolveSibling("cache")
                                .toString()));
        environment.putAll(variables);
        return new CudaProvider(environment, Path.of("/"));
    }

    @Override
    public String name() {
        return provider.name();
    }

    @Override
    public Availability probe() {
        return provider.probe();
    }

    @Override
    public Backend open(BackendOptions options) {
        return provider.open(options);
    }

    /** Whether there is a stand-in; named in conditions of tests. */
    public static boolean isBuilt() {
        return StandIn.IS_BUILT;
    }
}
