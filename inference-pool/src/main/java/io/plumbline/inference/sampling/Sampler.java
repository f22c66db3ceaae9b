package io.plumbline.inference.sampling;

import io.plumbline.inference.pool.SamplingSettings;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Turns logits into the distribution that the settings ask for. The order is that of Hugging Face transformers' logits
 * processors, with OpenAI's two penalties after the repetition penalty: tokens that are not allowed drop out, logit bias, repetition penalty, frequency and
 * presence penalty, temperature, top-k, top-p, min-p, softmax. Computed in double precision.
 *
 * <p>Not for use by several threads at once; one sampler serves any number of sequences.
 */
public final class Sampler {
    /** Logits after the settings, by token id. */
    private final double[] logits;

    /** Tokens still in play, and beside each its unnormalised probability. */
    private final int[] tokens;

    private final double[] weights;
    private final double[] heap;

    /** @param vocabulary number of logits */
    public Sampler(int vocabulary) {
        logits = new double[vocabulary];
        tokens = new int[vocabulary];
        weights = new double[vocabulary];
        heap = new double[vocabulary];
    }

    /**
     * The distribution of the next token.
     *
     * @param raw logits[vocabulary] of the model; not changed
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
        if (raw.length != logits.length) {
            throw new IllegalArgumentException("%d logits for a vocabulary of %d".formatted(raw.length, logits.length));
        }
        if (allowed == null) {
            for (int token = 0; token < raw.length; token++) {
                logits[token] = raw[token];
            }
        } else {
            take(raw, allowed);
        }
        settings.logitBias().forEach((token, bias) -> {
            if (token >= 0 && token < logits.length) {
                logits[token] += bias;
            }
        });
        penalise(settings, history);
        int best = best();
        if (settings.temperature() == 0) {
            tokens[0] = best;
            weights[0] = 1;
            return new TokenDistribution(tokens, weights, 1, 1);
        }
        for (int token = 0; token < logits.length; token++) {
            logits[token] /= settings.temperature();
        }
        int size = topK(settings.topK());
        weigh(size, logits[best]);
        size = topP(size, settings.topP());
        size = minP(size, settings.minP());
        return new TokenDistribution(tokens, weights, size, sum(size));
    }

    private void take(float[] raw, long[] allowed) {
        Arrays.fill(logits, Double.NEGATIVE_INFINITY);
        int words = Math.min(allowed.length, (raw.length + 63) / 64);
        for (int word = 0; word < words; word++) {
            int base = word * 64;
            int end = Math.min(base + 64, raw.length);
            if (allowed[word] == -1) {
                for (int token = base; token < end; token++) {
                    logits[token] = raw[token];
                }
            } else {
                for (long rest = allowed[word]; rest != 0; rest &= rest - 1) {
                    int token = base + Long.numberOfTrailingZeros(rest);
                    if (token < end) {
                        logits[token] = raw[token];
                    }
                }
            }
        }
    }

    private void penalise(SamplingSettings settings, TokenHistory history) {
        double repetition = settings.repetitionPenalty();
        double frequency = settings.frequencyPenalty();
        double presence = settings.presencePenalty();
        if (repetition == 1 && frequency == 0 && presence == 0) {
            return;
        }
        for (int i = 0; i < history.distinct(); i++) {
            int token = history.token(i);
            if (token >= logits.length) {
                continue;
            }
            double logit = logits[token];
            logit = logit < 0 ? logit * repetition : logit / repetition;
            int count = history.generated(i);
            if (count > 0) {
                logit -= frequency * count + presence;
            }
            logits[token] = logit;
        }
    }

    /** The token of the largest logit; of equal ones the lowest id. */
    private int best() {
        int best = 0;
        for (int token = 0; token < logits.length; token++) {
            if (Double.isNaN(logits[token])) {
                throw new ArithmeticException("the logit of token %d is not a number".formatted(token));
            }
            if (logits[token] > logits[best]) {
                best = token;
            }
        }
        if (Double.isInfinite(logits[best])) {
            throw new ArithmeticException("the largest logit is " + logits[best]);
        }
        return best;
    }

    /**
     * Puts the tokens whose logit is at least the k-th largest in play; all if k is 0, but for those that dropped out.
     * Returns how many.
     */
    private int topK(int k) {
        double all = -Double.MAX_VALUE;
        double threshold = k == 0 || k >= logits.length ? all : Math.max(all, kthLargest(k));
        int size = 0;
        for (int token = 0; token < logits.length; token++) {
            if (logits[token] >= threshold) {
                tokens[size++] = token;
            }
        }
        return size;
    }

    /** The k-th largest logit, by a heap of the k largest so far: most logits are dropped after one comparison. */
    private double kthLargest(int k) {
        System.arraycopy(logits, 0, heap, 0, k);
        for (int i = k / 2 - 1; i >= 0; i--) {
            siftDownSmallest(i, k);
        }
        for (int token = k; token < logits.length; token++) {
            if (logits[token] > heap[0]) {
                heap[0] = logits[token];
                siftDownSmallest(0, k);
            }
        }
        return heap[0];
    }

    private void siftDownSmallest(int start, int size) {
        double value = heap[start];
        int hole = start;
        for (int child = 2 * hole + 1; child < size; child = 2 * hole + 1) {
            if (child + 1 < size && heap[child + 1] < heap[child]) {
                child++;
            }
            if (heap[child] >= value) {
                break;
            }
            heap[hole] = heap[child];
            hole = child;
        }
        heap[hole] = value;
    }

    private void weigh(int size, double largest) {
        for (int i = 0; i < size; i++) {
            weights[i] = Math.exp(logits[tokens[i]] - largest);
        }
    }

    /** Keeps the most likely tokens until they make up p; the one that crosses p stays. Returns how many. */
    private int topP(int size, double p) {
        if (p >= 1) {
            return size;
        }
        // A heap gives up the likeliest tokens one by one, in O(size + kept·log size), without sorting the rest.
        for (int i = size / 2 - 1; i >= 0; i--) {
            siftDownLikeliest(i, size);
        }
        double target = p * sum(size);
        double cumulative = 0;
        int end = size;
        while (end > 0 && (cumulative < target || end == size)) {
            cumulative += weights[0];
            end--;
            swap(0, end);
            siftDownLikeliest(0, end);
        }
        int kept = size - end; // they lie at the end, the likeliest last
        for (int i = 0; i < kept && i < size - 1 - i; i++) {
            swap(i, size - 1 - i);
        }
        return kept;
    }

    private void siftDownLikeliest(int start, int size) {
        int hole = start;
        while (true) {
            int child = 2 * hole + 1;
            if (child + 1 < size && likelier(child + 1, child)) {
                child++;
            }
            if (child >= size || !likelier(child, hole)) {
                return;
            }
            swap(hole, child);
            hole = child;
        }
    }

    /** Order of top-p: by weight, of equal weights the lower id first. */
    private boolean likelier(int a, int b) {
        return weights[a] > weights[b] || (weights[a] == weights[b] && tokens[a] < tokens[b]);
    }

    private void swap(int a, int b) {
        int token = tokens[a];
        tokens[a] = tokens[b];
        tokens[b] = token;
        double weight = weights[a];
        weights[a] = weights[b];
        weights[b] = weight;
    }

    /** Drops tokens less likely than m times the likeliest, whose weight is 1. Returns how many are left. */
    private int minP(int size, double m) {
        if (m <= 0) {
            return size;
        }
        int kept = 0;
        for (int i = 0; i < size; i++) {
            if (weights[i] >= m) {
                tokens[kept] = tokens[i];
                weights[kept++] = weights[i];
            }
        }
        return kept;
    }

    private double sum(int size) {
        double sum = 0;
        for (int i = 0; i < size; i++) {
            sum += weights[i];
        }
        return sum;
    }

    /** Number of logits. */
    public int vocabulary() {
        return logits.length;
    }
}
