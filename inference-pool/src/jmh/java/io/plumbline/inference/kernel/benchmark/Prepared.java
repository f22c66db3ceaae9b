package io.plumbline.inference.kernel.benchmark;

import io.plumbline.inference.kernel.Buffer;
import java.util.List;
import java.util.function.Function;
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
     * What of a result is compared.
     *
     * @param reader gives it
     * @param overwritten whether a run replaces what was there: if so, it is compared after the last run too
     */
    record Output(Function<Device, float[]> reader, boolean overwritten) {
        static Output whole(Buffer buffer, int elements) {
            return rows(buffer, elements, 0);
        }

        /** The first rows of a buffer. */
        static Output first(Buffer buffer, int width, int rows) {
            return rows(buffer, width, IntStream.range(0, rows).toArray());
        }

        /** Some rows of a buffer. */
        static Output rows(Buffer buffer, int width, int... rows) {
            return new Output(from -> read(from, buffer, width, rows), true);
        }

        /** The same, of a kernel that adds to its output or works in place. */
        Output accumulated() {
            return new Output(reader, false);
        }

        float[] read(Device from) {
            return reader.apply(from);
        }

        private static float[] read(Device from, Buffer buffer, int width, int... rows) {
            float[] values = new float[rows.length * width];
            for (int i = 0; i < rows.length; i++) {
                Buffer row = buffer.slice((long) rows[i] * width, width);
                System.arraycopy(from.read(row, width), 0, values, i * width, width);
            }
            return values;
        }
    }

    static Prepared of(Runnable run, Output output, Cost cost) {
        return new Prepared(List.of(run), output, cost);
    }
}
