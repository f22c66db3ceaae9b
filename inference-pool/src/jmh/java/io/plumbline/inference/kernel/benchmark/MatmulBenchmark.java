package io.plumbline.inference.kernel.benchmark;

import io.plumbline.inference.kernel.ActivationPrecision;
import io.plumbline.inference.kernel.Buffer;
import io.plumbline.inference.quant.QuantFormat;
import java.util.List;
import java.util.Set;
import org.openjdk.jmh.annotations.Param;

/** A linear layer as serving computes it: decoding one stream, eight, and a prompt. */
public class MatmulBenchmark extends KernelBenchmark {
    private static final int OUT = 4096;
    private static final int IN = 2048;
    /** Formats without codes: their products are taken in float32. */
    private static final Set<QuantFormat> FLOATS = Set.of(QuantFormat.F32, QuantFormat.F16, QuantFormat.BF16);

    @Param({
        "F32", "F16", "BF16", "Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q8_0", "Q2_K", "Q3_K", "Q4_K", "Q5_K", "Q6_K", "IQ4_NL",
        "IQ4_XS"
    })
    public QuantFormat format = QuantFormat.Q4_0;

    @Param({"1", "8", "512"})
    public int rows;

    @Override
    Prepared prepare(Device on, boolean checkOnly) {
        var weights = on.weights(format, OUT, IN, ActivationPrecision.INT8, checkOnly);
        Buffer x = on.normal(rows * IN);
        int[] compared = rows < 3 ? new int[1] : new int[] {0, rows / 2, rows - 1};
        int computed = checkOnly ? compared.length : rows;
        Buffer input = checkOnly ? on.rows(IN, compared, x) : x;
        Buffer y = on.zeros((long) computed * OUT);
        List<Runnable> runs = weights.list().stream()
                .<Runnable>map(weight -> () -> on.kernels().matmul(computed, input, weight, y))
                .toList();
        var activations = Cost.Resident.of(4.0 * rows * IN, 4.0 * rows * OUT);
        var cost = Cost.streamed(weights.bytes(), activations, 2.0 * rows * IN * OUT)
                .in(FLOATS.contains(format) ? Cost.Arithmetic.FLOAT32 : Cost.Arithmetic.INT8);
        var output = checkOnly ? Prepared.Output.first(y, OUT, computed) : Prepared.Output.rows(y, OUT, compared);
        return new Prepared(runs, output, cost);
    }
}
