package io.plumbline.inference.kernel.benchmark;

import io.plumbline.inference.kernel.Buffer;
import io.plumbline.inference.kernel.LoraAdapter;
import io.plumbline.inference.kernel.LoraBatch;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Param;

/** Low-rank deltas of adapters that differ from row to row. */
public class LoraBenchmark extends KernelBenchmark {
    private static final int IN = 2048;
    private static final int OUT = 2048;
    private static final float SCALE = 2;

    @Param({"8", "512"})
    public int rows;

    @Param({"1", "8", "64"})
    public int adapters;

    @Param({"8", "64"})
    public int rank;

    @Override
    Prepared prepare(Device on, boolean checkOnly) {
        Buffer x = on.normal(rows * IN);
        // Adapters without a row are known and not read: they may share their memory with those that have one.
        int used = Math.min(rows, adapters);
        Buffer a = on.normal(used * rank * IN);
        Buffer b = on.normal(used * OUT * rank);
        Buffer t = on.zeros((long) rows * rank);
        Buffer y = on.zeros((long) rows * OUT);
        int[] adapterOfRow = IntStream.range(0, rows).map(row -> row % adapters).toArray();
        double factors = 4.0 * used * rank * (IN + OUT);
        List<Runnable> runs = new ArrayList<>();
        for (int copy = 0; copy < Device.copies(factors, checkOnly); copy++) {
            var batch = new LoraBatch(IN, OUT, adapterOfRow, copy(on, used, a, b));
            runs.add(() -> on.kernels().loraForward(batch, x, t, y));
        }
        double in = 4.0 * rows * IN;
        double out = 4.0 * rows * OUT;
        var resident = new Cost.Resident(in + out, out, in + out);
        var cost = Cost.streamed(factors, resident, 2.0 * rows * rank * (IN + OUT));
        return new Prepared(runs, Prepared.Output.first(y, OUT, rows).accumulated(), cost);
    }

    /** Adapters of the same content in memory of their own. */
    private List<LoraAdapter> copy(Device on, int used, Buffer a, Buffer b) {
        Buffer ownA = on.zeros(a.elements());
        Buffer ownB = on.zeros(b.elements());
        on.kernels().addScaled(a.elements(), 1, a, ownA);
        on.kernels().addScaled(b.elements(), 1, b, ownB);
        List<LoraAdapter> made = new ArrayList<>();
        for (int i = 0; i < adapters; i++) {
            Buffer down = ownA.slice((long) i % used * rank * IN, (long) rank * IN);
            Buffer up = ownB.slice((long) i % used * rank * OUT, (long) rank * OUT);
            made.add(new LoraAdapter(down, up, rank, SCALE));
        }
        return made;
    }
}
