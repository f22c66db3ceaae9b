package io.plumbline.platform.catalogue;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.plumbline.inference.engine.EngineMetrics;
import io.plumbline.inference.engine.LocalInferencePool;
import io.plumbline.inference.pool.BaseModel;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.util.function.ToDoubleFunction;

/** Queue, cache and speed of each engine, for Prometheus. */
@ApplicationScoped
class PoolMetrics {
    private final LocalInferencePool pool;
    private final MeterRegistry registry;

    @Inject
    PoolMetrics(LocalInferencePool pool, MeterRegistry registry) {
        this.pool = pool;
        this.registry = registry;
    }

    void register(@Observes StartupEvent event) {
        for (BaseModel model : pool.baseModels()) {
            gauge("plumbline.queue.waiting", model, m -> m.queue().waiting());
            gauge("plumbline.queue.running", model, m -> m.queue().running());
            gauge("plumbline.kv.used", model, m -> m.cache().inUse());
            gauge("plumbline.kv.capacity", model, m -> m.cache().capacity());
            gauge("plumbline.engine.guesses.proposed", model, m -> m.guesses().proposed());
            gauge("plumbline.engine.guesses.accepted", model, m -> m.guesses().accepted());
            gauge("plumbline.engine.steps", model, EngineMetrics::steps);
            gauge("plumbline.engine.failures", model, m -> m.failures().failed());
            gauge("plumbline.engine.expired", model, m -> m.failures().expired());
            gauge("plumbline.engine.tokens.per.second", model, EngineMetrics::tokensPerSecond);
        }
    }

    private void gauge(String name, BaseModel model, ToDoubleFunction<EngineMetrics> value) {
        Gauge.builder(name, pool, p -> {
                    EngineMetrics metrics = p.metrics().get(model.id());
                    return metrics == null ? 0 : value.applyAsDouble(metrics); // not loaded yet
                })
                .tag("model", model.id())
                .register(registry);
    }
}
