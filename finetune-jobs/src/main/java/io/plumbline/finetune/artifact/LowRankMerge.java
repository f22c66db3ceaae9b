package io.plumbline.finetune.artifact;

/** Adds a low-rank delta to the weight it belongs to. */
public final class LowRankMerge {
    private LowRankMerge() {}

    /**
     * {@code W + scale · B·A}, summed in double precision.
     *
     * @param base W[out, in], row-major; not changed
     * @param a A[rank, in]
     * @param b B[out, rank]
     */
    public static float[] merge(float[] base, float[] a, float[] b, int rank, float scale) {
        int in = a.length / rank;
        int out = b.length / rank;
        if (base.length != Math.multiplyExact(in, out)) {
            throw new IllegalArgumentException(
                    "a delta of %d × %d does not fit a weight of %d elements".formatted(out, in, base.length));
        }
        float[] merged = new float[base.length];
        for (int o = 0; o < out; o++) {
            for (int i = 0; i < in; i++) {
                double delta = 0;
                for (int r = 0; r < rank; r++) {
                    delta += (double) b[o * rank + r] * a[r * in + i];
                }
                merged[o * in + i] = (float) (base[o * in + i] + scale * delta);
            }
        }
        return merged;
    }
}
