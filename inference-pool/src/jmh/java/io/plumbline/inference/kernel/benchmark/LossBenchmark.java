package io.plumbline.inference.kernel.benchmark;

import io.plumbline.inference.kernel.Buffer;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Param;

/** The loss over a vocabulary, and its gradient in place. */
public class LossBenchmark extends KernelBenchmark {
    private static final int ROWS = 64;

    @Param({"49152", "262144"})
    public int vocabulary;

    @Override
    Prepared prepare(Device on, boolean checkOnly) {
        int[] targets =
                IntStream.range(0, ROWS).map(row -> row * 701 % vocabulary).toArray();
        Buffer logits = on.normal(ROWS * vocabulary);
        Buffer loss = on.zeros(ROWS);
        double count = (double) ROWS * vocabulary;
        // An exponential counts as one operation. The gradient replaces the logits, so every run has other ones.
        return Prepared.of(
                () -> on.kernels().softmaxCrossEntropy(vocabulary, targets, 1f / ROWS, logits, loss),
                Prepared.Output.whole(loss, ROWS).accumulated(),
                Cost.resident(4 * count, 4 * count, 4 * count, 5 * count));
    }
}
