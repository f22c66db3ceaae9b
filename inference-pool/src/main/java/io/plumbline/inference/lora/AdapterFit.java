package io.plumbline.inference.lora;

import io.plumbline.inference.kernel.RopeLayout;
import io.plumbline.inference.model.ModelPlan;
import io.plumbline.inference.model.ModulePlan;
import io.plumbline.inference.weights.AdapterSite;
import io.plumbline.inference.weights.LowRankPair;
import io.plumbline.inference.weights.PeftAdapter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Whether and how an adapter fits a base model. */
public final class AdapterFit {
    private AdapterFit() {}

    /**
     * Why an adapter does not fit.
     *
     * @param maxRank largest rank that the engine takes
     * @return every reason, each with its remedy; empty if it fits
     */
    public static List<String> misfits(PeftAdapter adapter, ModelPlan plan, int maxRank) {
        List<String> reasons = new ArrayList<>();
        if (adapter.maxRank() > maxRank) {
            reasons.add("its rank is %d and the engine takes at most %d; train it with a smaller rank"
                    .formatted(adapter.maxRank(), maxRank));
        }
        adapter.layers().forEach((site, pair) -> {
            if (site.layer() >= plan.layers().size()) {
                reasons.add("it changes layer %d and the model has %d layers; use the base model it was trained on"
                        .formatted(site.layer(), plan.layers().size()));
                return;
            }
            misfit(site, pair, plan).ifPresent(reasons::add);
        });
        return reasons;
    }

    private static Optional<String> misfit(AdapterSite site, LowRankPair pair, ModelPlan plan) {
        Optional<ModulePlan> module = plan.module(site.layer(), site.module());
        if (module.isEmpty()) {
            String others = plan.modules(site.layer()).stream()
                    .map(m -> m.module().moduleName())
                    .collect(Collectors.joining(", "));
            return Optional.of("it changes %s, and that layer of the model can be changed in %s; train it for these"
                    .formatted(site, others));
        }
        int in = module.get().in();
        int out = module.get().out();
        return pair.in() == in && pair.out() == out
                ? Optional.empty()
                : Optional.of(
                        "its %s maps %d to %d features and the model's %d to %d; use the base model it was trained on"
                                .formatted(site, pair.in(), pair.out(), in, out));
    }

    /** The adapter with the rows of B in the order in which this model's file keeps the rows of W. */
    public static PeftAdapter inRowOrderOf(ModelPlan plan, PeftAdapter adapter) {
        var first = plan.layers().getFirst();
        return switch (first.rope().layout()) {
            case RopeLayout.HALVES -> adapter;
            case RopeLayout.INTERLEAVED ->
                adapter.toInterleaved(
                        first.attention().heads(), first.attention().keyValueHeads());
        };
    }

    /** The opposite of {@link #inRowOrderOf}: the adapter as adapter files keep it. */
    public static PeftAdapter inHuggingFaceOrder(ModelPlan plan, PeftAdapter adapter) {
        var first = plan.layers().getFirst();
        return switch (first.rope().layout()) {
            case RopeLayout.HALVES -> adapter;
            case RopeLayout.INTERLEAVED ->
                adapter.toHalves(first.attention().heads(), first.attention().keyValueHeads());
        };
    }
}
