package io.plumbline.inference.weights;

import java.util.Objects;

/**
 * The row order of query and key projections. Hugging Face checkpoints rotate elements i and i + d/2 of a head; GGUF
 * files of the llama family rotate 2i and 2i + 1 and therefore store the rows of W_q and W_k in another order. A low-rank
 * delta is added to W, so the rows of its B move in the same way; A does not.
 *
 * <p>Row {@code half·d/2 + i} of a head in Hugging Face order is row {@code 2i + half} in interleaved order.
 */
public final class RopePermutation {
    private RopePermutation() {}

    /**
     * Hugging Face order → interleaved order (safetensors → GGUF).
     *
     * @param matrix [rows, columns], row-major; not changed
     * @param columns length of a row (rank, for B; 1 for a bias)
     * @param heads query heads for W_q, key heads for W_k
     */
    public static float[] toInterleaved(float[] matrix, int columns, int heads) {
        return permute(matrix, columns, heads, true);
    }

    /** Interleaved order → Hugging Face order (GGUF → safetensors); parameters as in {@link #toInterleaved}. */
    public static float[] toHalves(float[] matrix, int columns, int heads) {
        return permute(matrix, columns, heads, false);
    }

    /**
     * Which row of a matrix in Hugging Face order a row in interleaved order is.
     *
     * @param row in interleaved order
     * @param headRows rows of one head, even
     */
    public static int rowInHalves(int row, int headRows) {
        int inHead = row % headRows;
        return row - inHead + inHead % 2 * (headRows / 2) + inHead / 2;
    }

    private static float[] permute(float[] matrix, int columns, int heads, boolean interleave) {
        Objects.requireNonNull(matrix);
        if (columns < 1 || heads < 1 || matrix.length % ((long) columns * heads * 2) != 0) {
            throw new IllegalArgumentException(
                    "%d values are no rows of %d for %d heads of even size".formatted(matrix.length, columns, heads));
        }
        int headRows = matrix.length / columns / heads;
        float[] result = new float[matrix.length];
        for (int head = 0; head < heads; head++) {
            for (int row = 0; row < headRows; row++) {
                int half = row / (headRows / 2);
                int pair = row % (headRows / 2);
                int halves = head * headRows + row;
                int interleaved = head * headRows + 2 * pair + half;
                int from = interleave ? halves : interleaved;
                int to = interleave ? interleaved : halves;
                System.arraycopy(matrix, from * columns, result, to * columns, columns);
            }
        }
        return result;
    }
}
