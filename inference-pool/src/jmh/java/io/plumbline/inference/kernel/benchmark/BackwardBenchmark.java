package io.plumbline.inference.kernel.benchmark;

import io.plumbline.inference.kernel.ActivationPrecision;
import io.plumbline.inference.kernel.Buffer;
import io.plumbline.inference.quant.QuantFormat;
import java.util.List;
import org.openjdk.jmh.annotations.Param;

/** A linear layer as training computes it, in float32 from the same blocks: forward, and the activations' gradient. */
public class BackwardBenchmark extends KernelBenchmark {
    private static final int OUT = 2048;
    private static final int IN = 2048;
    private static final int ROWS = 256;
    private static final int[] COMPARED = {0, ROWS / 2, ROWS - 1};

    /** Which of the two. */
    public enum Direction {
        FORWARD,
        BACKWARD
    }

    @Param({"FORWARD", "BACKWARD"})
    public Direction direction = Direction.BACKWARD;

    @Param({"Q4_1", "Q8_0", "Q4_K", "F16"})
    public QuantFormat format = QuantFormat.Q4_1;

    @Override
    Prepared prepare(Device on, boolean checkOnly) {
        var weights = on.weights(format, OUT, IN, ActivationPrecision.FLOAT32, checkOnly);
        int computed = checkOnly ? COMPARED.length : ROWS;
        Buffer all = on.normal(ROWS * IN);
        Buffer input = checkOnly ? on.rows(IN, COMPARED, all) : all;
        Buffer result = on.zeros((long) computed * OUT);
        List<Runnable> runs = weights.list().stream()
                .<Runnable>map(weight -> switch (direction) {
                    case FORWARD -> () -> on.kernels().matmul(computed, input, weight, result);
                    case BACKWARD -> () -> on.kernels().matmulBackward(computed, input, weight, result);
                })
                .toList();
        double in = 4.0 * ROWS * IN;
        double out = 4.0 * ROWS * OUT;
        // The gradient is added to what is there, which is read for it.
        double read = in + (direction == Direction.BACKWARD ? out : 0);
        var cost = Cost.streamed(weights.bytes(), new Cost.Resident(read, out, in + out), 2.0 * ROWS * IN * OUT);
        var rows = Prepared.Output.rows(result, OUT, checkOnly ? new int[] {0, 1, 2} : COMPARED);
        var output = direction == Direction.FORWARD ? rows : rows.accumulated();
        return new Prepared(runs, output, cost);
    }
}
