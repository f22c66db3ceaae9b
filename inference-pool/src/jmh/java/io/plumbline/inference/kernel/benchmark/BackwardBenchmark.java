package io.plumbline.inference.kernel.benchmark;

import io.plumbline.inference.kernel.ActivationPrecision;
import io.plumbline.inference.kernel.Buffer;
import io.plumbline.inference.kernel.Weight;
import io.plumbline.inference.quant.QuantFormat;
import org.openjdk.jmh.annotations.Param;

/** The activation gradient of a linear layer, from the same blocks, as training computes it. */
public class BackwardBenchmark extends KernelBenchmark {
    private static final int OUT = 2048;
    private static final int IN = 2048;
    private static final int ROWS = 256;

    @Param({"Q4_1", "Q8_0", "Q4_K", "F16"})
    public QuantFormat format = QuantFormat.Q4_1;

    @Override
    Prepared prepare(Device on, boolean checkOnly) {
        Weight weight = on.weight(format, OUT, IN, ActivationPrecision.FLOAT32);
        Buffer dy = on.normal(ROWS * OUT);
        Buffer dx = on.zeros((long) ROWS * IN);
        int computed = checkOnly ? 1 : ROWS;
        double bytes = OUT * format.rowBytes(IN) + 4.0 * ROWS * (2.0 * IN + OUT);
        return new Prepared(
                () -> on.kernels().matmulBackward(computed, dy, weight, dx), dx, IN, bytes, 2.0 * ROWS * IN * OUT);
    }
}
