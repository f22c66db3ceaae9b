package io.plumbline.inference.sampling;

import io.plumbline.inference.kernel.host.LogitPasses;
import java.util.Arrays;

/**
 * Finds the largest of many logits without looking at each again: one pass notes the maxima of the columns of tiles, and
 * what is wanted later is looked for only in columns whose maximum is large enough.
 */
final class LogitScan {
    private static final int COLUMNS = LogitPasses.COLUMNS;
    private static final int TILE = LogitPasses.TILE;

    private final LogitPasses passes;
    private final float[] columnMaxima;
    private final float[] tileMaxima;
    private final int[] columns = new int[COLUMNS];
    private final float[] heap;
    private float[] logits = {};

    /** @param vocabulary number of logits */
    LogitScan(int vocabulary, LogitPasses passes) {
        this.passes = passes;
        tileMaxima = new float[Math.ceilDiv(vocabulary, TILE)];
        columnMaxima = new float[tileMaxima.length * COLUMNS];
        heap = new float[columnMaxima.length / 2];
    }

    /** Takes in logits[vocabulary], which stay the caller's and must not change until the next call. */
    void read(float[] values) {
        logits = values;
        passes.maxima(values, columnMaxima, tileMaxima);
    }

    /** Number of tiles; each covers {@link #tileSize()} tokens. */
    int tiles() {
        return tileMaxima.length;
    }

    static int tileSize() {
        return TILE;
    }

    /** The largest logit; not a number if one is not. */
    float largest() {
        float largest = Float.NEGATIVE_INFINITY;
        for (float tile : tileMaxima) {
            largest = Math.max(largest, tile);
        }
        return largest;
    }

    /**
     * The token of the largest logit; of equal ones the lowest id.
     *
     * @throws ArithmeticException if a logit is not a number
     */
    int best() {
        int best = 0;
        for (int tile = 0; tile < tileMaxima.length; tile++) {
            if (Float.isNaN(tileMaxima[tile])) {
                throw new ArithmeticException("the logit of token %d is not a number".formatted(firstNaN(tile)));
            }
            if (tileMaxima[tile] > tileMaxima[best]) {
                best = tile;
            }
        }
        int token = best * TILE;
        while (logits[token] != tileMaxima[best]) {
            token++;
        }
        return token;
    }

    private int firstNaN(int tile) {
        int token = tile * TILE;
        while (!Float.isNaN(logits[token])) {
            token++;
        }
        return token;
    }

    /**
     * A logit that at least {@code count} tokens reach: the count-th largest of the columns' maxima. −∞ if there are not
     * so many columns, or so many are wanted that the search would cost more than it saves.
     */
    float reachedBy(int count) {
        if (count > heap.length) {
            return Float.NEGATIVE_INFINITY;
        }
        Arrays.fill(heap, 0, count, Float.NEGATIVE_INFINITY);
        for (int tile = 0; tile < tileMaxima.length; tile++) {
            if (tileMaxima[tile] <= heap[0]) {
                continue;
            }
            for (int column = tile * COLUMNS; column < (tile + 1) * COLUMNS; column++) {
                if (columnMaxima[column] > heap[0]) {
                    replaceSmallest(heap, count, columnMaxima[column]);
                }
            }
        }
        return heap[0];
    }

    /** Replaces the root of a heap whose parents are at most their children. */
    private static void replaceSmallest(float[] heap, int size, float value) {
        int hole = 0;
        for (int child = 1; child < size; child = 2 * hole + 1) {
            if (child + 1 < size && heap[child + 1] < heap[child]) {
                child++;
            }
            if (heap[child] >= value) {
                break;
            }
            heap[hole] = heap[child];
            hole = child;
        }
        heap[hole] = value;
    }

    /** Adds the tokens of a tile whose logit is at least a threshold, in ascending order. */
    void above(int tile, double threshold, Candidates to) {
        if (tileMaxima[tile] < threshold) {
            return;
        }
        int hits = 0;
        for (int column = 0; column < COLUMNS; column++) {
            if (columnMaxima[tile * COLUMNS + column] >= threshold) {
                columns[hits++] = column;
            }
        }
        int end = Math.min((tile + 1) * TILE, logits.length);
        for (int row = tile * TILE; row < end; row += COLUMNS) {
            for (int hit = 0; hit < hits && row + columns[hit] < end; hit++) {
                int token = row + columns[hit];
                if (logits[token] >= threshold) {
                    to.add(token, logits[token]);
                }
            }
        }
    }
}
