package io.plumbline.inference.kernel.benchmark;

import io.plumbline.inference.kernel.Activation;
import io.plumbline.inference.kernel.Buffer;
import io.plumbline.inference.kernel.RopeLayout;
import io.plumbline.inference.kernel.RopeShape;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Param;

/** What is computed element by element: norms, rotations, activations. They work on what was just computed, in a cache. */
public class RowsBenchmark extends KernelBenchmark {
    private static final int WIDTH = 2048;
    private static final int HEAD = 64;
    private static final float EPSILON = 1e-5f;

    /** Which of them. */
    public enum Kernel {
        RMS_NORM,
        RMS_NORM_BACKWARD,
        ROPE,
        SILU,
        SILU_BACKWARD,
        GELU
    }

    @Param({"RMS_NORM", "RMS_NORM_BACKWARD", "ROPE", "SILU", "SILU_BACKWARD", "GELU"})
    public Kernel kernel = Kernel.RMS_NORM;

    @Param({"8", "512"})
    public int rows;

    @Override
    Prepared prepare(Device on, boolean checkOnly) {
        Buffer x = on.normal(rows * WIDTH);
        return switch (kernel) {
            case RMS_NORM -> norm(on, x);
            case RMS_NORM_BACKWARD -> normBackward(on, x);
            case ROPE -> rope(on, x);
            case SILU -> activation(on, Activation.SILU, x);
            case SILU_BACKWARD -> activationBackward(on, x);
            case GELU -> activation(on, Activation.GELU_TANH, x);
        };
    }

    private Prepared norm(Device on, Buffer x) {
        Buffer weight = on.normal(WIDTH);
        Buffer out = on.zeros(x.elements());
        return prepared(
                () -> on.kernels().rmsNorm(rows, WIDTH, EPSILON, x, weight, out), all(out), new Accesses(1, 1, 2), 4);
    }

    private Prepared normBackward(Device on, Buffer x) {
        Buffer weight = on.normal(WIDTH);
        Buffer dy = on.normal(rows * WIDTH);
        Buffer dx = on.zeros(x.elements());
        return prepared(
                () -> on.kernels().rmsNormBackward(rows, WIDTH, EPSILON, x, weight, dy, dx),
                all(dx).accumulated(),
                new Accesses(3, 1, 3),
                9);
    }

    private Prepared rope(Device on, Buffer x) {
        RopeShape shape = new RopeShape(WIDTH / HEAD, HEAD, HEAD, RopeLayout.HALVES);
        Buffer table = on.buffer(rotations());
        int[] positions = IntStream.range(0, rows).toArray();
        return prepared(
                () -> on.kernels().rope(shape, positions, table, x, false),
                all(x).accumulated(),
                new Accesses(1, 1, 1),
                3);
    }

    /** Real angles: a rotation keeps lengths, so that turning for ever overflows nothing. */
    private float[] rotations() {
        float[] table = new float[rows * HEAD];
        for (int position = 0; position < rows; position++) {
            for (int pair = 0; pair < HEAD / 2; pair++) {
                double angle = position * Math.pow(10_000, -2.0 * pair / HEAD);
                table[position * HEAD + pair] = (float) Math.cos(angle);
                table[position * HEAD + HEAD / 2 + pair] = (float) Math.sin(angle);
            }
        }
        return table;
    }

    /** An exponential counts as one operation. */
    private Prepared activation(Device on, Activation kind, Buffer gate) {
        Buffer up = on.normal(rows * WIDTH);
        Buffer out = on.zeros(gate.elements());
        return prepared(
                () -> on.kernels().gatedActivation(kind, gate.elements(), gate, up, out),
                all(out),
                new Accesses(2, 1, 3),
                4);
    }

    private Prepared activationBackward(Device on, Buffer gate) {
        Buffer up = on.normal(rows * WIDTH);
        Buffer dout = on.normal(rows * WIDTH);
        Buffer dgate = on.zeros(gate.elements());
        Buffer dup = on.zeros(gate.elements());
        return prepared(
                () -> on.kernels()
                        .gatedActivationBackward(Activation.SILU, gate.elements(), gate, up, dout, dgate, dup),
                all(dgate),
                new Accesses(3, 2, 5),
                9);
    }

    /**
     * How often an element is touched.
     *
     * @param reads of it
     * @param writes of it
     * @param buffers that have such an element
     */
    private record Accesses(int reads, int writes, int buffers) {}

    private Prepared prepared(Runnable run, Prepared.Output output, Accesses accesses, double operations) {
        double count = (double) rows * WIDTH;
        double bytes = 4 * count;
        var cost = Cost.resident(
                accesses.reads() * bytes, accesses.writes() * bytes, accesses.buffers() * bytes, operations * count);
        return Prepared.of(run, output, cost);
    }

    private Prepared.Output all(Buffer buffer) {
        return Prepared.Output.first(buffer, WIDTH, rows);
    }
}
