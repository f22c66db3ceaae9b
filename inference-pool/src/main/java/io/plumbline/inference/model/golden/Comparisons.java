package io.plumbline.inference.model.golden;

import io.plumbline.inference.evaluation.SingleSequence;
import io.plumbline.inference.golden.GoldenResult.Outcome;
import io.plumbline.inference.model.AdapterWeights;
import io.plumbline.inference.model.LoadedModel;
import io.plumbline.inference.sampling.LogProbabilities;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** What the suites of this package compare. */
final class Comparisons {
    private Comparisons() {}

    /**
     * The log-probability of every token after those before it.
     *
     * @param tokens at least two
     * @param expected one fewer
     */
    static Outcome nextLogprobs(
            LoadedModel model, @Nullable AdapterWeights adapter, int[] tokens, float[] expected, double tolerance) {
        double[] worst = {0};
        try (SingleSequence sequence = new SingleSequence(model, tokens.length, adapter)) {
            sequence.append(tokens, (position, logits) -> {
                if (position < expected.length) {
                    double logprob = logits[tokens[position + 1]] - LogProbabilities.logSumExp(logits);
                    worst[0] = worst(worst[0], logprob - expected[position]);
                }
            });
        }
        return compared(
                expected.length,
                worst[0],
                tolerance,
                "log-probability of the next token, %d positions".formatted(expected.length));
    }

    /**
     * Greedy continuation, up to the first step whose margin is too small to be told from rounding.
     *
     * @param margins best minus second best per step
     * @param leastMargin margins below it end the comparison
     */
    static Outcome greedy(
            LoadedModel model,
            @Nullable AdapterWeights adapter,
            int[] prompt,
            Continuation expected,
            double leastMargin) {
        int steps = 0;
        while (steps < expected.tokens().length && expected.margins()[steps] >= leastMargin) {
            steps++;
        }
        if (steps == 0) {
            return new Outcome.Refused(
                    "the first step's margin is below %s: rounding alone would decide".formatted(leastMargin));
        }
        // Teacher forcing finds every wrong step, where generating would stop telling after the first.
        int[] tokens = Arrays.copyOf(prompt, prompt.length + steps - 1);
        System.arraycopy(expected.tokens(), 0, tokens, prompt.length, steps - 1);
        int compared = steps;
        int[] wrong = {0};
        try (SingleSequence sequence = new SingleSequence(model, tokens.length, adapter)) {
            sequence.append(tokens, (position, logits) -> {
                int step = position - (prompt.length - 1);
                if (step >= 0 && step < compared && SingleSequence.argmax(logits) != expected.tokens()[step]) {
                    wrong[0]++;
                }
            });
        }
        return new Outcome.Compared(
                wrong[0], 0, "greedy tokens, %d of %d steps".formatted(steps, expected.tokens().length));
    }

    /** A comparison; one of nothing at all is a broken reference and never a pass. */
    static Outcome compared(int cases, double error, double tolerance, String detail) {
        return cases == 0
                ? new Outcome.Failed("the reference holds nothing to compare")
                : new Outcome.Compared(error, tolerance, detail);
    }

    /** The largest difference of two arrays; infinite if their lengths differ or a value is not a number. */
    static double largestDifference(float[] actual, float[] expected) {
        if (actual.length != expected.length) {
            return Double.POSITIVE_INFINITY;
        }
        double worst = 0;
        for (int i = 0; i < actual.length; i++) {
            worst = worst(worst, (double) actual[i] - expected[i]);
        }
        return worst;
    }

    /** The larger of an error and a difference; a difference that is not a number is infinitely large. */
    static double worst(double error, double difference) {
        return Double.isNaN(difference) ? Double.POSITIVE_INFINITY : Math.max(error, Math.abs(difference));
    }

    /**
     * What a reference generated.
     *
     * @param tokens one per step
     * @param margins best minus second best per step
     */
    record Continuation(int[] tokens, float[] margins) {}
}
