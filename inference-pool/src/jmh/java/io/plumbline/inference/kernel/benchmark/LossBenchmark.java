package io.plumbline.inference.kernel.benchmark;

import io.plumbline.inference.kernel.Buffer;
import java.util.stream.IntStream;

/** The loss over a vocabulary, and its gradient in place. */
public class LossBenchmark extends KernelBenchmark {
    private static final int VOCABULARY = 49_152;
    private static final int ROWS = 64;

    @Override
    Prepared prepare(Device on, boolean checkOnly) {
        int[] targets = IntStream.range(0, ROWS).map(row -> row * 701 % VOCABULARY).toArray();
        Buffer logits = on.normal(ROWS * VOCABULARY);
        Buffer loss = on.zeros(ROWS);
        double count = (double) ROWS * VOCABULARY;
        return new Prepared(
                () -> on.kernels().softmaxCrossEntropy(VOCABULARY, targets, 1f / ROWS, logits, loss),
                loss,
                ROWS,
                8.0 * count,
                5.0 * count);
    }
}
