package io.plumbline.inference.kernel;

/**
 * The low-rank delta of one linear layer: {@code ΔW = scale · B·A} (Hu et al. 2021, arXiv 2106.09685).
 *
 * @param a A[rank, in], row-major
 * @param b B[out, rank], row-major
 * @param rank r
 * @param scale alpha/r, or alpha/√r for rank-stabilised LoRA (arXiv 2312.03732)
 */
public record LoraAdapter(Buffer a, Buffer b, int rank, float scale) {
    public LoraAdapter {
        if (rank < 1) {
            throw new IllegalArgumentException("rank must be at least 1, not " + rank);
        }
    }
}
