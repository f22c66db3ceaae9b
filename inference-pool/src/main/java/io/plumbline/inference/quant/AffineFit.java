package io.plumbline.inference.quant;

/**
 * Scales and minima of a super-block whose elements are {@code d·s[j]·q − dmin·m[j]} with unsigned s, m and q: Q2_K,
 * Q4_K and Q5_K. Looks for the least sum of squared errors: a grid of scales per sub-block with a least-squares line
 * through each assignment, then the nearest representable scales, then d and dmin by least squares once more.
 *
 * <p>Holds the result of the last {@link #fit}; not thread-safe.
 */
final class AffineFit extends UnitSearch {
    /** Scales tried per sub-block, as steps that the range of values is stretched or squeezed by. */
    private static final float[] STRETCHES = {0f, 0.1f, -0.1f, 0.2f, -0.2f, 0.4f, -0.4f, 0.6f, -0.6f, 0.8f, -0.8f, -1f};

    /** Values of d and dmin tried, by the share of its range that the largest scale takes. */
    private static final float[] STARTS = {1f, 0.985f, 0.969f};

    private final int subElements;
    private final int subBlocks;
    private final int scaleTop;
    private final int top;
    private final float[] idealScales;
    private final float[] idealMinima;
    private final Candidate best;
    private final Candidate tried;
    private float largestScale;
    private float largestMinimum;

    /** One way to store the super-block. */
    static final class Candidate {
        float d;
        float dmin;
        final int[] scales;
        final int[] minima;
        final int[] quants = new int[SuperBlock.ELEMENTS];

        private Candidate(int subBlocks) {
            scales = new int[subBlocks];
            minima = new int[subBlocks];
        }

        private void take(Candidate other) {
            d = other.d;
            dmin = other.dmin;
            System.arraycopy(other.scales, 0, scales, 0, scales.length);
            System.arraycopy(other.minima, 0, minima, 0, minima.length);
            System.arraycopy(other.quants, 0, quants, 0, quants.length);
        }
    }

    /**
     * @param subElements elements that share a scale
     * @param scaleTop largest s and m
     * @param top largest q
     */
    AffineFit(int subElements, int scaleTop, int top) {
        this.subElements = subElements;
        this.subBlocks = SuperBlock.ELEMENTS / subElements;
        this.scaleTop = scaleTop;
        this.top = top;
        this.idealScales = new float[subBlocks];
        this.idealMinima = new float[subBlocks];
        this.best = new Candidate(subBlocks);
        this.tried = new Candidate(subBlocks);
    }

    /** The best way found to store the 256 elements from {@code x[from]}; valid until the next call. */
    Candidate fit(float[] x, int from) {
        largestScale = 0;
        largestMinimum = 0;
        for (int j = 0; j < subBlocks; j++) {
            line(x, from + j * subElements, j);
            largestScale = Math.max(largestScale, idealScales[j]);
            largestMinimum = Math.max(largestMinimum, idealMinima[j]);
        }
        search(STARTS, x, from);
        return best;
    }

    @Override
    void start(float share) {
        tried.d = HalfFloat.round(largestScale / (scaleTop * share));
        tried.dmin = HalfFloat.round(largestMinimum / (scaleTop * share));
        for (int j = 0; j < subBlocks; j++) {
            tried.scales[j] = nearest(idealScales[j], tried.d);
            tried.minima[j] = nearest(idealMinima[j], tried.dmin);
        }
    }

    @Override
    void keep() {
        best.take(tried);
    }

    private int nearest(float value, float unit) {
        return unit == 0 ? 0 : Math.clamp((long) Math.rint((double) value / unit), 0, scaleTop);
    }

    /** The line x ≈ s·q − m of one sub-block, s ≥ 0 and m ≥ 0. */
    private void line(float[] x, int from, int sub) {
        float min = 0;
        float max = x[from];
        float sumX = 0;
        for (int i = from; i < from + subElements; i++) {
            min = Math.min(min, x[i]);
            max = Math.max(max, x[i]);
            sumX += x[i];
        }
        float range = max - min;
        idealScales[sub] = 0;
        idealMinima[sub] = -min;
        if (!(range > 0)) {
            return;
        }
        float least = Float.POSITIVE_INFINITY;
        for (float stretch : STRETCHES) {
            float inverse = (top + stretch) / range;
            int sumQ = 0;
            int sumQq = 0;
            float sumXq = 0;
            for (int i = from; i < from + subElements; i++) {
                int q = Math.min(top, (int) ((x[i] - min) * inverse + 0.5f)); // x − min is never negative
                sumQ += q;
                sumQq += q * q;
                sumXq += x[i] * q;
            }
            float determinant = (float) subElements * sumQq - (float) sumQ * sumQ;
            float scale = determinant > 0 ? (subElements * sumXq - sumX * sumQ) / determinant : 0;
            float offset = determinant > 0 ? (sumQq * sumX - sumQ * sumXq) / determinant : -1;
            if (offset > 0 || !(scale > 0)) {
                offset = 0;
                scale = sumQq == 0 ? 0 : Math.max(0, sumXq / sumQq);
            }
            // The sum of squared errors without Σx², which is the same for every candidate.
            float error =
                    scale * (scale * sumQq - 2 * sumXq) + offset * (2 * scale * sumQ + subElements * offset - 2 * sumX);
            if (error < least) {
                least = error;
                idealScales[sub] = scale;
                idealMinima[sub] = -offset;
            }
        }
    }

    @Override
    double improve(float[] x, int from) {
        double total = 0;
        for (int j = 0; j < subBlocks; j++) {
            int at = from + j * subElements;
            int bestS = tried.scales[j];
            int bestM = tried.minima[j];
            float error = Float.POSITIVE_INFINITY;
            for (int m = Math.max(0, tried.minima[j] - 1); m <= Math.min(scaleTop, tried.minima[j] + 1); m++) {
                for (int s = Math.max(0, tried.scales[j] - 1); s <= Math.min(scaleTop, tried.scales[j] + 1); s++) {
                    float other = error(x, at, tried.d * s, tried.dmin * m);
                    if (other < error) {
                        error = other;
                        bestS = s;
                        bestM = m;
                    }
                }
            }
            tried.scales[j] = bestS;
            tried.minima[j] = bestM;
            total += error;
            assign(x, at, tried.d * bestS, tried.dmin * bestM, j * subElements);
        }
        return total;
    }

    private float error(float[] x, int from, float scale, float minimum) {
        float inverse = scale > 0 ? 1 / scale : 0;
        float sum = 0;
        for (int i = from; i < from + subElements; i++) {
            int q = quant(x[i], inverse, minimum);
            float difference = scale * q - minimum - x[i];
            sum += difference * difference;
        }
        return sum;
    }

    private void assign(float[] x, int from, float scale, float minimum, int to) {
        float inverse = scale > 0 ? 1 / scale : 0;
        for (int i = 0; i < subElements; i++) {
            tried.quants[to + i] = quant(x[from + i], inverse, minimum);
        }
    }

    private int quant(float x, float inverse, float minimum) {
        return Math.clamp((int) ((x + minimum) * inverse + 0.5f), 0, top); // what truncates below 0 becomes 0
    }

    @Override
    void refit(float[] x, int from) {
        double uu = 0;
        double uv = 0;
        double vv = 0;
        double xu = 0;
        double xv = 0;
        for (int i = 0; i < SuperBlock.ELEMENTS; i++) {
            double u = tried.scales[i / subElements] * tried.quants[i];
            double v = -tried.minima[i / subElements];
            uu += u * u;
            uv += u * v;
            vv += v * v;
            xu += x[from + i] * u;
            xv += x[from + i] * v;
        }
        double determinant = uu * vv - uv * uv;
        if (determinant > 1e-9 * uu * vv) {
            tried.d = HalfFloat.round((float) Math.max(0, (vv * xu - uv * xv) / determinant));
            tried.dmin = HalfFloat.round((float) Math.max(0, (uu * xv - uv * xu) / determinant));
        } else if (uu > 0) {
            tried.d = HalfFloat.round((float) Math.max(0, (xu - tried.dmin * uv) / uu));
        } else if (vv > 0) {
            tried.dmin = HalfFloat.round((float) Math.max(0, xv / vv));
        }
    }
}
