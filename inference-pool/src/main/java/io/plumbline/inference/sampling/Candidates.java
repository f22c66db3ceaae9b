package io.plumbline.inference.sampling;

import io.plumbline.inference.kernel.host.PortableLogitPasses;
import java.util.Arrays;

/** Tokens that are still in play, by ascending id, with their logits and weights; grows as needed. */
final class Candidates {
    private static final int BINS = 1024;

    private int[] tokens = new int[1024];
    private double[] logits = new double[1024];
    private double[] weights = new double[1024];
    private double[] sorted = new double[1024];
    private int size;

    /** What the tokens of a bin of logits measure together. */
    private final double[] bins = new double[BINS];

    /** Where a {@link #cut} is: tokens above this logit stay, and of those at it the first so many. */
    private double cutLogit;

    private int cutTies;

    /** What {@link #weigh} was told. */
    private double largest;

    private double scale;

    void clear() {
        size = 0;
    }

    /** Adds a token with a higher id than all before. */
    void add(int token, double logit) {
        if (size == tokens.length) {
            tokens = Arrays.copyOf(tokens, 2 * size);
            logits = Arrays.copyOf(logits, 2 * size);
            weights = Arrays.copyOf(weights, 2 * size);
            sorted = new double[2 * size];
        }
        tokens[size] = token;
        logits[size++] = logit;
    }

    /** Adds a token in its place: best near the end. */
    void insert(int token, double logit) {
        add(token, logit);
        int place = size - 1;
        for (; place > 0 && tokens[place - 1] > token; place--) {
            tokens[place] = tokens[place - 1];
            logits[place] = logits[place - 1];
        }
        tokens[place] = token;
        logits[place] = logit;
    }

    int size() {
        return size;
    }

    int token(int index) {
        return tokens[index];
    }

    double logit(int index) {
        return logits[index];
    }

    double weight(int index) {
        return weights[index];
    }

    /** Computes {@code weight = e^((logit − largest) · scale)} of all. */
    void weigh(double largest, double scale) {
        this.largest = largest;
        this.scale = scale;
        for (int i = 0; i < size; i++) {
            weights[i] = PortableLogitPasses.weight((logits[i] - largest) * scale);
        }
    }

    /** Sum of the weights. */
    double total() {
        double sum = 0;
        for (int i = 0; i < size; i++) {
            sum += weights[i];
        }
        return sum;
    }

    /** Keeps the k of the largest logits, and whatever equals the last of them. */
    void keepTopK(int k) {
        if (size > k && cut(k, false)) {
            cutTies = size;
            keepAboveCut();
        }
    }

    /**
     * Keeps the likeliest until their weights add up to the target; the one that reaches it stays, of equal ones the
     * lowest ids.
     *
     * @return false if all together do not reach it; then nothing changes
     */
    boolean keepUpTo(double target) {
        if (!cut(target, true)) {
            return false;
        }
        keepAboveCut();
        return true;
    }

    /** Keeps tokens of at least this weight. */
    void keepWeight(double least) {
        int kept = 0;
        for (int i = 0; i < size; i++) {
            if (weights[i] >= least) {
                move(i, kept++);
            }
        }
        size = kept;
    }

    /**
     * Finds the end of the likeliest tokens that make up the target. Bins of equal width say between which logits it
     * lies; only the tokens there are sorted.
     *
     * @param byWeight whether tokens count by weight or as 1
     * @return whether they do make it up
     */
    private boolean cut(double target, boolean byWeight) {
        double[] range = range();
        Arrays.fill(bins, 0);
        for (int i = 0; i < size; i++) {
            bins[bin(logits[i], range)] += byWeight ? weights[i] : 1;
        }
        double sum = 0;
        int bin = 0;
        while (bin < BINS && sum + bins[bin] < target) {
            sum += bins[bin++];
        }
        if (bin == BINS) {
            return false;
        }
        cutWithin(bin, range, sum, target, byWeight);
        return true;
    }

    /** The largest logit, and bins per distance from it. */
    private double[] range() {
        double smallest = Double.POSITIVE_INFINITY;
        double most = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < size; i++) {
            smallest = Math.min(smallest, logits[i]);
            most = Math.max(most, logits[i]);
        }
        return new double[] {most, most > smallest ? BINS / (most - smallest) : 0};
    }

    private static int bin(double logit, double[] range) {
        return Math.min(BINS - 1, (int) ((range[0] - logit) * range[1]));
    }

    private void cutWithin(int bin, double[] range, double sum, double target, boolean byWeight) {
        int count = 0;
        for (int i = 0; i < size; i++) {
            if (bin(logits[i], range) == bin) {
                sorted[count++] = logits[i];
            }
        }
        Arrays.sort(sorted, 0, count);
        int first = count;
        for (double reached = sum; first > 0 && reached < target; ) {
            first--;
            reached += byWeight ? PortableLogitPasses.weight((sorted[first] - largest) * scale) : 1;
        }
        cutLogit = sorted[first];
        cutTies = 1;
        while (first + cutTies < count && sorted[first + cutTies] == cutLogit) {
            cutTies++;
        }
    }

    private void keepAboveCut() {
        int kept = 0;
        int ties = cutTies;
        for (int i = 0; i < size; i++) {
            if (logits[i] > cutLogit || (logits[i] == cutLogit && ties-- > 0)) {
                move(i, kept++);
            }
        }
        size = kept;
    }

    private void move(int from, int to) {
        tokens[to] = tokens[from];
        logits[to] = logits[from];
        weights[to] = weights[from];
    }
}
