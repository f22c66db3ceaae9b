package io.plumbline.inference.kernel;

import io.plumbline.inference.quant.QuantFormat;
import io.plumbline.inference.quant.RandomBlocks;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One operation with fixed random input: the same on every device, so results can be compared to the bit.
 *
 * @param name what and which size
 * @param run computes every output on a device
 */
public record KernelCase(String name, Function<TestDevice, float[]> run) {
    private static final int[][] MATMUL_SHAPES = {
        {1, 5, 256}, {1, 97, 512}, {2, 7, 256}, {3, 17, 2304}, {9, 48, 256}, {12, 19, 1280}, {67, 61, 768}
    };

    @Override
    public String toString() {
        return name;
    }

    /** The bits of every output on a backend of its own. */
    public int[] bitsOn(BackendProvider provider, int threads) {
        try (TestDevice device = TestDevice.open(provider, threads)) {
            float[] values = run.apply(device);
            int[] bits = new int[values.length];
            Arrays.setAll(bits, i -> Float.floatToRawIntBits(values[i]));
            return bits;
        }
    }

    /** Every operation over awkward sizes, every format. */
    public static List<KernelCase> all() {
        List<KernelCase> cases = new ArrayList<>();
        for (QuantFormat format : QuantFormat.values()) {
            for (int[] shape : MATMUL_SHAPES) {
                cases.add(matmul(format, shape[0], shape[1], shape[2]));
                cases.add(integerMatmul(format, shape[0], shape[1], shape[2]));
            }
            cases.add(embed(format));
        }
        for (QuantFormat format : List.of(QuantFormat.F32, QuantFormat.F16, QuantFormat.BF16)) {
            cases.add(matmul(format, 1, 3, 13));
            cases.add(matmul(format, 6, 13, 5));
            cases.add(matmul(format, 5, 1, 207));
        }
        cases.add(matmul(QuantFormat.Q4_1, 300, 200, 576));
        cases.add(integerMatmul(QuantFormat.Q4_1, 300, 200, 576));
        for (int rows = 1; rows <= 17; rows++) {
            cases.add(integerMatmul(QuantFormat.Q5_1, rows, 33, 96));
        }
        for (int width : new int[] {1, 13, 64, 207, 702}) {
            cases.add(norm(3, width));
            cases.add(activation(Activation.SILU, width));
            cases.add(activation(Activation.GELU_TANH, width));
            cases.add(loss(4, width));
            cases.add(elementwise(width));
            cases.add(optimizer(width));
        }
        cases.add(norm(40, 702));
        cases.add(scatter(3, 13));
        cases.add(scatter(90, 207));
        cases.add(elementwise(50_001));
        cases.add(optimizer(30_011));
        cases.add(activation(Activation.SILU, 40_003));
        for (RopeLayout layout : RopeLayout.values()) {
            cases.add(rope(new RopeShape(3, 64, 64, layout)));
            cases.add(rope(new RopeShape(2, 20, 14, layout)));
            cases.add(rope(new RopeShape(3, 24, 15, 8, layout)));
        }
        cases.addAll(AttentionCases.all());
        cases.add(lora(1, 64, 96, new int[] {8}));
        cases.add(lora(37, 100, 61, new int[] {8, 16, 3}));
        cases.add(lora(70, 576, 192, new int[] {8, 64}));
        cases.add(lora(9, 48, 33, new int[] {5, 8, 17, 1, 256}));
        for (int rows : new int[] {1, 4, 5, 8, 70}) {
            cases.add(sharedLora(rows));
        }
        return cases;
    }

    static KernelCase matmul(QuantFormat format, int rows, int out, int in) {
        return new KernelCase("matmul %s %d×%d×%d".formatted(format, rows, out, in), device -> {
            Random random = new Random(rows * 31L + out * 7L + in);
            Weight w = device.weight(format, out, in, RandomBlocks.of(format, out, in, random));
            Buffer x = device.buffer(TestDevice.normal(random, rows * in));
            Buffer y = device.zeros((long) rows * out);
            device.kernels().matmul(rows, x, w, y);
            Buffer dy = device.buffer(TestDevice.normal(random, rows * out));
            Buffer dx = device.buffer(TestDevice.normal(random, rows * in));
            device.kernels().matmulBackward(rows, dy, w, dx);
            return device.read(y, dx);
        });
    }

    /** Products with activations of 8 bits, alone and of shared rows. */
    static KernelCase integerMatmul(QuantFormat format, int rows, int out, int in) {
        return new KernelCase("integer matmul %s %d×%d×%d".formatted(format, rows, out, in), device -> {
            Random random = new Random(rows * 31L + out * 7L + in);
            Weight first = integerWeight(device, format, out, in, random);
            Weight second = integerWeight(device, format, out + 5, in, random);
            float[] values = TestDevice.normal(random, rows * in);
            // A block of zeros, one with a huge and one with a tiny element.
            Arrays.fill(values, 0, Math.min(32, in), 0f);
            values[Math.min(40, values.length - 1)] = 3e8f;
            values[values.length - 1] = 1e-30f;
            // And one of nothing but numbers whose reciprocal is none.
            Arrays.fill(values, 64, 96, 3e-39f);
            Buffer x = device.buffer(values);
            Buffer alone = device.zeros((long) rows * out);
            Buffer y = device.zeros((long) rows * out);
            Buffer other = device.zeros((long) rows * (out + 5));
            device.kernels().matmul(rows, x, first, alone);
            device.kernels().matmulShared(rows, x, List.of(first, second), List.of(y, other));
            return device.read(alone, y, other);
        });
    }

    private static Weight integerWeight(TestDevice device, QuantFormat format, int out, int in, Random random) {
        return device.weight(format, out, in, RandomBlocks.of(format, out, in, random), ActivationPrecision.INT8);
    }

    static KernelCase embed(QuantFormat format) {
        return new KernelCase("embed " + format, device -> {
            byte[] blocks = RandomBlocks.of(format, 19, 512, new Random(3));
            int[] tokens = {10, 0, 3, 3, 18};
            float[] result = {};
            for (ActivationPrecision precision : ActivationPrecision.values()) {
                Buffer out = device.zeros(5 * 512);
                device.kernels().embed(device.weight(format, 19, 512, blocks, precision), tokens, 1.7f, out);
                result = device.read(device.buffer(result), out);
            }
            return result;
        });
    }

    static KernelCase norm(int rows, int width) {
        return new KernelCase("rmsNorm %d×%d".formatted(rows, width), device -> {
            Random random = new Random(width);
            Buffer x = device.buffer(TestDevice.normal(random, rows * width));
            Buffer weight = device.buffer(TestDevice.normal(random, width));
            Buffer dy = device.buffer(TestDevice.normal(random, rows * width));
            Buffer dx = device.buffer(TestDevice.normal(random, rows * width));
            Buffer out = device.zeros((long) rows * width);
            device.kernels().rmsNorm(rows, width, 1e-5f, x, weight, out);
            device.kernels().rmsNormBackward(rows, width, 1e-5f, x, weight, dy, dx);
            device.kernels().addBias(rows, width, weight, x);
            return device.read(out, dx, x);
        });
    }

    static KernelCase activation(Activation kind, int count) {
        return new KernelCase("gatedActivation %s %d".formatted(kind, count), device -> {
            Random random = new Random(count);
            float[] values = TestDevice.normal(random, count);
            for (int i = 0; i < count; i += 5) {
                values[i] *= 60;
            }
            Buffer gate = device.buffer(values);
            Buffer up = device.buffer(TestDevice.normal(random, count));
            Buffer dout = device.buffer(TestDevice.normal(random, count));
            Buffer out = device.zeros(count);
            Buffer dup = device.zeros(count);
            device.kernels().gatedActivation(kind, count, gate, up, out);
            device.kernels().gatedActivationBackward(kind, count, gate, up, dout, dout, dup);
            return device.read(out, dout, dup);
        });
    }

    static KernelCase loss(int rows, int vocabulary) {
        return new KernelCase("softmaxCrossEntropy %d×%d".formatted(rows, vocabulary), device -> {
            Random random = new Random(vocabulary);
            float[] values = TestDevice.normal(random, rows * vocabulary);
            values[0] = 90;
            Buffer logits = device.buffer(values);
            Buffer evaluated = device.zeros(rows);
            Buffer trained = device.zeros(rows);
            int[] targets = new int[rows];
            Arrays.setAll(targets, r -> r == 1 ? -1 : random.nextInt(vocabulary));
            device.kernels().softmaxCrossEntropy(vocabulary, targets, 0f, logits, evaluated);
            device.kernels().softmaxCrossEntropy(vocabulary, targets, 0.3f, logits, trained);
            return device.read(evaluated, trained, logits);
        });
    }

    static KernelCase elementwise(int count) {
        return new KernelCase("elementwise %d".formatted(count), device -> {
            Random random = new Random(count);
            Buffer x = device.buffer(TestDevice.normal(random, count));
            Buffer y = device.buffer(TestDevice.normal(random, count));
            Buffer filled = device.zeros(count);
            Kernels k = device.kernels();
            k.addScaled(count, 0.37f, x, y);
            k.scale(count, -1.25f, x);
            k.fill(count, 4.5f, filled);
            Buffer picked = device.zeros(2L * count);
            k.gatherRows(count, new int[] {0, 0}, x, picked);
            k.scatterAddRows(count, new int[] {1}, y, picked);
            k.copyColumns(1, 1, y, count, count - 1, picked, 2 * count, count);
            double squares = k.sumOfSquares(count, y);
            return device.read(x, y, filled, picked, device.buffer((float) squares, (float) (squares * 1e9 % 1e5)));
        });
    }

    static KernelCase scatter(int rows, int width) {
        return new KernelCase("scatterAddScaledRows %d×%d".formatted(rows, width), device -> {
            Random random = new Random(rows);
            int[] indices = new int[rows];
            Arrays.setAll(indices, r -> rows - 1 - r);
            Buffer x = device.buffer(TestDevice.normal(random, rows * width));
            Buffer out = device.buffer(TestDevice.normal(random, rows * width));
            device.kernels().scatterAddScaledRows(width, indices, TestDevice.normal(random, rows), x, out);
            return device.read(out);
        });
    }

    static KernelCase optimizer(int count) {
        return new KernelCase("adamW %d".formatted(count), device -> {
            Random random = new Random(count);
            Buffer p = device.buffer(TestDevice.normal(random, count));
            Buffer g = device.buffer(TestDevice.normal(random, count));
            Buffer m = device.zeros(count);
            Buffer v = device.zeros(count);
            for (int step = 1; step <= 3; step++) {
                device.kernels().adamW(new AdamWStep(1e-2, 0.9, 0.999, 1e-8, 0.1, step, 0.7), count, p, g, m, v);
            }
            return device.read(p, m, v);
        });
    }

    static KernelCase rope(RopeShape shape) {
        return new KernelCase("rope " + shape, device -> {
            Random random = new Random(shape.headDim());
            Buffer table = device.buffer(TestDevice.normal(random, 9 * shape.rotaryDim()));
            Buffer x = device.buffer(TestDevice.normal(random, 4 * shape.heads() * shape.headDim()));
            device.kernels().rope(shape, new int[] {3, 0, 8, 3}, table, x, false);
            float[] turned = device.read(x);
            device.kernels().rope(shape, new int[] {1, 2, 3, 4}, table, x, true);
            return device.read(x, device.buffer(turned));
        });
    }

    /** Deltas of three layers that read the same rows, together and one by one. */
    static KernelCase sharedLora(int rows) {
        int in = 96;
        int[] outs = {80, 16, 45};
        return new KernelCase("lora of shared rows %d".formatted(rows), device -> {
            Random random = new Random(rows);
            int[] adapterOfRow = new int[rows];
            Arrays.setAll(adapterOfRow, r -> r % 4 - 1);
            Buffer x = device.buffer(TestDevice.normal(random, rows * in));
            List<LoraDelta> together = new ArrayList<>();
            List<LoraDelta> alone = new ArrayList<>();
            for (int out : outs) {
                List<@Nullable LoraAdapter> adapters = new ArrayList<>();
                for (int rank : new int[] {8, 16, 3}) {
                    adapters.add(
                            out == 16 && rank == 16
                                    ? null
                                    : new LoraAdapter(
                                            device.buffer(TestDevice.normal(random, rank * in)),
                                            device.buffer(TestDevice.normal(random, out * rank)),
                                            rank,
                                            2f / rank));
                }
                LoraBatch batch = new LoraBatch(in, out, adapterOfRow, adapters);
                float[] y = TestDevice.normal(random, rows * out);
                together.add(new LoraDelta(batch, device.zeros((long) rows * batch.maxRank()), device.buffer(y)));
                alone.add(new LoraDelta(batch, device.zeros((long) rows * batch.maxRank()), device.buffer(y)));
            }
            device.kernels().loraForwardShared(x, together);
            float[] result = device.read(x);
            for (int i = 0; i < outs.length; i++) {
                LoraDelta one = alone.get(i);
                device.kernels().loraForward(one.batch(), x, one.t(), one.y());
                result = device.read(
                        device.buffer(result),
                        together.get(i).y(),
                        together.get(i).t(),
                        one.y(),
                        one.t());
            }
            return result;
        });
    }

    static KernelCase lora(int rows, int in, int out, int[] ranks) {
        return new KernelCase("lora %d×%d×%d ranks %s".formatted(rows, out, in, Arrays.toString(ranks)), device -> {
            Random random = new Random(rows);
            List<@Nullable LoraAdapter> adapters = new ArrayList<>();
            List<@Nullable LoraGradient> gradients = new ArrayList<>();
            for (int rank : ranks) {
                adapters.add(new LoraAdapter(
                        device.buffer(TestDevice.normal(random, rank * in)),
                        device.buffer(TestDevice.normal(random, out * rank)),
                        rank,
                        2f / rank));
                gradients.add(new LoraGradient(
                        device.buffer(TestDevice.normal(random, rank * in)),
                        device.buffer(TestDevice.normal(random, out * rank))));
            }
            adapters.add(null);
            gradients.add(null);
            int[] adapterOfRow = new int[rows];
            Arrays.setAll(adapterOfRow, r -> r == 0 ? 0 : random.nextInt(ranks.length + 2) - 1);
            LoraBatch batch = new LoraBatch(in, out, adapterOfRow, adapters);
            Buffer x = device.buffer(TestDevice.normal(random, rows * in));
            Buffer y = device.buffer(TestDevice.normal(random, rows * out));
            Buffer dy = device.buffer(TestDevice.normal(random, rows * out));
            Buffer dx = device.buffer(TestDevice.normal(random, rows * in));
            Buffer t = device.zeros((long) rows * batch.maxRank());
            Buffer dt = device.zeros((long) rows * batch.maxRank());
            device.kernels().loraForward(batch, x, t, y);
            device.kernels().loraBackward(batch, x, t, dy, gradients, dt, dx);
            float[] result = device.read(y, t, dt, dx);
            for (LoraGradient gradient : gradients) {
                if (gradient != null) {
                    result = device.read(device.buffer(result), gradient.a(), gradient.b());
                }
            }
            return result;
        });
    }
}
