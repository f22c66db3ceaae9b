package io.plumbline.inference.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.inference.quant.QuantFormat;
import io.plumbline.inference.quant.RandomBlocks;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A row's result is bit-identical for every batch size, chunking and thread count; every backend subclasses it. */
public abstract class BitStabilityContractTest {
    protected abstract BackendProvider provider();

    /** How many threads to compute with; one number is enough for a backend whose work they do not share. */
    protected int[] threads() {
        return new int[] {1, 2, 3, 7};
    }

    private TestDevice open(int threads) {
        return TestDevice.open(provider(), threads);
    }

    /** Random cuts of 0 … rows, the ends included. */
    private static List<Integer> cuts(int rows, Random random) {
        List<Integer> cuts = new ArrayList<>(List.of(0));
        while (cuts.getLast() < rows) {
            cuts.add(Math.min(rows, cuts.getLast() + 1 + random.nextInt(9)));
        }
        return cuts;
    }

    @ParameterizedTest
    @EnumSource
    void matmulRowsDoNotDependOnTheirCompany(QuantFormat format) {
        for (ActivationPrecision precision : ActivationPrecision.values()) {
            compareCuts(format, precision);
        }
    }

    private void compareCuts(QuantFormat format, ActivationPrecision precision) {
        int rows = 41;
        int out = 75;
        int in = 512;
        Random random = new Random(format.ordinal());
        byte[] blocks = RandomBlocks.of(format, out, in, random);
        float[] x = TestDevice.normal(random, rows * in);
        float[] dy = TestDevice.normal(random, rows * out);
        @Nullable float[] together = null;
        for (int threads : threads()) {
            try (TestDevice device = open(threads)) {
                Weight w = device.weight(format, out, in, blocks, precision);
                Buffer bufferX = device.buffer(x);
                Buffer bufferDy = device.buffer(dy);
                Buffer y = device.zeros((long) rows * out);
                Buffer dx = device.zeros((long) rows * in);
                device.kernels().matmul(rows, bufferX, w, y);
                device.kernels().matmulBackward(rows, bufferDy, w, dx);
                float[] whole = device.read(y, dx);
                together = together == null ? whole : together;
                assertThat(whole).as("%d threads", threads).isEqualTo(together);
                List<Integer> cuts = cuts(rows, random);
                device.kernels().fill(dx.elements(), 0, dx);
                for (int c = 0; c + 1 < cuts.size(); c++) {
                    int first = cuts.get(c);
                    int count = cuts.get(c + 1) - first;
                    device.kernels()
                            .matmul(
                                    count,
                                    bufferX.slice((long) first * in, (long) count * in),
                                    w,
                                    y.slice((long) first * out, (long) count * out));
                    device.kernels()
                            .matmulBackward(
                                    count,
                                    bufferDy.slice((long) first * out, (long) count * out),
                                    w,
                                    dx.slice((long) first * in, (long) count * in));
                }
                assertThat(device.read(y, dx)).as("cut at %s", cuts).isEqualTo(together);
            }
        }
    }

    @Test
    void pagedAttentionEqualsTheTrainingFormForEveryChunkingAndPaging() {
        AttentionShape shape = new AttentionShape(6, 2, 40, 0.2f, 0);
        comparePagedWithContiguous(shape, KeyValuePrecision.FLOAT32);
        comparePagedWithContiguous(new AttentionShape(4, 4, 16, 0.25f, 11), KeyValuePrecision.FLOAT32);
    }

    @Test
    void attentionOverACacheOf8BitsIsAttentionOverRoundedRowsForEveryChunkingAndPaging() {
        comparePagedWithContiguous(new AttentionShape(6, 2, 64, 0.125f, 0), KeyValuePrecision.INT8);
        comparePagedWithContiguous(new AttentionShape(4, 4, 32, 0.2f, 11), KeyValuePrecision.INT8);
    }

    @Test
    void whatARowDoesNotSeeDoesNotTouchIt() {
        for (KeyValuePrecision precision : KeyValuePrecision.values()) {
            for (int window : new int[] {0, 13, 48}) {
                AttentionShape shape = new AttentionShape(6, 2, 64, 0.125f, window);
                assertThat(attentionAround(shape, precision, Float.NaN))
                        .as("%s, window %d", precision, window)
                        .isEqualTo(attentionAround(shape, precision, 0f));
            }
        }
    }

    /** Rows 60 … 99 of a sequence whose cache holds {@code other} wherever no row looks. */
    private float[] attentionAround(AttentionShape shape, KeyValuePrecision precision, float other) {
        int end = 100;
        int first = 60;
        int block = 16;
        Random random = new Random(11);
        float[] q = TestDevice.normal(random, (end - first) * shape.queryWidth());
        float[] k = TestDevice.normal(random, end * shape.keyValueWidth());
        float[] v = TestDevice.normal(random, end * shape.keyValueWidth());
        int[][] table = {{3, 0, 6, 1, 5, 2, 4}};
        try (TestDevice device = open(3)) {
            float[] unseen = new float[7 * block * precision.rowElements(shape)];
            Arrays.fill(unseen, other);
            Buffer keys = device.buffer(unseen);
            Buffer values = device.buffer(unseen);
            int seen = shape.window() == 0 ? 0 : first - shape.window() + 1;
            int width = shape.keyValueWidth();
            device.kernels()
                    .storeKeyValue(
                            shape,
                            new PagedBatch(new int[] {0, end - seen}, new int[] {seen}, table, block, precision),
                            device.buffer(Arrays.copyOfRange(k, seen * width, end * width)),
                            device.buffer(Arrays.copyOfRange(v, seen * width, end * width)),
                            keys,
                            values);
            Buffer out = device.zeros(q.length);
            PagedBatch rows = new PagedBatch(new int[] {0, end - first}, new int[] {first}, table, block, precision);
            device.kernels().pagedAttention(shape, rows, device.buffer(q), keys, values, out);
            return device.read(out);
        }
    }

    @Test
    void laterKeysDoNotTouchARowOfTheSameTile() {
        AttentionShape shape = new AttentionShape(6, 2, 64, 0.125f, 0);
        Random random = new Random(12);
        int rows = 37;
        float[] q = TestDevice.normal(random, rows * shape.queryWidth());
        float[] k = TestDevice.normal(random, rows * shape.keyValueWidth());
        float[] v = TestDevice.normal(random, rows * shape.keyValueWidth());
        int spoilt = 20;
        float[] badK = k.clone();
        float[] badV = v.clone();
        Arrays.fill(badK, spoilt * shape.keyValueWidth(), k.length, Float.NaN);
        Arrays.fill(badV, spoilt * shape.keyValueWidth(), v.length, Float.POSITIVE_INFINITY);
        try (TestDevice device = open(1)) {
            Buffer out = device.zeros(q.length);
            Buffer badOut = device.zeros(q.length);
            int[] start = {0, rows};
            device.kernels().attention(shape, start, device.buffer(q), device.buffer(k), device.buffer(v), out);
            device.kernels()
                    .attention(shape, start, device.buffer(q), device.buffer(badK), device.buffer(badV), badOut);
            int before = spoilt * shape.queryWidth();
            assertThat(Arrays.copyOf(device.read(badOut), before)).isEqualTo(Arrays.copyOf(device.read(out), before));
        }
    }

    /** What a cache gives back of keys or values. */
    private static float[] cached(float[] rows, KeyValuePrecision precision) {
        float[] back = rows.clone();
        if (precision == KeyValuePrecision.INT8) {
            for (int first = 0; first < back.length; first += KeyValuePrecision.BLOCK) {
                float largest = 0;
                for (int i = first; i < first + KeyValuePrecision.BLOCK; i++) {
                    largest = Math.max(largest, Math.abs(rows[i]));
                }
                for (int i = first; i < first + KeyValuePrecision.BLOCK; i++) {
                    back[i] = largest / 127f * (byte) Math.rint(rows[i] * (127f / largest));
                }
            }
        }
        return back;
    }

    private record Paging(int blockSize, KeyValuePrecision precision) {}

    private void comparePagedWithContiguous(AttentionShape shape, KeyValuePrecision precision) {
        int[] lengths = {29, 1, 50};
        int[] start = {0, 29, 30, 80};
        Random random = new Random(7);
        float[] q = TestDevice.normal(random, 80 * shape.queryWidth());
        float[] k = TestDevice.normal(random, 80 * shape.keyValueWidth());
        float[] v = TestDevice.normal(random, 80 * shape.keyValueWidth());
        for (int threads : new int[] {1, 3}) {
            try (TestDevice device = open(threads)) {
                Buffer out = device.zeros(q.length);
                Buffer keys = device.buffer(cached(k, precision));
                Buffer values = device.buffer(cached(v, precision));
                device.kernels().attention(shape, start, device.buffer(q), keys, values, out);
                float[] expected = device.read(out);
                for (int blockSize : new int[] {1, 4, 16}) {
                    float[] actual =
                            paged(device, shape, lengths, start, new Paging(blockSize, precision), q, k, v, random);
                    assertThat(actual)
                            .as("block size %d, %d threads", blockSize, threads)
                            .isEqualTo(expected);
                }
            }
        }
    }

    /** Feeds the sequences in random chunks through a cache with scattered blocks; returns the rows in order. */
    private static float[] paged(
            TestDevice device,
            AttentionShape shape,
            int[] lengths,
            int[] start,
            Paging paging,
            float[] q,
            float[] k,
            float[] v,
            Random random) {
        int blockSize = paging.blockSize();
        int blocksPerSequence = 50 / blockSize + 1;
        List<Integer> numbers = new ArrayList<>();
        for (int b = 0; b < 3 * blocksPerSequence; b++) {
            numbers.add(b);
        }
        Collections.shuffle(numbers, random);
        int[][] table = new int[3][blocksPerSequence];
        for (int s = 0; s < 3; s++) {
            for (int b = 0; b < blocksPerSequence; b++) {
                table[s][b] = numbers.get(s * blocksPerSequence + b);
            }
        }
        long cacheElements =
                3L * blocksPerSequence * blockSize * paging.precision().rowElements(shape);
        Buffer keys = device.zeros(cacheElements);
        Buffer values = device.zeros(cacheElements);
        float[] result = new float[q.length];
        int[] done = new int[3];
        while (!Arrays.equals(done, lengths)) {
            int[] rowStart = new int[4];
            int[] sources = new int[80];
            for (int s = 0; s < 3; s++) {
                int take = Math.min(lengths[s] - done[s], random.nextInt(12));
                for (int i = 0; i < take; i++) {
                    sources[rowStart[s] + i] = start[s] + done[s] + i;
                }
                rowStart[s + 1] = rowStart[s] + take;
            }
            int rows = rowStart[3];
            PagedBatch batch = new PagedBatch(rowStart, done.clone(), table, blockSize, paging.precision());
            Buffer out = device.zeros((long) rows * shape.queryWidth());
            device.kernels()
                    .storeKeyValue(
                            shape,
                            batch,
                            device.buffer(pick(k, shape.keyValueWidth(), sources, rows)),
                            device.buffer(pick(v, shape.keyValueWidth(), sources, rows)),
                            keys,
                            values);
            device.kernels()
                    .pagedAttention(
                            shape, batch, device.buffer(pick(q, shape.queryWidth(), sources, rows)), keys, values, out);
            float[] chunk = device.read(out);
            for (int r = 0; r < rows; r++) {
                int width = shape.queryWidth();
                System.arraycopy(chunk, r * width, result, sources[r] * width, width);
            }
            for (int s = 0; s < 3; s++) {
                done[s] += rowStart[s + 1] - rowStart[s];
            }
        }
        return result;
    }

    private static float[] pick(float[] all, int width, int[] rows, int count) {
        float[] picked = new float[count * width];
        for (int r = 0; r < count; r++) {
            System.arraycopy(all, rows[r] * width, picked, r * width, width);
        }
        return picked;
    }

    @Test
    void adapterRowsDoNotDependOnTheirCompany() {
        int rows = 40;
        int in = 96;
        int out = 72;
        Random random = new Random(3);
        float[] x = TestDevice.normal(random, rows * in);
        float[] a = TestDevice.normal(random, 12 * in);
        float[] b = TestDevice.normal(random, out * 12);
        try (TestDevice device = open(2)) {
            List<@Nullable LoraAdapter> adapters = List.of(
                    new LoraAdapter(device.buffer(a), device.buffer(b), 12, 0.5f),
                    new LoraAdapter(device.buffer(b), device.buffer(a), 8, 0.25f));
            int[] adapterOfRow = new int[rows];
            Arrays.setAll(adapterOfRow, r -> random.nextInt(3) - 1);
            Buffer bufferX = device.buffer(x);
            Buffer t = device.zeros(12L * rows);
            Buffer y = device.zeros((long) rows * out);
            device.kernels().loraForward(new LoraBatch(in, out, adapterOfRow, adapters), bufferX, t, y);
            Buffer alone = device.zeros((long) rows * out);
            for (int r = 0; r < rows; r++) {
                device.kernels()
                        .loraForward(
                                new LoraBatch(in, out, new int[] {adapterOfRow[r]}, adapters),
                                bufferX.slice((long) r * in, in),
                                t,
                                alone.slice((long) r * out, out));
            }
            assertThat(device.read(alone)).isEqualTo(device.read(y));
        }
    }

    @Test
    void scatteredRowsDoNotDependOnTheirCompany() {
        int rows = 90;
        int width = 207;
        Random random = new Random(8);
        float[] x = TestDevice.normal(random, rows * width);
        float[] start = TestDevice.normal(random, rows * width);
        float[] factors = TestDevice.normal(random, rows);
        int[] indices = new int[rows];
        Arrays.setAll(indices, r -> (r * 7 + 3) % rows);
        try (TestDevice device = open(3)) {
            Buffer bufferX = device.buffer(x);
            Buffer together = device.buffer(start);
            device.kernels().scatterAddScaledRows(width, indices, factors, bufferX, together);
            Buffer alone = device.buffer(start);
            for (int r = 0; r < rows; r++) {
                Buffer row = bufferX.slice((long) r * width, width);
                device.kernels()
                        .scatterAddScaledRows(width, new int[] {indices[r]}, new float[] {factors[r]}, row, alone);
            }
            assertThat(device.read(alone)).isEqualTo(device.read(together));
        }
    }

    @Test
    void everyOperationIsTheSameForEveryNumberOfThreads() {
        for (KernelCase kernelCase : KernelCase.all()) {
            try (TestDevice one = open(1);
                    TestDevice many = open(4)) {
                float[] expected = kernelCase.run().apply(one);
                assertThat(kernelCase.run().apply(many)).as(kernelCase.name()).isEqualTo(expected);
            }
        }
    }
}
