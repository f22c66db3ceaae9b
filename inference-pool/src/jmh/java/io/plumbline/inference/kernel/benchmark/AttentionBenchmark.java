package io.plumbline.inference.kernel.benchmark;

import io.plumbline.inference.kernel.AttentionShape;
import io.plumbline.inference.kernel.Buffer;
import io.plumbline.inference.kernel.PagedBatch;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Param;

/** Attention over a paged cache: eight sequences that each add a token, and one prompt. */
public class AttentionBenchmark extends KernelBenchmark {
    private static final AttentionShape SHAPE = new AttentionShape(16, 4, 64, 0.125f, 0);
    private static final int BLOCK = 16;
    private static final int SEQUENCES = 8;

    /** What the batch is. */
    public enum Phase {
        DECODE,
        PREFILL
    }

    @Param({"DECODE", "PREFILL"})
    public Phase phase = Phase.DECODE;

    @Param({"512", "2048"})
    public int context;

    @Override
    Prepared prepare(Device on, boolean checkOnly) {
        int sequences = phase == Phase.DECODE ? SEQUENCES : 1;
        int each = phase == Phase.DECODE ? 1 : context;
        int blocks = context / BLOCK;
        int[] rowStart = IntStream.rangeClosed(0, sequences).map(s -> s * each).toArray();
        int[] first = new int[sequences];
        Arrays.fill(first, context - each);
        int[][] table = IntStream.range(0, sequences)
                .mapToObj(s -> IntStream.range(s * blocks, (s + 1) * blocks).toArray())
                .toArray(int[][]::new);
        PagedBatch batch = new PagedBatch(rowStart, first, table, BLOCK);
        int positions = sequences * context;
        Buffer keys = on.normal(positions * SHAPE.keyValueWidth());
        Buffer values = on.normal(positions * SHAPE.keyValueWidth());
        int rows = sequences * each;
        Buffer q = on.normal(rows * SHAPE.queryWidth());
        Buffer out = on.zeros((long) rows * SHAPE.queryWidth());
        double pairs = phase == Phase.DECODE ? positions : context * (context + 1.0) / 2;
        double bytes = 4.0 * (2.0 * positions * SHAPE.keyValueWidth() + 2.0 * rows * SHAPE.queryWidth());
        return new Prepared(
                () -> on.kernels().pagedAttention(SHAPE, batch, q, keys, values, out),
                out,
                rows * SHAPE.queryWidth(),
                bytes,
                4.0 * pairs * SHAPE.queryWidth());
    }
}
