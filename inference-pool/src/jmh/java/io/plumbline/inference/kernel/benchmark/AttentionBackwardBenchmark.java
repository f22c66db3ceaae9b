package io.plumbline.inference.kernel.benchmark;

import io.plumbline.inference.kernel.AttentionShape;
import io.plumbline.inference.kernel.Buffer;
import org.openjdk.jmh.annotations.Param;

/** The gradients of attention over two whole sequences, as training computes them. */
public class AttentionBackwardBenchmark extends KernelBenchmark {
    private static final AttentionShape SHAPE = new AttentionShape(16, 4, 64, 0.125f, 0);

    @Param({"256", "1024"})
    public int length;

    @Override
    Prepared prepare(Device on, boolean checkOnly) {
        int rows = 2 * length;
        int[] starts = {0, length, rows};
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
        double pairs = length * (length + 1.0);
        return Prepared.of(
                () -> on.kernels().attentionBackward(SHAPE, starts, q, k, v, dout, dq, dk, dv),
                Prepared.Output.whole(gradients, queries + 2 * keys),
                Cost.streamed(
                        0,
                        Cost.Resident.of(8.0 * (queries + keys), 4.0 * (queries + 2.0 * keys)),
                        10.0 * pairs * SHAPE.queryWidth()));
    }
}
