package io.plumbline.inference.sampling;

import io.plumbline.inference.kernel.cpu.CpuProvider;
import io.plumbline.inference.kernel.host.CanonicalMath;
import io.plumbline.inference.kernel.host.LogitPasses;
import io.plumbline.inference.pool.TokenLogprob;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/**
 * Natural-log probabilities under the model itself, before any sampling setting: {@code logits[t] − ln Σ exp(logits)}.
 * Not for use by several threads at once.
 */
public final class LogProbabilities {
    private final LogitScan scan;
    private final LogitPasses passes;
    private final double[] rowSums;
    private final Candidates candidates = new Candidates();

    /** @param vocabulary number of logits */
    public LogProbabilities(int vocabulary) {
        this(vocabulary, CpuProvider.logitPasses());
    }

    LogProbabilities(int vocabulary, LogitPasses passes) {
        this.passes = passes;
        scan = new LogitScan(vocabulary, passes);
        rowSums = new double[Math.ceilDiv(vocabulary, LogitPasses.WEIGHT_ROW)];
    }

    /**
     * The log-probability of a chosen token and of the best alternatives.
     *
     * @param logits logits[vocabulary]
     * @param chosen the chosen token
     * @param top number of alternatives; the chosen token may be among them
     * @param bytesOf bytes of a token
     */
    public TokenLogprob of(float[] logits, int chosen, int top, IntFunction<byte[]> bytesOf) {
        scan.read(logits);
        double normaliser = normaliser(logits);
        List<TokenLogprob> alternatives = new ArrayList<>();
        int[] best = top == 0 ? new int[0] : best(Math.min(top, logits.length));
        for (int token : best) {
            alternatives.add(new TokenLogprob(token, bytesOf.apply(token), logits[token] - normaliser, List.of()));
        }
        return new TokenLogprob(chosen, bytesOf.apply(chosen), logits[chosen] - normaliser, alternatives);
    }

    /** {@code ln Σ exp(logits)}, in double precision. */
    public static double logSumExp(float[] logits) {
        LogProbabilities probabilities = new LogProbabilities(logits.length);
        probabilities.scan.read(logits);
        return probabilities.normaliser(logits);
    }

    private double normaliser(float[] logits) {
        double largest = scan.largest();
        if (!Double.isFinite(largest)) {
            return largest; // the model's computation failed
        }
        passes.weightSums(logits, largest, 1, rowSums);
        double sum = 0;
        for (double rowSum : rowSums) {
            sum += rowSum;
        }
        return largest + CanonicalMath.log(sum);
    }

    /** The tokens of the {@code count} largest logits, best first; of equal ones the lower id first. None is −∞. */
    private int[] best(int count) {
        candidates.clear();
        double threshold = Math.max(Sampler.EVERY_LOGIT, scan.reachedBy(count));
        for (int tile = 0; tile < scan.tiles(); tile++) {
            scan.above(tile, threshold, candidates);
        }
        candidates.keepTopK(count);
        int[] best = new int[Math.min(count, candidates.size())];
        double[] logits = new double[best.length];
        int size = 0;
        for (int i = 0; i < candidates.size(); i++) {
            double logit = candidates.logit(i);
            if (size == best.length && logit <= logits[size - 1]) {
                continue;
            }
            int place = size < best.length ? size++ : size - 1;
            for (; place > 0 && logit > logits[place - 1]; place--) {
                best[place] = best[place - 1];
                logits[place] = logits[place - 1];
            }
            best[place] = candidates.token(i);
            logits[place] = logit;
        }
        return best;
    }
}
