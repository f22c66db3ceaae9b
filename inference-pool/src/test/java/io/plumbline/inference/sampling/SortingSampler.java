package io.plumbline.inference.sampling;

import io.plumbline.inference.pool.SamplingSettings;
import java.util.Comparator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The oracle of {@link Sampler}: the same distribution step by step as its documentation says it, over all tokens, by
 * sorting them. Slow, and to stay.
 */
final class SortingSampler {
    private SortingSampler() {}

    /** Probabilities by token; 0 = not in play. */
    static double[] probabilities(
            float[] raw, SamplingSettings settings, TokenHistory history, long @Nullable [] allowed) {
        double[] logits = adjusted(raw, settings, history, allowed);
        // stable: of equal logits the lower id comes first
        int[] byLogit = IntStream.range(0, raw.length)
                .filter(token -> logits[token] > Double.NEGATIVE_INFINITY)
                .boxed()
                .sorted(Comparator.<Integer>comparingDouble(token -> logits[token])
                        .reversed())
                .mapToInt(Integer::intValue)
                .toArray();
        double[] weights = new double[byLogit.length];
        if (settings.temperature() == 0) {
            weights[0] = 1;
            return normalised(byLogit, weights, 1, raw.length);
        }
        double largest = logits[byLogit[0]];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = StrictMath.exp((logits[byLogit[i]] - largest) / settings.temperature());
        }
        int size = byLogit.length;
        int k = settings.topK();
        if (k > 0 && k < size) {
            size = k;
            while (size < byLogit.length && logits[byLogit[size]] == logits[byLogit[k - 1]]) {
                size++;
            }
        }
        if (settings.topP() < 1) {
            double target = settings.topP() * sum(weights, size);
            int kept = 0;
            for (double sum = 0; kept < size && sum < target; kept++) {
                sum += weights[kept];
            }
            size = kept;
        }
        while (size > 0 && weights[size - 1] < settings.minP()) {
            size--;
        }
        return normalised(byLogit, weights, size, raw.length);
    }

    private static double[] adjusted(
            float[] raw, SamplingSettings settings, TokenHistory history, long @Nullable [] allowed) {
        double[] logits = new double[raw.length];
        for (int token = 0; token < raw.length; token++) {
            boolean may =
                    allowed == null || (token / 64 < allowed.length && (allowed[token / 64] >>> (token % 64) & 1) == 1);
            logits[token] = may ? raw[token] : Double.NEGATIVE_INFINITY;
        }
        settings.logitBias().forEach((token, bias) -> {
            if (token >= 0 && token < raw.length) {
                logits[token] += bias;
            }
        });
        for (int i = 0; i < history.distinct(); i++) {
            int token = history.token(i);
            if (token < raw.length) {
                double logit = logits[token];
                logit = logit < 0 ? logit * settings.repetitionPenalty() : logit / settings.repetitionPenalty();
                int count = history.generated(i);
                logits[token] =
                        count == 0 ? logit : logit - settings.frequencyPenalty() * count - settings.presencePenalty();
            }
        }
        return logits;
    }

    private static double sum(double[] weights, int size) {
        double sum = 0;
        for (int i = 0; i < size; i++) {
            sum += weights[i];
        }
        return sum;
    }

    private static double[] normalised(int[] tokens, double[] weights, int size, int vocabulary) {
        double[] probabilities = new double[vocabulary];
        double total = sum(weights, size);
        for (int i = 0; i < size; i++) {
            probabilities[tokens[i]] = weights[i] / total;
        }
        return probabilities;
    }
}
