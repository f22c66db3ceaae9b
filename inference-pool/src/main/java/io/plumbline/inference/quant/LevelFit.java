package io.plumbline.inference.quant;

/**
 * Scales of a block whose elements are {@code d·s[j]·level[q]} with signed s: Q3_K, Q6_K, IQ4_NL and IQ4_XS. Looks for
 * the least sum of squared errors: a grid of scales per sub-block with the least-squares scale of each assignment, then
 * the nearest representable scales, then d by least squares once more.
 *
 * <p>Holds the result of the last {@link #fit}; not thread-safe.
 */
final class LevelFit extends UnitSearch {
    /** Scales tried per sub-block, as shares of the scale at which the largest value meets the end of the levels. */
    private static final float[] SHARES = {
        0.8f, 0.83f, 0.86f, 0.88f, 0.9f, 0.92f, 0.94f, 0.96f, 0.98f, 1f, 1.02f, 1.04f, 1.06f, 1.09f, 1.12f, 1.16f
    };

    private static final int POLISHES = 2;

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
    /** Of the ideal scales, that furthest from zero. */
    private float extreme;

    private float scale;
    private float mostExplained;

    /** One way to store the block. */
    static final class Candidate {
        float d;
        final int[] scales;
        final int[] quants;

        private Candidate(int subBlocks, int elements) {
            scales = new int[subBlocks];
            quants = new int[elements];
        }

        private void take(Candidate other) {
            d = other.d;
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
        extreme = 0;
        for (int j = 0; j < idealScales.length; j++) {
            idealScales[j] = scaleOf(x, from + j * subElements);
            extreme = Math.abs(idealScales[j]) > Math.abs(extreme) ? idealScales[j] : extreme;
        }
        search(STARTS, x, from);
        return best;
    }

    @Override
    void start(float share) {
        // The largest scale takes the end that reaches further from zero, or stays a little short of it.
        int end = -leastScale > mostScale ? leastScale : mostScale;
        tried.d = HalfFloat.round(extreme / (end * share));
        for (int j = 0; j < idealScales.length; j++) {
            tried.scales[j] = tried.d == 0 ? leastScale : nearest(idealScales[j] / tried.d);
        }
    }

    @Override
    void keep() {
        best.take(tried);
    }

    private int nearest(float scale) {
        return Math.clamp((int) Math.rint(scale), leastScale, mostScale);
    }

    /** The factor of the levels that fits one sub-block best. */
    private float scaleOf(float[] x, int from) {
        float furthest = 0;
        for (int i = from; i < from + subElements; i++) {
            furthest = Math.abs(x[i]) > Math.abs(furthest) ? x[i] : furthest;
        }
        if (furthest == 0) {
            return 0;
        }
        scale = 0;
        mostExplained = -1;
        for (float share : SHARES) {
            tryScale(x, from, furthest / levels.least() * share);
            tryScale(x, from, furthest / levels.most() * share);
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

    @Override
    double improve(float[] x, int from) {
        double total = 0;
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
            total += error;
            float inverse = inverse(tried.d * bestScale);
            for (int i = 0; i < subElements; i++) {
                tried.quants[j * subElements + i] = levels.nearest(x[at + i] * inverse);
            }
        }
        return total;
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

    @Override
    void refit(float[] x, int from) {
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
