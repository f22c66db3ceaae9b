package io.plumbline.finetune.artifact;

import io.plumbline.inference.weights.AdapterSite;
import io.plumbline.inference.weights.LinearModule;
import io.plumbline.inference.weights.LowRankPair;
import io.plumbline.inference.weights.PeftAdapter;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What PEFT's {@code adapter_config.json} says about a LoRA adapter of this product.
 *
 * @param rank r
 * @param alpha lora_alpha
 * @param rankStabilized use_rslora
 * @param modules target_modules
 * @param ranks of the layers that have another rank: rank_pattern
 * @param alphas of the layers that have another alpha: alpha_pattern
 */
public record LoraConfig(
        int rank,
        double alpha,
        boolean rankStabilized,
        List<LinearModule> modules,
        SortedMap<AdapterSite, Integer> ranks,
        SortedMap<AdapterSite, Double> alphas) {
    public LoraConfig {
        modules = modules.stream().sorted().distinct().toList();
        ranks = Collections.unmodifiableSortedMap(new TreeMap<>(ranks));
        alphas = Collections.unmodifiableSortedMap(new TreeMap<>(alphas));
        if (rank < 1 || modules.isEmpty() || ranks.values().stream().anyMatch(r -> r < 1)) {
            throw new IllegalArgumentException(
                    "an adapter has a rank and target modules, not %d and %s, %s".formatted(rank, modules, ranks));
        }
    }

    /** The same rank and alpha in all layers. */
    public LoraConfig(int rank, double alpha, boolean rankStabilized, List<LinearModule> modules) {
        this(rank, alpha, rankStabilized, modules, Collections.emptySortedMap(), Collections.emptySortedMap());
    }

    /** That of an adapter. */
    static LoraConfig of(PeftAdapter adapter) {
        SortedMap<AdapterSite, Integer> ranks = new TreeMap<>();
        adapter.layers().forEach((site, pair) -> {
            if (pair.rank() != adapter.rank()) {
                ranks.put(site, pair.rank());
            }
        });
        return new LoraConfig(
                adapter.rank(),
                adapter.alpha(),
                adapter.rankStabilised(),
                List.copyOf(adapter.targetModules()),
                ranks,
                adapter.alphas());
    }

    /** The rank of one layer. */
    public int rank(AdapterSite site) {
        return ranks.getOrDefault(site, rank);
    }

    /** The largest rank that a layer may have. */
    public int maxRank() {
        return Math.max(rank, ranks.values().stream().mapToInt(r -> r).max().orElse(0));
    }

    /** Factor on B·A of one layer: alpha/r, or alpha/√r when rank-stabilised (arXiv 2312.03732). */
    public float scale(AdapterSite site) {
        return PeftAdapter.scale(rank(site), alphas.getOrDefault(site, alpha), rankStabilized);
    }

    /** Whether both say the same but for the layers that have a rank or an alpha of their own. */
    public boolean agreesInGeneral(LoraConfig other) {
        return rank == other.rank
                && alpha == other.alpha
                && rankStabilized == other.rankStabilized
                && modules.equals(other.modules);
    }

    /**
     * An adapter of this configuration; training uses no dropout.
     *
     * @param baseName how it names its base model
     * @param layers its factors
     */
    PeftAdapter adapter(String baseName, SortedMap<AdapterSite, LowRankPair> layers) {
        return new PeftAdapter(baseName, rank, alpha, rankStabilized, 0, layers, alphas);
    }

    /** For messages. */
    public String describe() {
        return "rank %d, alpha %s%s, modules %s"
                .formatted(
                        rank,
                        alpha,
                        rankStabilized ? " (rank-stabilised)" : "",
                        modules.stream().map(LinearModule::moduleName).toList());
    }
}
