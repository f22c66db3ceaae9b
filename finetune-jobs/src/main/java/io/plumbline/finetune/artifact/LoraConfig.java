package io.plumbline.finetune.artifact;

import io.plumbline.inference.weights.AdapterSite;
import io.plumbline.inference.weights.LinearModule;
import io.plumbline.inference.weights.LowRankPair;
import io.plumbline.inference.weights.PeftAdapter;
import java.util.List;
import java.util.SortedMap;

/**
 * What PEFT's {@code adapter_config.json} says about a LoRA adapter of this product.
 *
 * @param rank r
 * @param alpha lora_alpha
 * @param rankStabilized use_rslora
 * @param modules target_modules
 */
public record LoraConfig(int rank, double alpha, boolean rankStabilized, List<LinearModule> modules) {
    public LoraConfig {
        modules = modules.stream().sorted().distinct().toList();
        if (rank < 1 || modules.isEmpty()) {
            throw new IllegalArgumentException(
                    "an adapter has a rank and target modules, not %d and %s".formatted(rank, modules));
        }
    }

    /** Factor on B·A: alpha/r, or alpha/√r when rank-stabilised (arXiv 2312.03732). */
    public float scale() {
        return PeftAdapter.scale(rank, alpha, rankStabilized);
    }

    /**
     * An adapter of this configuration; training uses no dropout.
     *
     * @param baseName how it names its base model
     * @param layers its factors
     */
    PeftAdapter adapter(String baseName, SortedMap<AdapterSite, LowRankPair> layers) {
        return new PeftAdapter(baseName, rank, alpha, rankStabilized, 0, layers);
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
