package io.plumbline.inference.sampling;

import io.plumbline.inference.pool.TokenLogprob;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/**
 * Natural-log probabilities under the model itself, before any sampling setting: {@code logits[t] − ln Σ exp(logits)}.
 */
public final class LogProbabilities {
    private LogProbabilities() {}

    /**
     * The log-probability of a chosen token and of the best alternatives.
     *
     * @param logits logits[vocabulary]
     * @param chosen the chosen token
     * @param top number of alternatives; the chosen token may be among them
     * @param bytesOf bytes of a token
     */
    public static TokenLogprob of(float[] logits, int chosen, int top, IntFunction<byte[]> bytesOf) {
        double normaliser = logSumExp(logits);
        List<TokenLogprob> alternatives = new ArrayList<>();
        for (int token : best(logits, Math.min(top, logits.length))) {
            alternatives.add(new TokenLogprob(token, bytesOf.apply(token), logits[token] - normaliser, List.of()));
        }
        return new TokenLogprob(chosen, bytesOf.apply(chosen), logits[chosen] - normaliser, alternatives);
    }

    /** {@code ln Σ exp(logits)}, in double precision. */
    public static double logSumExp(float[] logits) {
        double largest = Double.NEGATIVE_INFINITY;
        for (float logit : logits) {
            largest = Math.max(largest, logit);
        }
        double sum = 0;
        for (float logit : logits) {
            sum += Math.exp(logit - largest);
        }
        return largest + Math.log(sum);
    }

    /** The tokens of the {@code count} largest logits, best first; of equal ones the lower id first. */
    public static int[] best(float[] logits, int count) {
        int[] best = new int[count];
        int size = 0;
        for (int token = 0; token < logits.length && count > 0; token++) {
            if (size == count && logits[token] <= logits[best[count - 1]]) {
                continue;
            }
            int place = size < count ? size++ : count - 1;
            while (place > 0 && logits[token] > logits[best[place - 1]]) {
                best[place] = best[place - 1];
                place--;
            }
            best[place] = token;
        }
        return best;
    }
}
