package io.plumbline.inference.quant;

/**
 * Scales of a block whose elements are {@code d·s[j]·level[q]} with signed s: Q3_K, Q6_K, IQ4_NL and IQ4_XS. Looks for
 * the least sum of squared errors: a grid of scales per sub-block with the least-squares scale of each assignment, then
 * the nearest representable scales, then d by least squares once more.
 *
 * <p>Holds the result of the last {@link #fit}; not thread-safe.
 */
final class LevelFit {
    /** Scales tried per sub-block, as shares of the scale at which the largest value meets the end of the levels. */
    private static final float[] SHARES = {
        0.8f, 0.83f, 0.86f, 0.88f, 0.9f, 0.92f, 0.94f, 0.96f, 0.98f, 1f, 1.02f, 1.04f, 1.06f, 1.09f, 1.12f, 1.16f
    };

    private static final int POLISHES = 2;
    private static final int ROUNDS = 3;

    /** Values of d tried, by the share of its range that the largest scale takes. */
    private static final float[] STARTS = {1f, 0.985f, -0.969f};

    private final int elements;
    private final int subElements;
    private final int leastScale;
    private final int mostScale;
    private final Levels levels;
    private final float[] idealScales;
    private final Candidate best;
    private final Candidate tried;
    private float scale;
    private float mostExplained;

    /** One way to store the block. */
    static final class Candidate {
        float d;
        double error;
        final int[] scales;
        final int[] quants;

        private Candidate(int subBlocks, int elements) {
            scales = new int[subBlocks];
            quants = new int[elements];
        }

        private void take(Candidate other) {
            d = other.d;
            error = other.error;
            System.arraycopy(other.scales, 0, scales, 0, scales.length);
            System.arraycopy(other.quants, 0, quants, 0, quants.length);
        }
    }

    /**
     * @param elements elements of a block
     * @param subElements elements that share a scale
     * @param leastScale smallest s
     * @param mostScale largest s
     */
    LevelFit(int elements, int subElements, int leastScale, int mostScale, Levels levels) {
        this.elements = elements;
        this.subElements = subElements;
        this.leastScale = leastScale;
        this.mostScale = mostScale;
        this.levels = levels;
        int subBlocks = elements / subElements;
        this.idealScales = new float[subBlocks];
        this.best = new Candidate(subBlocks, elements);
        this.tried = new Candidate(subBlocks, elements);
    }

    /** The best way found to store the block from {@code x[from]}; valid until the next call. */
    Candidate fit(float[] x, int from) {
        float extreme = 0;
        for (int j = 0; j < idealScales.length; j++) {
            idealScales[j] = scaleOf(x, from + j * subElements);
            extreme = Math.abs(idealScales[j]) > Math.abs(extreme) ? idealScales[j] : extreme;
        }
        // The largest scale takes the end that reaches further from zero, or stays a little short of it.
        int end = -leastScale > mostScale ? leastScale : mostScale;
        best.error = Double.POSITIVE_INFINITY;
        for (float share : STARTS) {
            tried.d = HalfFloat.round(extreme / (end * share));
            for (int j = 0; j < idealScales.length; j++) {
                tried.scales[j] = tried.d == 0 ? leastScale : nearest(idealScales[j] / tried.d);
            }
            improve(x, from);
            for (int round = 1; round < ROUNDS && takeIfBetter(); round++) {
                refit(x, from);
                improve(x, from);
            }
            takeIfBetter();
        }
        return best;
    }

    private boolean takeIfBetter() {
        boolean better = tried.error < best.error;
        if (better) {
            best.take(tried);
        }
        return better;
    }

    private int nearest(float scale) {
        return Math.clamp((int) Math.rint(scale), leastScale, mostScale);
    }

    /** The factor of the levels that fits one sub-block best. */
    private float scaleOf(float[] x, int from) {
        float extreme = 0;
        for (int i = from; i < from + subElements; i++) {
            extreme = Math.abs(x[i]) > Math.abs(extreme) ? x[i] : extreme;
        }
        if (extreme == 0) {
            return 0;
        }
        scale = 0;
        mostExplained = -1;
        for (float share : SHARES) {
            tryScale(x, from, extreme / levels.least() * share);
            tryScale(x, from, extreme / levels.most() * share);
        }
        for (int i = 0; i < POLISHES && scale != 0; i++) {
            tryScale(x, from, scale);
        }
        return scale;
    }

    /** Assigns the levels at that scale and keeps the least-squares scale of the assignment if it explains more of Σx². */
    private void tryScale(float[] x, int from, float candidate) {
        float inverse = 1 / candidate;
        if (Float.isInfinite(inverse)) {
            return;
        }
        float xl = 0;
        int ll = 0;
        for (int i = from; i < from + subElements; i++) {
            int level = levels.value(levels.nearest(x[i] * inverse));
            xl += x[i] * level;
            ll += level * level;
        }
        float explained = ll == 0 ? 0 : xl * xl / ll;
        if (explained > mostExplained) {
            mostExplained = explained;
            scale = ll == 0 ? 0 : xl / ll;
        }
    }

    /** With d as it is, moves s of every sub-block to the best neighbour and sets the quants. */
    private void improve(float[] x, int from) {
        tried.error = 0;
        for (int j = 0; j < idealScales.length; j++) {
            int at = from + j * subElements;
            int bestScale = tried.scales[j];
            float error = Float.POSITIVE_INFINITY;
            int last = Math.min(mostScale, tried.scales[j] + 1);
            for (int s = Math.max(leastScale, tried.scales[j] - 1); s <= last; s++) {
                float other = error(x, at, tried.d * s);
                if (other < error) {
                    error = other;
                    bestScale = s;
                }
            }
            tried.scales[j] = bestScale;
            tried.error += error;
            float inverse = inverse(tried.d * bestScale);
            for (int i = 0; i < subElements; i++) {
                tried.quants[j * subElements + i] = levels.nearest(x[at + i] * inverse);
            }
        }
    }

    private float error(float[] x, int from, float scale) {
        float inverse = inverse(scale);
        float sum = 0;
        for (int i = from; i < from + subElements; i++) {
            float difference = scale * levels.value(levels.nearest(x[i] * inverse)) - x[i];
            sum += difference * difference;
        }
        return sum;
    }

    private static float inverse(float scale) {
        return scale == 0 ? 0 : 1 / scale;
    }

    /** The d of least squared error for the scales and quants that {@link #improve} chose. */
    private void refit(float[] x, int from) {
        double uu = 0;
        double xu = 0;
        for (int i = 0; i < elements; i++) {
            double u = tried.scales[i / subElements] * levels.value(tried.quants[i]);
            uu += u * u;
            xu += x[from + i] * u;
        }
        if (uu > 0) {
            tried.d = HalfFloat.round((float) (xu / uu));
        }
    }
}
