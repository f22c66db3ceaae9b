package io.plumbline.inference.kernel.benchmark;

import io.plumbline.inference.kernel.ActivationPrecision;
import io.plumbline.inference.kernel.Buffer;
import io.plumbline.inference.kernel.Weight;
import io.plumbline.inference.quant.QuantFormat;
import org.openjdk.jmh.annotations.Param;

/** A linear layer as serving computes it: decoding one stream, eight, and a prompt. */
public class MatmulBenchmark extends KernelBenchmark {
    private static final int OUT = 8192;
    private static final int IN = 2048;

    @Param({
        "F32", "F16", "BF16", "Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q8_0", "Q2_K", "Q3_K", "Q4_K", "Q5_K", "Q6_K", "IQ4_NL",
        "IQ4_XS"
    })
    public QuantFormat format = QuantFormat.Q4_0;

    @Param({"1", "8", "512"})
    public int rows;

    @Override
    Prepared prepare(Device on, boolean checkOnly) {
        Weight weight = on.weight(format, OUT, IN, ActivationPrecision.INT8);
        Buffer x = on.normal(rows * IN);
        Buffer y = on.zeros((long) rows * OUT);
        int computed = checkOnly ? 1 : rows;
        double bytes = OUT * format.rowBytes(IN) + 4.0 * rows * (IN + OUT);
        return new Prepared(() -> on.kernels().matmul(computed, x, weight, y), y, OUT, bytes, 2.0 * rows * IN * OUT);
    }
}
