package io.plumbline.inference.model.golden;

import io.plumbline.inference.evaluation.SingleSequence;
import io.plumbline.inference.golden.GoldenResult.Outcome;
import io.plumbline.inference.model.LoadedModel;
import io.plumbline.inference.sampling.LogProbabilities;
import io.plumbline.inference.weights.SafetensorsFile;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A model with activations of 8 bits cannot give the exact log-probabilities, and no two such engines agree. What can be
 * asked is that its mean error is no larger than that of llama.cpp on the same tokens, and that it chooses the exact
 * result's token wherever that has a clear lead.
 */
final class EightBitComparison {
    /** Log-probability by which the best token must lead. */
    private static final double CLEAR_LEAD = 0.5;

    /** Share of clear positions where another token may be chosen. */
    private static final double OTHER_CHOICES = 0.02;

    private final LoadedModel model;
    private final SafetensorsFile golden;
    private double ownError;
    private double peerError;
    private int positions;
    private int clear;
    private int otherChoices;

    /** @param model loaded with activations of 8 bits */
    EightBitComparison(LoadedModel model, SafetensorsFile golden) {
        this.model = model;
        this.golden = golden;
    }

    /** Results by what was compared, over all prompts. */
    Map<String, Outcome> outcomes() {
        for (int i = 0; golden.any("p%d.tokens".formatted(i)).isPresent(); i++) {
            prompt("p%d.".formatted(i));
        }
        Map<String, Outcome> outcomes = new LinkedHashMap<>();
        outcomes.put(
                "8-bit activations, mean error",
                Comparisons.compared(
                        positions,
                        ownError / positions,
                        peerError / positions,
                        "|log-probability - exact| of %d positions; tolerance = llama.cpp's".formatted(positions)));
        outcomes.put(
                "8-bit activations, choices",
                Comparisons.compared(
                        clear,
                        (double) otherChoices / clear,
                        OTHER_CHOICES,
                        "share of %d positions with a clear lead where another token is chosen".formatted(clear)));
        return outcomes;
    }

    private void prompt(String prefix) {
        int[] tokens = golden.require(prefix + "tokens").toInts();
        int[] topIds = golden.require(prefix + "top_ids.exact").toInts();
        float[] topLogprobs = golden.require(prefix + "top_logprobs.exact").toFloats();
        float[] exact = golden.require(prefix + "next_logprob.exact").toFloats();
        float[] peer = golden.require(prefix + "next_logprob.llamacpp").toFloats();
        int top = topIds.length / tokens.length;
        try (SingleSequence sequence = new SingleSequence(model, tokens.length, null)) {
            sequence.append(tokens, (position, logits) -> {
                if (topLogprobs[position * top] - topLogprobs[position * top + 1] > CLEAR_LEAD) {
                    clear++;
                    otherChoices += SingleSequence.argmax(logits) == topIds[position * top] ? 0 : 1;
                }
                if (position < exact.length) {
                    double own = logits[tokens[position + 1]] - LogProbabilities.logSumExp(logits);
                    ownError += Math.abs(own - exact[position]);
                    peerError += Math.abs(peer[position] - exact[position]);
                    positions++;
                }
            });
        }
    }
}
