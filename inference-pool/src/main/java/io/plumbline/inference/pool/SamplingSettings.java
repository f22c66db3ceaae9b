package io.plumbline.inference.pool;

import java.util.Map;
import java.util.OptionalLong;

/**
 * How the next token is drawn. Order of operations: logit bias, repetition penalty, frequency and presence penalty,
 * temperature, top-k, top-p, min-p.
 *
 * @param temperature 0 = greedy
 * @param topK 0 = off
 * @param topP 1 = off
 * @param minP 0 = off
 * @param repetitionPenalty 1 = off
 * @param presencePenalty 0 = off
 * @param frequencyPenalty 0 = off
 * @param logitBias token id → added to its logit
 * @param seed same seed, same request → same answer, whatever else is in the batch; empty = fresh randomness
 */
public record SamplingSettings(
        double temperature,
        int topK,
        double topP,
        double minP,
        double repetitionPenalty,
        double presencePenalty,
        double frequencyPenalty,
        Map<Integer, Double> logitBias,
        OptionalLong seed) {

    public SamplingSettings {
        require(temperature >= 0 && temperature <= 100, "temperature", temperature);
        require(topK >= 0, "top_k", topK);
        require(topP > 0 && topP <= 1, "top_p", topP);
        require(minP >= 0 && minP <= 1, "min_p", minP);
        require(repetitionPenalty > 0, "repetition_penalty", repetitionPenalty);
        require(Math.abs(presencePenalty) <= 2, "presence_penalty", presencePenalty);
        require(Math.abs(frequencyPenalty) <= 2, "frequency_penalty", frequencyPenalty);
        logitBias = Map.copyOf(logitBias);
    }

    private static void require(boolean condition, String name, double value) {
        if (!condition) {
            throw new IllegalArgumentException("%s out of range: %s".formatted(name, value));
        }
    }

    /** Always the most likely token. */
    public static SamplingSettings greedy() {
        return new SamplingSettings(0, 0, 1, 0, 1, 0, 0, Map.of(), OptionalLong.empty());
    }
}
