package io.plumbline.inference.kernel.benchmark;

import io.plumbline.inference.kernel.AttentionShape;
import io.plumbline.inference.kernel.Buffer;

/** The gradients of attention over whole sequences, as training computes them. */
public class AttentionBackwardBenchmark extends KernelBenchmark {
    private static final AttentionShape SHAPE = new AttentionShape(16, 4, 64, 0.125f, 0);
    private static final int LENGTH = 256;
    private static final int[] STARTS = {0, LENGTH, 2 * LENGTH};

    @Override
    Prepared prepare(Device on, boolean checkOnly) {
        int rows = 2 * LENGTH;
        int queries = rows * SHAPE.queryWidth();
        int keys = rows * SHAPE.keyValueWidth();
        Buffer q = on.normal(queries);
        Buffer k = on.normal(keys);
        Buffer v = on.normal(keys);
        Buffer dout = on.normal(queries);
        // One buffer, so that all three gradients are compared.
        Buffer gradients = on.zeros(queries + 2L * keys);
        Buffer dq = gradients.slice(0, queries);
        Buffer dk = gradients.slice(queries, keys);
        Buffer dv = gradients.slice((long) queries + keys, keys);
        double pairs = LENGTH * (LENGTH + 1.0);
        double bytes = 4.0 * (3.0 * queries + 4.0 * keys);
        return Prepared.of(
                () -> on.kernels().attentionBackward(SHAPE, STARTS, q, k, v, dout, dq, dk, dv),
                Prepared.Output.whole(gradients, queries + 2 * keys),
                Cost.resident(bytes, bytes, 10.0 * pairs * SHAPE.queryWidth()));
    }
}
