package io.plumbline.platform.gateway;

import io.micrometer.core.instrument.MeterRegistry;
import io.plumbline.platform.catalogue.ModelRoute;
import io.plumbline.platform.screening.ScreenedItem;
import io.plumbline.platform.usage.Tokens;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Locale;

/** Counts answers, tokens and verdicts for Prometheus. Base models only as label: tenants' names stay out of metrics. */
@ApplicationScoped
class GatewayMetrics {
    private final MeterRegistry registry;

    @Inject
    GatewayMetrics(MeterRegistry registry) {
        this.registry = registry;
    }

    void answered(ModelRoute route, Tokens tokens, List<ScreenedItem> findings) {
        String model = route.baseModel();
        String adapter = Boolean.toString(route.adapter().isPresent());
        registry.counter("plumbline.answers", "model", model, "adapter", adapter)
                .increment();
        registry.counter("plumbline.tokens", "model", model, "kind", "prompt").increment(tokens.prompt());
        registry.counter("plumbline.tokens", "model", model, "kind", "completion")
                .increment(tokens.completion());
        registry.counter("plumbline.tokens", "model", model, "kind", "cached").increment(tokens.cached());
        for (ScreenedItem finding : findings) {
            registry.counter(
                            "plumbline.verdicts",
                            "rule",
                            finding.verdict().rule(),
                            "action",
                            finding.verdict().action().name().toLowerCase(Locale.ROOT),
                            "stage",
                            finding.verdict().stage().name().toLowerCase(Locale.ROOT))
                    .increment();
        }
    }
}
