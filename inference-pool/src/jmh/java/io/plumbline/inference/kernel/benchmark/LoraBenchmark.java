package io.plumbline.inference.kernel.benchmark;

import io.plumbline.inference.kernel.Buffer;
import io.plumbline.inference.kernel.LoraAdapter;
import io.plumbline.inference.kernel.LoraBatch;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Param;

/** Low-rank deltas of adapters that differ from row to row. */
public class LoraBenchmark extends KernelBenchmark {
    private static final int IN = 2048;
    private static final int OUT = 2048;

    @Param({"8", "512"})
    public int rows;

    @Param({"1", "8", "64"})
    public int adapters;

    @Param({"8", "64"})
    public int rank;

    @Override
    Prepared prepare(Device on, boolean checkOnly) {
        List<LoraAdapter> deltas = Stream.generate(
                        () -> new LoraAdapter(on.normal(rank * IN), on.normal(OUT * rank), rank, 2))
                .limit(adapters)
                .toList();
        int[] adapterOfRow = IntStream.range(0, rows).map(row -> row % adapters).toArray();
        LoraBatch batch = new LoraBatch(IN, OUT, adapterOfRow, List.copyOf(deltas));
        Buffer x = on.normal(rows * IN);
        Buffer t = on.zeros((long) rows * rank);
        Buffer y = on.zeros((long) rows * OUT);
        int used = Math.min(rows, adapters);
        double bytes = 4.0 * ((double) used * rank * (IN + OUT) + (double) rows * (IN + 2.0 * OUT));
        return new Prepared(
                () -> on.kernels().loraForward(batch, x, t, y),
                y,
                rows * OUT,
                bytes,
                2.0 * rows * rank * (IN + OUT));
    }
}
