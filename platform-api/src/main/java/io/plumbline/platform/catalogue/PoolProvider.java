package io.plumbline.platform.catalogue;

import io.plumbline.inference.engine.EngineLimits;
import io.plumbline.inference.engine.LocalInferencePool;
import io.plumbline.inference.engine.LocalPoolSettings;
import io.plumbline.inference.kernel.BackendOptions;
import io.plumbline.inference.pool.InferencePool;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.enterprise.inject.Typed;
import jakarta.inject.Singleton;

/** Provides the pool of this machine's engines; it closes with the application. */
@ApplicationScoped
class PoolProvider {
    @Produces
    @Singleton
    @Typed({InferencePool.class, LocalInferencePool.class})
    LocalInferencePool pool(PoolConfig config) {
        EngineLimits limits = EngineLimits.defaults();
        if (config.cacheTokens().isPresent()) {
            limits = limits.withCacheTokens(config.cacheTokens().getAsInt());
        }
        return new LocalInferencePool(
                new LocalPoolSettings(config.models(), config.backend(), BackendOptions.defaults(), limits));
    }

    void close(@Disposes LocalInferencePool pool) {
        pool.close();
    }
}
