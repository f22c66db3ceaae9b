package io.plumbline.inference.sampling;

import io.plumbline.inference.kernel.host.LogitPasses;
import io.plumbline.inference.kernel.host.PortableLogitPasses;
import io.plumbline.inference.pool.SamplingSettings;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A model's logits after mask, bias and penalties. Bias and penalties touch few tokens: their logits are kept beside the
 * others in double precision, and −∞ stands in their place.
 */
final class AdjustedLogits {
    private final int vocabulary;
    private final LogitScan scan;
    private final LogitPasses passes;

    /** Logits by token, −∞ where changed: the model's own array, or a copy where something is different. */
    private float[] plain = {};

    private final float[] copy;

    /** Bit {@code t % 64} of word {@code t / 64}: the logit of token t is {@code changed[t]}. */
    private final long[] isChanged;

    private final double[] changed;
    private int[] changedTokens = new int[64];
    private int changes;
    private int best;

    AdjustedLogits(int vocabulary, LogitPasses passes) {
        this.passes = passes;
        this.vocabulary = vocabulary;
        this.scan = new LogitScan(vocabulary, passes);
        this.copy = new float[vocabulary];
        this.isChanged = new long[Math.ceilDiv(vocabulary, Long.SIZE)];
        this.changed = new double[vocabulary];
    }

    /**
     * Takes in the logits of a step.
     *
     * @param raw must not change until the next call
     * @param allowed the tokens that may come, null = all
     * @throws ArithmeticException if a logit is not a number or the largest is infinite
     */
    void read(float[] raw, SamplingSettings settings, TokenHistory history, long @Nullable [] allowed) {
        forgetChanges();
        plain = raw;
        if (allowed != null) {
            Arrays.fill(copy, Float.NEGATIVE_INFINITY);
            take(raw, allowed);
            plain = copy;
        }
        boolean penalties = settings.repetitionPenalty() != 1
                || settings.frequencyPenalty() != 0
                || settings.presencePenalty() != 0;
        if (penalties || !settings.logitBias().isEmpty()) {
            if (allowed == null) {
                System.arraycopy(raw, 0, copy, 0, vocabulary);
                plain = copy;
            }
            settings.logitBias().forEach((token, bias) -> {
                if (token >= 0 && token < vocabulary) {
                    change(token, logit(token) + bias);
                }
            });
            if (penalties) {
                penalise(settings, history);
            }
        }
        scan.read(plain);
        best = findBest();
        double largest = logit(best);
        if (Double.isInfinite(largest)) {
            throw new ArithmeticException("the largest logit is " + largest);
        }
    }

    /** Copies what is allowed; of a word of the mask whatever bits are fewer are looked at one by one. */
    private void take(float[] raw, long[] allowed) {
        int words = Math.min(allowed.length, isChanged.length);
        for (int word = 0; word < words; word++) {
            int base = word * Long.SIZE;
            int count = Math.min(Long.SIZE, vocabulary - base);
            boolean mostly = Long.bitCount(allowed[word]) > Long.SIZE / 2;
            if (mostly) {
                System.arraycopy(raw, base, copy, base, count);
            }
            for (long rest = mostly ? ~allowed[word] : allowed[word]; rest != 0; rest &= rest - 1) {
                int bit = Long.numberOfTrailingZeros(rest);
                if (bit < count) {
                    copy[base + bit] = mostly ? Float.NEGATIVE_INFINITY : raw[base + bit];
                }
            }
        }
    }

    private void penalise(SamplingSettings settings, TokenHistory history) {
        for (int i = 0; i < history.distinct(); i++) {
            int token = history.token(i);
            if (token >= vocabulary) {
                continue;
            }
            double logit = logit(token);
            logit = logit < 0 ? logit * settings.repetitionPenalty() : logit / settings.repetitionPenalty();
            int count = history.generated(i);
            if (count > 0) {
                logit -= settings.frequencyPenalty() * count + settings.presencePenalty();
            }
            change(token, logit);
        }
    }

    private void change(int token, double logit) {
        if (!isChanged(token)) {
            if (changes == changedTokens.length) {
                changedTokens = Arrays.copyOf(changedTokens, 2 * changes);
            }
            changedTokens[changes++] = token;
            isChanged[token / Long.SIZE] |= 1L << token;
            plain[token] = Float.NEGATIVE_INFINITY;
        }
        changed[token] = logit;
    }

    private void forgetChanges() {
        for (int i = 0; i < changes; i++) {
            isChanged[changedTokens[i] / Long.SIZE] = 0;
        }
        changes = 0;
    }

    private boolean isChanged(int token) {
        return (isChanged[token / Long.SIZE] >>> token & 1) != 0;
    }

    private int findBest() {
        int best = scan.best();
        double largest = logit(best);
        for (int i = 0; i < changes; i++) {
            int token = changedTokens[i];
            if (Double.isNaN(changed[token])) {
                throw new ArithmeticException("the logit of token %d is not a number".formatted(token));
            }
            if (changed[token] > largest || (changed[token] == largest && token < best)) {
                best = token;
                largest = changed[token];
            }
        }
        return best;
    }

    int vocabulary() {
        return vocabulary;
    }

    /** The token of the largest logit; of equal ones the lowest id. */
    int best() {
        return best;
    }

    /** The largest logit. */
    double largest() {
        return logit(best);
    }

    double logit(int token) {
        return isChanged(token) ? changed[token] : plain[token];
    }

    /** A logit that at least {@code count} tokens reach, as near the count-th largest as is found cheaply. */
    double reachedBy(int count) {
        return scan.reachedBy(count);
    }

    /** Replaces the candidates by all tokens whose logit is at least a threshold, by ascending id. */
    void above(double threshold, Candidates to) {
        to.clear();
        for (int tile = 0; tile < scan.tiles(); tile++) {
            scan.above(tile, threshold, to);
            if (changes > 0) {
                changedAbove(tile * LogitScan.tileSize(), threshold, to);
            }
        }
    }

    private void changedAbove(int from, double threshold, Candidates to) {
        int lastWord = Math.min((from + LogitScan.tileSize()) / Long.SIZE, isChanged.length);
        for (int word = from / Long.SIZE; word < lastWord; word++) {
            for (long rest = isChanged[word]; rest != 0; rest &= rest - 1) {
                int token = word * Long.SIZE + Long.numberOfTrailingZeros(rest);
                if (changed[token] >= threshold) {
                    to.insert(token, changed[token]);
                }
            }
        }
    }

    /**
     * Sums of weights over runs of {@link LogitPasses#WEIGHT_ROW} tokens.
     *
     * @param scale of the distance from the largest logit
     * @param sums one element per row
     * @return the sum of the sums
     */
    double rowSums(double scale, double[] sums) {
        passes.weightSums(plain, largest(), scale, sums);
        double total = 0;
        for (int row = 0; row < sums.length; row++) {
            if (changes > 0) {
                sums[row] += changedWeights(row * LogitPasses.WEIGHT_ROW, scale);
            }
            total += sums[row];
        }
        return total;
    }

    private double changedWeights(int from, double scale) {
        double sum = 0;
        int lastWord = Math.min((from + LogitPasses.WEIGHT_ROW) / Long.SIZE, isChanged.length);
        for (int word = from / Long.SIZE; word < lastWord; word++) {
            for (long rest = isChanged[word]; rest != 0; rest &= rest - 1) {
                int token = word * Long.SIZE + Long.numberOfTrailingZeros(rest);
                sum += PortableLogitPasses.weight((changed[token] - largest()) * scale);
            }
        }
        return sum;
    }
}
