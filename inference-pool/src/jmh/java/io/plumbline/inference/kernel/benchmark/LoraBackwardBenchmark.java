package io.plumbline.inference.kernel.benchmark;

import io.plumbline.inference.kernel.Buffer;
import io.plumbline.inference.kernel.LoraAdapter;
import io.plumbline.inference.kernel.LoraBatch;
import io.plumbline.inference.kernel.LoraGradient;
import java.util.List;
import org.openjdk.jmh.annotations.Param;

/** The gradients of one adapter's factors and of its input, as training computes them. */
public class LoraBackwardBenchmark extends KernelBenchmark {
    private static final int IN = 2048;
    private static final int OUT = 2048;
    private static final int ROWS = 256;

    @Param({"8", "64"})
    public int rank;

    @Override
    Prepared prepare(Device on, boolean checkOnly) {
        Buffer x = on.normal(ROWS * IN);
        Buffer dy = on.normal(ROWS * OUT);
        Buffer t = on.normal(ROWS * rank);
        Buffer dt = on.zeros((long) ROWS * rank);
        var adapter = new LoraAdapter(on.normal(rank * IN), on.normal(OUT * rank), rank, 2);
        var batch = new LoraBatch(IN, OUT, new int[ROWS], List.of(adapter));
        // One buffer, so that all three gradients are compared.
        int factors = rank * (IN + OUT);
        Buffer gradients = on.zeros(factors + (long) ROWS * IN);
        var gradient = new LoraGradient(
                gradients.slice(0, (long) rank * IN), gradients.slice((long) rank * IN, (long) rank * OUT));
        Buffer dx = gradients.slice(factors, (long) ROWS * IN);
        // Gradients are added to what is there.
        double written = 4.0 * (factors + ROWS * (rank + (double) IN));
        double read = 4.0 * (2.0 * factors + ROWS * (rank + OUT + 2.0 * IN));
        double set = 4.0 * (2.0 * factors + ROWS * (2.0 * rank + OUT + 2.0 * IN));
        return Prepared.of(
                () -> on.kernels().loraBackward(batch, x, t, dy, List.of(gradient), dt, dx),
                Prepared.Output.whole(gradients, factors + ROWS * IN).accumulated(),
                Cost.resident(read, written, set, 2.0 * 2 * ROWS * rank * (IN + OUT)));
    }
}
