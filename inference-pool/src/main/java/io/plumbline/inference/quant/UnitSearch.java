package io.plumbline.inference.quant;

/**
 * The search for the units that the scales of a block are multiples of. From each of several starts: assign quants with the
 * units as they are, fit the units to the quants by least squares, and again for as long as the error falls.
 */
abstract class UnitSearch {
    private static final int ROUNDS = 3;

    /** Finds the way to store the block from {@code x[from]}; the last one kept is the best. */
    final void search(float[] starts, float[] x, int from) {
        double least = Double.POSITIVE_INFINITY;
        for (float share : starts) {
            start(share);
            double error = improve(x, from);
            for (int round = 1; error < least; round++) {
                least = error;
                keep();
                if (round < ROUNDS) {
                    refit(x, from);
                    error = improve(x, from);
                }
            }
        }
    }

    /** Sets the units so that the largest scale takes that share of its range, and the scales to the nearest ones. */
    abstract void start(float share);

    /** With the units as they are, moves every scale to its best neighbour and sets the quants; returns the squared error. */
    abstract double improve(float[] x, int from);

    /** The units of least squared error for the scales and quants that {@link #improve} chose. */
    abstract void refit(float[] x, int from);

    /** What was tried last is the best so far. */
    abstract void keep();
}
