package io.plumbline.inference.kernel;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Attention of every kind of batch, around the edges of the tiles in which a backend may compute it. */
final class AttentionCases {
    /** Lengths around the edges of tiles of keys (16, 32, 48, 96) and of cache blocks. */
    private static final int[] CONTEXTS = {0, 14, 15, 16, 31, 46, 47, 48, 95, 96, 130};

    private AttentionCases() {}

    /**
     * Rows of several sequences: sequence s has {@code rows[s]} of them, behind {@code first[s]} earlier positions.
     *
     * @param blockSize positions per block of the cache
     */
    private record Slices(int blockSize, KeyValuePrecision precision, int[] rows, int[] first) {
        @Override
        public String toString() {
            return "%s %s behind %s in blocks of %d"
                    .formatted(precision, Arrays.toString(rows), Arrays.toString(first), blockSize);
        }

        /** The same sequences from their beginning. */
        Slices whole() {
            int[] lengths = new int[rows.length];
            Arrays.setAll(lengths, s -> first[s] + rows[s]);
            return new Slices(blockSize, precision, lengths, new int[rows.length]);
        }

        int blocks() {
            return Arrays.stream(whole().rows)
                    .map(length -> length / blockSize + 1)
                    .sum();
        }

        /** Blocks of neighbouring positions are not neighbours in the cache. */
        PagedBatch batch() {
            int[] start = starts(rows);
            int[][] table = new int[rows.length][];
            int next = blocks();
            for (int s = 0; s < rows.length; s++) {
                table[s] = new int[(first[s] + rows[s]) / blockSize + 1];
                for (int b = 0; b < table[s].length; b++) {
                    table[s][b] = --next;
                }
            }
            return new PagedBatch(start, first, table, blockSize, precision);
        }
    }

    static List<KernelCase> all() {
        List<KernelCase> cases = new ArrayList<>();
        cases.add(contiguous(new AttentionShape(9, 3, 64, 0.125f, 0), 19, 1, 5));
        cases.add(contiguous(new AttentionShape(4, 4, 16, 0.25f, 3), 9, 2));
        cases.add(contiguous(new AttentionShape(6, 1, 13, 0.3f, 0), 33));
        cases.add(contiguous(new AttentionShape(2, 1, 256, 0.0625f, 16), 40, 7));
        cases.add(contiguous(new AttentionShape(3, 3, 40, 0.2f, 0), 50, 49));
        // Several tiles of the backward pass: one row below and above their 64, windows below, at and above them.
        cases.add(contiguous(new AttentionShape(9, 3, 64, 0.125f, 0), 63, 64, 65, 0, 127));
        for (int window : new int[] {1, 7, 50, 64, 90}) {
            cases.add(contiguous(new AttentionShape(4, 2, 13, 0.3f, window), 130, 3));
        }
        // So long that a tile has fewer rows.
        cases.add(contiguous(new AttentionShape(2, 1, 16, 0.25f, 0), 800));
        cases.add(contiguous(new AttentionShape(1, 1, 16, 0.25f, 700), 810, 70));
        for (KeyValuePrecision precision : KeyValuePrecision.values()) {
            cases.add(paged(new AttentionShape(9, 3, 64, 0.125f, 0), slices(precision, 19, 1, 5)));
            cases.add(paged(new AttentionShape(4, 4, 32, 0.25f, 3), slices(precision, 9, 2)));
            cases.add(paged(new AttentionShape(3, 3, 96, 0.1f, 0), slices(precision, 33)));
            cases.add(paged(new AttentionShape(2, 1, 256, 0.0625f, 16), slices(precision, 40, 7)));
            addTileEdges(cases, precision);
        }
        cases.add(paged(new AttentionShape(5, 5, 80, 0.1f, 0), slices(KeyValuePrecision.FLOAT32, 33, 3)));
        cases.add(paged(new AttentionShape(6, 2, 80, 0.1f, 21), slices(KeyValuePrecision.FLOAT32, 65)));
        return cases;
    }

    private static void addTileEdges(List<KernelCase> cases, KeyValuePrecision precision) {
        // Rows of a tile are positions times the heads of a group: every group size, rows one below and one above.
        int[] dims = {64, 128, 96, 256};
        for (int group = 1; group <= 8; group++) {
            AttentionShape shape = new AttentionShape(group, 1, dims[group % 4], 0.125f, 0);
            int smallest = Math.ceilDiv(12, group);
            int largest = 96 / group;
            cases.add(paged(shape, slices(precision, smallest - 1, smallest, smallest + 1)));
            cases.add(paged(shape, slices(precision, largest - 1)));
            cases.add(paged(shape, slices(precision, largest, largest + 1)));
        }
        AttentionShape grouped = new AttentionShape(6, 2, 32, 0.2f, 0);
        for (int context : CONTEXTS) {
            for (int rows : new int[] {1, 2, 9}) {
                cases.add(paged(grouped, new Slices(16, precision, new int[] {rows}, new int[] {context})));
            }
        }
        for (int window : new int[] {1, 5, 16, 47, 60}) {
            AttentionShape shape = new AttentionShape(4, 1, 64, 0.2f, window);
            cases.add(paged(shape, new Slices(7, precision, new int[] {1, 30, 1, 3}, new int[] {130, 17, 0, 70})));
        }
        cases.add(paged(
                new AttentionShape(9, 3, 64, 0.125f, 0),
                new Slices(4, precision, new int[] {1, 33, 1, 7, 1}, new int[] {200, 17, 0, 90, 48})));
        // So long that several threads share the keys of one row.
        cases.add(paged(
                new AttentionShape(3, 1, 64, 0.125f, 0),
                new Slices(32, precision, new int[] {1, 1}, new int[] {1600, 700})));
        cases.add(paged(
                new AttentionShape(4, 2, 96, 0.125f, 1111),
                new Slices(16, precision, new int[] {1}, new int[] {1700})));
    }

    private static int[] starts(int[] lengths) {
        int[] start = new int[lengths.length + 1];
        for (int s = 0; s < lengths.length; s++) {
            start[s + 1] = start[s] + lengths[s];
        }
        return start;
    }

    private static KernelCase contiguous(AttentionShape shape, int... lengths) {
        return new KernelCase("attention %s %s".formatted(shape, Arrays.toString(lengths)), device -> {
            int[] start = starts(lengths);
            int rows = start[lengths.length];
            Random random = new Random(rows);
            Buffer q = device.buffer(TestDevice.normal(random, rows * shape.queryWidth()));
            Buffer k = device.buffer(TestDevice.normal(random, rows * shape.keyValueWidth()));
            Buffer v = device.buffer(TestDevice.normal(random, rows * shape.keyValueWidth()));
            Buffer dout = device.buffer(TestDevice.normal(random, rows * shape.queryWidth()));
            Buffer out = device.zeros((long) rows * shape.queryWidth());
            Buffer dq = device.zeros((long) rows * shape.queryWidth());
            Buffer dk = device.zeros((long) rows * shape.keyValueWidth());
            Buffer dv = device.zeros((long) rows * shape.keyValueWidth());
            device.kernels().attention(shape, start, q, k, v, out);
            device.kernels().attentionBackward(shape, start, q, k, v, dout, dq, dk, dv);
            return device.read(out, dq, dk, dv);
        });
    }

    /** Whole sequences in blocks of four. */
    private static Slices slices(KeyValuePrecision precision, int... rows) {
        return new Slices(4, precision, rows, new int[rows.length]);
    }

    /** Attention over a cache, and what is in the cache. */
    private static KernelCase paged(AttentionShape shape, Slices slices) {
        return new KernelCase("paged attention %s %s".formatted(shape, slices), device -> {
            PagedBatch whole = slices.whole().batch();
            int stored = Arrays.stream(slices.whole().rows()).sum();
            int rows = Arrays.stream(slices.rows()).sum();
            Random random = new Random(stored);
            Buffer q = device.buffer(TestDevice.normal(random, rows * shape.queryWidth()));
            Buffer k = device.buffer(withExtremes(random, stored * shape.keyValueWidth()));
            Buffer v = device.buffer(withExtremes(random, stored * shape.keyValueWidth()));
            Buffer out = device.zeros((long) rows * shape.queryWidth());
            Buffer keys = device.zeros((long) slices.blocks()
                    * slices.blockSize()
                    * slices.precision().rowElements(shape));
            Buffer values = device.zeros(keys.elements());
            device.kernels().storeKeyValue(shape, whole, k, v, keys, values);
            device.kernels().pagedAttention(shape, slices.batch(), q, keys, values, out);
            return device.read(out, keys, values);
        });
    }

    /** Normal values with a block of zeros, a large and a tiny element, and a tie between two codes. */
    private static float[] withExtremes(Random random, int count) {
        float[] values = TestDevice.normal(random, count);
        Arrays.fill(values, 0, 32, 0f);
        values[35] = 3e4f;
        values[values.length - 1] = 1e-30f;
        values[values.length - 2] = 12.7f;
        values[values.length - 3] = 0.25f;
        values[values.length - 4] = -0.35f;
        return values;
    }
}
