package io.plumbline.inference.kernel;

/** The checks of {@link CheckedKernels}; every message holds what was needed and what was there. */
final class Ranges {
    private Ranges() {}

    static void positive(String what, int value) {
        if (value < 1) {
            throw new IllegalArgumentException("%s must be at least 1, not %d".formatted(what, value));
        }
    }

    static void notNegative(String what, long value) {
        if (value < 0) {
            throw new IllegalArgumentException("%s must not be negative, but is %d".formatted(what, value));
        }
    }

    static void holds(String what, Buffer buffer, long elements) {
        if (buffer.elements() < elements) {
            throw new IllegalArgumentException(
                    "%s needs %d elements, the buffer has %d".formatted(what, elements, buffer.elements()));
        }
    }

    static void holds(String what, Buffer buffer, long rows, long width) {
        if (buffer.elements() < rows * width) {
            throw new IllegalArgumentException(
                    "%s needs %d × %d elements, the buffer has %d".formatted(what, rows, width, buffer.elements()));
        }
    }

    /** Every value lies in 0 … limit - 1. */
    static void below(String what, int[] values, long limit) {
        for (int i = 0; i < values.length; i++) {
            if (values[i] < 0 || values[i] >= limit) {
                throw new IllegalArgumentException(
                        "%s[%d] = %d is not in 0 … %d".formatted(what, i, values[i], limit - 1));
            }
        }
    }

    static void ascending(String what, int[] starts) {
        if (starts.length < 1 || starts[0] != 0) {
            throw new IllegalArgumentException("%s must start with 0".formatted(what));
        }
        for (int i = 1; i < starts.length; i++) {
            if (starts[i] < starts[i - 1]) {
                throw new IllegalArgumentException(
                        "%s[%d] = %d is less than the one before, %d".formatted(what, i, starts[i], starts[i - 1]));
            }
        }
    }

    static void paged(PagedBatch batch, long blocks) {
        ascending("rowStart", batch.rowStart());
        for (int s = 0; s < batch.sequences(); s++) {
            int end = batch.firstPosition()[s] + batch.rowStart()[s + 1] - batch.rowStart()[s];
            notNegative("firstPosition[%d]".formatted(s), batch.firstPosition()[s]);
            int needed = (end + batch.blockSize() - 1) / batch.blockSize();
            if (batch.blockTable()[s].length < needed) {
                throw new IllegalArgumentException("sequence %d reaches position %d and needs %d blocks, it has %d"
                        .formatted(s, end - 1, needed, batch.blockTable()[s].length));
            }
            for (int b = 0; b < needed; b++) {
                int block = batch.blockTable()[s][b];
                if (block < 0 || block >= blocks) {
                    throw new IllegalArgumentException(
                            "block %d of sequence %d is %d, not in 0 … %d".formatted(b, s, block, blocks - 1));
                }
            }
        }
    }

    /** The table has checked the deltas. */
    static void lora(LoraBatch batch) {
        for (int r = 0; r < batch.rows(); r++) {
            int slot = batch.adapterOfRow()[r];
            if (slot < -1 || slot >= batch.adapters().size()) {
                throw new IllegalArgumentException("row %d wants adapter %d, there are %d"
                        .formatted(r, slot, batch.adapters().size()));
            }
        }
    }
}
