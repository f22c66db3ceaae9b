package io.plumbline.inference.kernel.benchmark;

import io.plumbline.inference.kernel.AttentionShape;
import io.plumbline.inference.kernel.Buffer;
import io.plumbline.inference.kernel.KeyValuePrecision;
import io.plumbline.inference.kernel.PagedBatch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Param;

/** Attention over a paged cache: one sequence or eight that each add a token, and one prompt. */
public class AttentionBenchmark extends KernelBenchmark {
    private static final AttentionShape SHAPE = new AttentionShape(16, 4, 64, 0.125f, 0);
    private static final int BLOCK = 16;

    /** What the batch is. */
    public enum Phase {
        ONE_ROW(1),
        EIGHT_ROWS(8),
        PREFILL(1);

        private final int sequences;

        Phase(int sequences) {
            this.sequences = sequences;
        }
    }

    @Param({"ONE_ROW", "EIGHT_ROWS", "PREFILL"})
    public Phase phase = Phase.ONE_ROW;

    @Param({"512", "2048", "8192"})
    public int context;

    @Param({"FLOAT32", "INT8"})
    public KeyValuePrecision precision = KeyValuePrecision.FLOAT32;

    @Override
    Prepared prepare(Device on, boolean checkOnly) {
        int sequences = phase.sequences;
        boolean prompt = phase == Phase.PREFILL;
        int rows = prompt ? context : sequences;
        int positions = sequences * context;
        Buffer k = on.normal(positions * SHAPE.keyValueWidth());
        Buffer v = on.normal(positions * SHAPE.keyValueWidth());
        Buffer q = on.normal(rows * SHAPE.queryWidth());
        // A prompt's rows come from one sequence; to compare a few of them, each is a sequence with the same cache.
        int[] compared = prompt
                ? new int[] {0, context / 2, context - 1}
                : IntStream.range(0, rows).toArray();
        boolean few = checkOnly && prompt;
        PagedBatch batch = few ? single(compared) : whole(sequences, rows / sequences);
        Buffer queries = few ? on.rows(SHAPE.queryWidth(), compared, q) : q;
        Buffer out = on.zeros((long) batch.rows() * SHAPE.queryWidth());
        PagedBatch stored = whole(sequences, context);
        long elements = (long) positions * precision.rowElements(SHAPE);
        double cacheBytes = 2.0 * Float.BYTES * elements;
        List<Runnable> runs = new ArrayList<>();
        for (int copy = 0; copy < Device.copies(cacheBytes, checkOnly); copy++) {
            Buffer keys = on.zeros(elements);
            Buffer values = on.zeros(elements);
            on.kernels().storeKeyValue(SHAPE, stored, k, v, keys, values);
            runs.add(() -> on.kernels().pagedAttention(SHAPE, batch, queries, keys, values, out));
        }
        double pairs = prompt ? context * (context + 1.0) / 2 : positions;
        double activations = 4.0 * rows * SHAPE.queryWidth();
        var resident = Cost.Resident.of(activations, activations);
        var cost = Cost.streamed(cacheBytes, resident, 4.0 * pairs * SHAPE.queryWidth());
        int[] outputRows = few ? IntStream.range(0, compared.length).toArray() : compared;
        return new Prepared(runs, Prepared.Output.rows(out, SHAPE.queryWidth(), outputRows), cost);
    }

    /** The last rows of every sequence. */
    private PagedBatch whole(int sequences, int rowsOfEach) {
        int[] rowStart =
                IntStream.rangeClosed(0, sequences).map(s -> s * rowsOfEach).toArray();
        int[] first = new int[sequences];
        Arrays.fill(first, context - rowsOfEach);
        int[][] table = IntStream.range(0, sequences).mapToObj(this::blocks).toArray(int[][]::new);
        return new PagedBatch(rowStart, first, table, BLOCK, precision);
    }

    /** Some rows of the first sequence. */
    private PagedBatch single(int[] rows) {
        int[] rowStart = IntStream.rangeClosed(0, rows.length).toArray();
        int[][] table = IntStream.of(rows).mapToObj(_ -> blocks(0)).toArray(int[][]::new);
        return new PagedBatch(rowStart, rows, table, BLOCK, precision);
    }

    private int[] blocks(int sequence) {
        int count = context / BLOCK;
        return IntStream.range(sequence * count, (sequence + 1) * count).toArray();
    }
}
