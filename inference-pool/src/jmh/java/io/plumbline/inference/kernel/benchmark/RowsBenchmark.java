package io.plumbline.inference.kernel.benchmark;

import io.plumbline.inference.kernel.Activation;
import io.plumbline.inference.kernel.Buffer;
import io.plumbline.inference.kernel.RopeLayout;
import io.plumbline.inference.kernel.RopeShape;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Param;

/** What is computed element by element: norms, rotations, activations. */
public class RowsBenchmark extends KernelBenchmark {
    private static final int WIDTH = 2048;
    private static final int HEAD = 64;

    /** Which of them. */
    public enum Kernel {
        RMS_NORM,
        ROPE,
        SILU,
        GELU
    }

    @Param({"RMS_NORM", "ROPE", "SILU", "GELU"})
    public Kernel kernel = Kernel.RMS_NORM;

    @Param({"8", "512"})
    public int rows;

    @Override
    Prepared prepare(Device on, boolean checkOnly) {
        int count = rows * WIDTH;
        Buffer x = on.normal(count);
        Buffer other = on.normal(count);
        Buffer out = on.zeros(count);
        return switch (kernel) {
            case RMS_NORM ->
                new Prepared(
                        () -> on.kernels().rmsNorm(rows, WIDTH, 1e-5f, x, other, out), out, count, 8.0 * count, 4.0 * count);
            case ROPE -> rope(on, x, count);
            case SILU -> activation(on, Activation.SILU, x, other, out);
            case GELU -> activation(on, Activation.GELU_TANH, x, other, out);
        };
    }

    private Prepared rope(Device on, Buffer x, int count) {
        RopeShape shape = new RopeShape(WIDTH / HEAD, HEAD, HEAD, RopeLayout.HALVES);
        Buffer table = on.normal(rows * HEAD);
        int[] positions = IntStream.range(0, rows).toArray();
        return new Prepared(
                () -> on.kernels().rope(shape, positions, table, x, false), x, count, 8.0 * count, 3.0 * count);
    }

    /** An exponential counts as one operation. */
    private Prepared activation(Device on, Activation kind, Buffer gate, Buffer up, Buffer out) {
        int count = rows * WIDTH;
        return new Prepared(
                () -> on.kernels().gatedActivation(kind, count, gate, up, out), out, count, 12.0 * count, 4.0 * count);
    }
}
