package io.plumbline.inference.kernel.host;

/**
 * The two passes that sampling makes over all logits of a row. Every implementation gives the same bits, so an answer
 * can be drawn again on another machine. Stateless, for any number of threads.
 */
public interface LogitPasses {
    /** Columns of a tile. */
    int COLUMNS = 256;

    /** Elements of a tile: 16 rows of columns. */
    int TILE = 16 * COLUMNS;

    /** Elements of a row of weights. */
    int WEIGHT_ROW = 256;

    /**
     * {@code maxima[tile][column]}: the largest of the logits {@code tile · TILE + row · COLUMNS + column} of all rows, −∞
     * where there are none; and the largest of each tile.
     *
     * @param logits any number of them
     * @param maxima {@link #COLUMNS} for each tile, the last one perhaps not full; of no use in a tile that holds a NaN
     * @param tileMaxima one for each tile, NaN if it holds one
     */
    void maxima(float[] logits, float[] maxima, float[] tileMaxima);

    /**
     * {@code sums[row] = Σ PortableLogitPasses.weight((logits[i] − largest) · scale)} over the {@link #WEIGHT_ROW}
     * elements of the row, missing ones 0. They are added as a tree: element i and i + 128, then i + 64, down to i + 1.
     *
     * @param logits no NaN
     * @param largest no logit is larger
     * @param scale positive and finite
     */
    void weightSums(float[] logits, double largest, double scale, double[] sums);
}
