package io.plumbline.platform.catalogue;

import io.plumbline.inference.engine.AdapterLimits;
import io.plumbline.inference.engine.AdmissionLimits;
import io.plumbline.inference.engine.EngineLimits;
import io.plumbline.inference.engine.LocalInferencePool;
import io.plumbline.inference.engine.LocalPoolSettings;
import io.plumbline.inference.engine.TenantLimits;
import io.plumbline.inference.kernel.BackendOptions;
import io.plumbline.inference.pool.InferencePool;
import io.plumbline.inference.pool.remote.PlacedInferencePool;
import io.quarkus.runtime.configuration.MemorySize;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.enterprise.inject.Typed;
import jakarta.inject.Singleton;
import java.util.OptionalLong;

/** Provides the pool: this machine's engines, and those elsewhere that the settings name. It closes with the application. */
@ApplicationScoped
class PoolProvider {
    @Produces
    @Singleton
    @Typed(LocalInferencePool.class)
    LocalInferencePool local(PoolConfig config) {
        OptionalLong memory = config.modelMemory()
                .map(PoolProvider::bytes)
                .map(OptionalLong::of)
                .orElseGet(OptionalLong::empty);
        return new LocalInferencePool(new LocalPoolSettings(
                config.models(), config.backend(), BackendOptions.defaults(), limits(config), memory));
    }

    void close(@Disposes LocalInferencePool pool) {
        pool.close();
    }

    @Produces
    @Singleton
    @Typed(InferencePool.class)
    InferencePool pool(LocalInferencePool local, RemoteEngines engines) {
        return new PlacedInferencePool(local, engines.open());
    }

    void close(@Disposes InferencePool pool) {
        pool.close();
    }

    private static EngineLimits limits(PoolConfig config) {
        EngineLimits limits = EngineLimits.defaults();
        PoolConfig.PerTenant perTenant = config.perTenant();
        limits = limits.withAdmission(new AdmissionLimits(
                        limits.admission().maxWaiting(),
                        new TenantLimits(perTenant.requests(), perTenant.tokensPerMinute()),
                        config.timeLimit()))
                .withAdapters(new AdapterLimits(
                        limits.adapters().maxRank(),
                        config.adapters().count(),
                        bytes(config.adapters().memory())))
                .withKeyValuePrecision(config.keyValuePrecision());
        if (perTenant.running().isPresent()) {
            limits = limits.withScheduling(
                    limits.scheduling().withMaxOfTenant(perTenant.running().getAsInt()));
        }
        return config.cacheTokens().isPresent()
                ? limits.withCacheTokens(config.cacheTokens().getAsInt())
                : limits;
    }

    private static long bytes(MemorySize size) {
        return size.asLongValue();
    }
}
