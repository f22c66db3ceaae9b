package io.plumbline.inference.sampling;

import io.plumbline.inference.kernel.cpu.CpuProvider;
import io.plumbline.inference.kernel.host.LogitPasses;
import io.plumbline.inference.pool.SamplingSettings;
import org.jspecify.annotations.Nullable;

/**
 * Turns logits into the distribution that the settings ask for. The order is that of Hugging Face transformers' logits
 * processors, with OpenAI's two penalties after the repetition penalty: tokens that are not allowed drop out, logit bias,
 * repetition penalty, frequency and presence penalty, temperature, top-k, top-p, min-p, softmax. Computed in double
 * precision, and to the same bits on every machine.
 *
 * <p>Vocabularies are long and few of their tokens matter. So the logits are read once for their maxima, and only tokens
 * that can stay in play are looked at one by one; the weights of all are computed only where their sum is needed: for
 * top-p without top-k, and where nothing limits the tokens. See {@link LogitScan} and {@link LogitPasses}.
 *
 * <p>Not for use by several threads at once; one sampler serves any number of sequences.
 */
public final class Sampler {
    /** A threshold that all logits reach but −∞. */
    static final double EVERY_LOGIT = -Double.MAX_VALUE;

    /** Beyond this, 0 times the scale would no longer be 0: such a temperature is greedy in effect anyway. */
    private static final double LARGEST_SCALE = 1e300;

    /**
     * How far below the largest logit top-p looks for its tokens, in units of temperature, first near, then farther:
     * e^-6 of the largest probability, and so on.
     */
    private static final double[] REACHES = {6, 12, 24, Double.POSITIVE_INFINITY};

    /** Makes sure that a threshold on logits misses no token that a threshold on weights keeps. */
    private static final double SLACK = 1e-6;

    private final AdjustedLogits logits;
    private final Candidates candidates = new Candidates();
    private final double[] rowSums;
    private final LogProbabilities logProbabilities;

    /** @param vocabulary number of logits */
    public Sampler(int vocabulary) {
        this(vocabulary, CpuProvider.logitPasses());
    }

    /** A sampler with these passes instead of the fastest; for tests that compare them. */
    Sampler(int vocabulary, LogitPasses passes) {
        logits = new AdjustedLogits(vocabulary, passes);
        rowSums = new double[Math.ceilDiv(vocabulary, LogitPasses.WEIGHT_ROW)];
        logProbabilities = new LogProbabilities(vocabulary, passes);
    }

    /**
     * The distribution of the next token.
     *
     * @param raw logits[vocabulary] of the model; not changed, and not to be changed while the distribution is in use
     * @param settings a biased token beyond the vocabulary is ignored
     * @param history tokens of prompt and answer so far
     * @throws ArithmeticException if a logit is not a number or all are −∞: the model's computation failed
     */
    public TokenDistribution distribution(float[] raw, SamplingSettings settings, TokenHistory history) {
        return distribution(raw, settings, history, null);
    }

    /**
     * As above, of some tokens only; the others drop out before anything else is done.
     *
     * @param allowed bit {@code t % 64} of word {@code t / 64} says whether token t may come, beyond the last word none;
     *     null = all may
     */
    public TokenDistribution distribution(
            float[] raw, SamplingSettings settings, TokenHistory history, long @Nullable [] allowed) {
        if (raw.length != logits.vocabulary()) {
            throw new IllegalArgumentException(
                    "%d logits for a vocabulary of %d".formatted(raw.length, logits.vocabulary()));
        }
        logits.read(raw, settings, history, allowed);
        if (settings.temperature() == 0) {
            return best();
        }
        double scale = Math.min(1 / settings.temperature(), LARGEST_SCALE);
        boolean topK = settings.topK() > 0 && settings.topK() < raw.length;
        if (!topK && settings.topP() >= 1 && settings.minP() <= 0) {
            return new WholeVocabulary(logits, scale, rowSums, candidates);
        }
        if (topK) {
            likeliest(settings.topK());
            candidates.weigh(logits.largest(), scale);
            if (settings.topP() < 1) {
                candidates.keepUpTo(settings.topP() * candidates.total());
            }
        } else if (settings.topP() < 1) {
            nucleus(settings.topP(), scale);
        } else {
            logits.above(reach(-Math.log(settings.minP()), scale), candidates);
            candidates.weigh(logits.largest(), scale);
        }
        if (settings.minP() > 0) {
            candidates.keepWeight(settings.minP()); // the largest weight is 1
        }
        return new ListedTokens(candidates, candidates.total());
    }

    private TokenDistribution best() {
        candidates.clear();
        candidates.add(logits.best(), logits.largest());
        candidates.weigh(logits.largest(), 1);
        return new ListedTokens(candidates, 1);
    }

    private void likeliest(int k) {
        logits.above(Math.max(EVERY_LOGIT, logits.reachedBy(k)), candidates);
        candidates.keepTopK(k);
    }

    /** Top-p of the whole vocabulary: the sum is taken over all, the tokens are looked for near the largest logit. */
    private void nucleus(double p, double scale) {
        double target = p * logits.rowSums(scale, rowSums);
        for (double distance : REACHES) {
            logits.above(reach(distance, scale), candidates);
            candidates.weigh(logits.largest(), scale);
            if (candidates.keepUpTo(target)) {
                return;
            }
        }
    }

    /** The logit so far below the largest, in units of temperature, or a little lower. */
    private double reach(double distance, double scale) {
        double below = distance / scale;
        return Math.max(EVERY_LOGIT, logits.largest() - below - SLACK * (below + Math.abs(logits.largest())));
    }

    /** Log-probabilities for the same vocabulary. */
    public LogProbabilities logProbabilities() {
        return logProbabilities;
    }

    /** Number of logits. */
    public int vocabulary() {
        return logits.vocabulary();
    }
}
