package io.plumbline.inference.kernel;

/**
 * Geometry of one attention layer.
 *
 * @param heads query heads
 * @param keyValueHeads key and value heads; divides {@code heads} (grouped-query attention)
 * @param headDim elements per head
 * @param scale factor on q·k, usually 1/√headDim
 * @param window key j is visible to query i iff {@code i - window < j <= i}; 0 means no window
 */
public record AttentionShape(int heads, int keyValueHeads, int headDim, float scale, int window) {
    /** Far above any model's; products of two widths and a number of rows stay within a long. */
    private static final long MOST_WIDTH = 1 << 24;

    public AttentionShape {
        if (heads < 1
                || keyValueHeads < 1
                || headDim < 1
                || window < 0
                || heads % keyValueHeads != 0
                || (long) heads * headDim > MOST_WIDTH) {
            throw new IllegalArgumentException(
                    "impossible attention shape: heads=%d keyValueHeads=%d headDim=%d window=%d"
                            .formatted(heads, keyValueHeads, headDim, window));
        }
    }

    /** Elements of one query row. */
    public int queryWidth() {
        return heads * headDim;
    }

    /** Elements of one key or value row. */
    public int keyValueWidth() {
        return keyValueHeads * headDim;
    }
}
