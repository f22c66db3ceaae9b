package io.plumbline.inference.weights;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiFunction;

/**
 * A LoRA adapter as Hugging Face PEFT stores it (Hu et al. 2021, arXiv 2106.09685). Rows of B are in Hugging Face order
 * unless {@link #toInterleaved} made it ready for a GGUF base.
 *
 * @param baseModel name of the base model, as its config states it; free text
 * @param rank r of layers in general; single layers may have another, which is that of their factors
 * @param alpha lora_alpha of layers in general
 * @param rankStabilised scale by alpha/√r instead of alpha/r (Kalajdzievski 2023, arXiv 2312.03732)
 * @param dropout dropout used in training, 0 ≤ p &lt; 1
 * @param layers factors per layer, at least one
 * @param alphas lora_alpha of the layers that have another one than {@code alpha}
 */
public record PeftAdapter(
        String baseModel,
        int rank,
        double alpha,
        boolean rankStabilised,
        double dropout,
        SortedMap<AdapterSite, LowRankPair> layers,
        SortedMap<AdapterSite, Double> alphas) {
    public PeftAdapter {
        if (rank < 1 || !usable(alpha) || !(dropout >= 0 && dropout < 1)) {
            throw new IllegalArgumentException("r=%d, lora_alpha=%s, lora_dropout=%s".formatted(rank, alpha, dropout));
        }
        layers = Collections.unmodifiableSortedMap(new TreeMap<>(layers));
        if (layers.isEmpty()) {
            throw new IllegalArgumentException("an adapter changes at least one layer");
        }
        SortedMap<AdapterSite, Double> others = new TreeMap<>(alphas);
        others.values().removeIf(value -> value == alpha);
        if (!layers.keySet().containsAll(others.keySet())
                || !others.values().stream().allMatch(PeftAdapter::usable)) {
            throw new IllegalArgumentException("impossible lora_alpha: " + others);
        }
        alphas = Collections.unmodifiableSortedMap(others);
    }

    /** An adapter with the same alpha in all layers. */
    public PeftAdapter(
            String baseModel,
            int rank,
            double alpha,
            boolean rankStabilised,
            double dropout,
            SortedMap<AdapterSite, LowRankPair> layers) {
        this(baseModel, rank, alpha, rankStabilised, dropout, layers, Collections.emptySortedMap());
    }

    private static boolean usable(double alpha) {
        return alpha > 0 && !Double.isInfinite(alpha);
    }

    /** lora_alpha of one layer. */
    public double alpha(AdapterSite site) {
        return alphas.getOrDefault(site, alpha);
    }

    /** The largest rank of any layer. */
    public int maxRank() {
        return layers.values().stream().mapToInt(LowRankPair::rank).max().orElseThrow();
    }

    /**
     * The factor of B·A in one layer.
     *
     * @throws IllegalArgumentException if the adapter leaves that layer alone
     */
    public float scale(AdapterSite site) {
        LowRankPair pair = layers.get(site);
        if (pair == null) {
            throw new IllegalArgumentException("the adapter has no " + site);
        }
        return scale(pair.rank(), alpha(site), rankStabilised);
    }

    /** The factor of B·A: alpha/r, or alpha/√r when rank-stabilised. */
    public static float scale(int rank, double alpha, boolean rankStabilised) {
        return (float) (alpha / (rankStabilised ? Math.sqrt(rank) : rank));
    }

    /** The modules that occur. */
    public Set<LinearModule> targetModules() {
        EnumSet<LinearModule> modules = EnumSet.noneOf(LinearModule.class);
        layers.keySet().forEach(site -> modules.add(site.module()));
        return modules;
    }

    /**
     * The same adapter for a base whose q and k rows are in interleaved order: GGUF files of the llama family.
     *
     * @param heads query heads
     * @param keyHeads key and value heads
     */
    public PeftAdapter toInterleaved(int heads, int keyHeads) {
        return permuted(heads, keyHeads, (pair, n) -> RopePermutation.toInterleaved(pair.b(), pair.rank(), n));
    }

    /** The same adapter in Hugging Face order, the opposite of {@link #toInterleaved}. */
    public PeftAdapter toHalves(int heads, int keyHeads) {
        return permuted(heads, keyHeads, (pair, n) -> RopePermutation.toHalves(pair.b(), pair.rank(), n));
    }

    private PeftAdapter permuted(int heads, int keyHeads, BiFunction<LowRankPair, Integer, float[]> permutation) {
        SortedMap<AdapterSite, LowRankPair> moved = new TreeMap<>(layers);
        moved.replaceAll((site, pair) -> switch (site.module()) {
            case Q_PROJ ->
                new LowRankPair(pair.in(), pair.out(), pair.rank(), pair.a(), permutation.apply(pair, heads));
            case K_PROJ ->
                new LowRankPair(pair.in(), pair.out(), pair.rank(), pair.a(), permutation.apply(pair, keyHeads));
            // No family that GGUF files permute has fused or latent modules.
            case V_PROJ,
                    QKV_PROJ,
                    Q_A_PROJ,
                    Q_B_PROJ,
                    KV_A_PROJ_WITH_MQA,
                    KV_B_PROJ,
                    O_PROJ,
                    GATE_PROJ,
                    UP_PROJ,
                    GATE_UP_PROJ,
                    DOWN_PROJ -> pair;
        });
        return new PeftAdapter(baseModel, rank, alpha, rankStabilised, dropout, moved, alphas);
    }
}
