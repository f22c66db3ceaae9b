package io.plumbline.inference.weights;

/**
 * The two factors of one layer's delta {@code ΔW = scale · B·A}.
 *
 * @param in input features
 * @param out output features
 * @param rank r
 * @param a A[rank, in], row-major
 * @param b B[out, rank], row-major
 */
public record LowRankPair(int in, int out, int rank, float[] a, float[] b) {
    public LowRankPair {
        if (in < 1 || out < 1 || rank < 1 || a.length != (long) rank * in || b.length != (long) out * rank) {
            throw new IllegalArgumentException("A[%d, %d] and B[%d, %d] do not hold %d and %d values"
                    .formatted(rank, in, out, rank, a.length, b.length));
        }
    }
}
