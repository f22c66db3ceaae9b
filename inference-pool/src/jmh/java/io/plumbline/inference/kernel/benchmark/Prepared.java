package io.plumbline.inference.kernel.benchmark;

import io.plumbline.inference.kernel.Buffer;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A kernel with its operands.
 *
 * @param runs each runs it once, all with the same content; more than one where serving would read the operands from
 *     memory, so that those of the next run are not in a cache
 * @param output what all of them write
 * @param cost of one run
 */
record Prepared(List<Runnable> runs, Output output, Cost cost) {
    /**
     * Rows of a result.
     *
     * @param width elements of a row
     * @param rows which rows are compared
     * @param overwritten whether a run replaces what was there: if so, it is compared after the last run too
     */
    record Output(Buffer buffer, int width, int[] rows, boolean overwritten) {
        static Output whole(Buffer buffer, int elements) {
            return new Output(buffer, elements, new int[1], true);
        }

        /** The first rows of a buffer. */
        static Output first(Buffer buffer, int width, int rows) {
            return new Output(buffer, width, IntStream.range(0, rows).toArray(), true);
        }

        /** The same, of a kernel that adds to its output or works in place. */
        Output accumulated() {
            return new Output(buffer, width, rows, false);
        }

        float[] read(Device from) {
            float[] values = new float[rows.length * width];
            for (int i = 0; i < rows.length; i++) {
                System.arraycopy(from.read(buffer.slice((long) rows[i] * width, width), width), 0, values, i * width, width);
            }
            return values;
        }
    }

    static Prepared of(Runnable run, Output output, Cost cost) {
        return new Prepared(List.of(run), output, cost);
    }
}
