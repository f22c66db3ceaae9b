package io.plumbline.inference.kernel;

import static io.plumbline.inference.kernel.ContractAssertions.assertClose;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.plumbline.inference.quant.QuantFormat;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The kernel contract as tests; every backend subclasses it. Forward passes are compared with the formulas in double
 * precision, backward passes with numeric gradients of those formulas, and a row's bits with the same row computed in
 * other company.
 */
public abstract class KernelContractTest implements ProductContract, AttentionContract {
    private TestDevice device = open(2);

    protected abstract BackendProvider provider();

    private TestDevice open(int threads) {
        return TestDevice.open(provider(), threads);
    }

    @Override
    public final TestDevice device() {
        return device;
    }

    @BeforeEach
    void openDevice() {
        device.close();
        device = open(2);
    }

    @AfterEach
    void closeDevice() {
        device.close();
    }

    @Test
    void rmsNormAndItsGradient() {
        for (int width : new int[] {1, 13, 64, 207}) {
            Random random = new Random(width);
            int rows = 3;
            float[] x = TestDevice.normal(random, rows * width);
            float[] weight = TestDevice.normal(random, width);
            float[] dy = TestDevice.normal(random, rows * width);
            Buffer out = device.zeros((long) rows * width);
            Buffer dx = device.zeros((long) rows * width);
            Buffer w = device.buffer(weight);
            device.kernels().rmsNorm(rows, width, 1e-5f, device.buffer(x), w, out);
            device.kernels().rmsNormBackward(rows, width, 1e-5f, device.buffer(x), w, device.buffer(dy), dx);
            double[] wideWeight = DoubleFormulas.widen(weight);
            double[] wideDy = DoubleFormulas.widen(dy);
            double[] wideX = DoubleFormulas.widen(x);
            assertClose(device.read(out), DoubleFormulas.rmsNorm(rows, width, 1e-5f, wideX, wideWeight), 1e-6);
            double[] expected = DoubleFormulas.gradient(
                    wideX,
                    moved -> DoubleFormulas.dot(wideDy, DoubleFormulas.rmsNorm(rows, width, 1e-5f, moved, wideWeight)));
            // The gradient of a row of one element is the difference of two numbers around 1 that cancel.
            double[] scale = new double[expected.length];
            Arrays.fill(scale, Arrays.stream(expected).map(Math::abs).max().orElse(0) + 1);
            assertClose(device.read(dx), expected, scale, 1e-5);
        }
    }

    @ParameterizedTest
    @EnumSource
    void gatedActivationAndItsGradient(Activation kind) {
        int count = 207;
        Random random = new Random(9);
        float[] gate = TestDevice.normal(random, count);
        gate[0] = -100;
        gate[1] = 100;
        gate[2] = 0;
        float[] up = TestDevice.normal(random, count);
        float[] dout = TestDevice.normal(random, count);
        Buffer out = device.zeros(count);
        Buffer dgate = device.buffer(dout);
        Buffer dup = device.zeros(count);
        device.kernels().gatedActivation(kind, count, device.buffer(gate), device.buffer(up), out);
        device.kernels()
                .gatedActivationBackward(kind, count, device.buffer(gate), device.buffer(up), dgate, dgate, dup);
        double[] expected = new double[count];
        double[] expectedDgate = new double[count];
        double[] expectedDup = new double[count];
        double[] slopes = DoubleFormulas.gradient(DoubleFormulas.widen(gate), moved -> Arrays.stream(moved)
                .map(g -> DoubleFormulas.activation(kind, g))
                .sum());
        for (int i = 0; i < count; i++) {
            double f = DoubleFormulas.activation(kind, gate[i]);
            expected[i] = f * up[i];
            expectedDgate[i] = dout[i] * up[i] * slopes[i];
            expectedDup[i] = dout[i] * f;
        }
        assertClose(device.read(out), expected, 1e-6);
        assertClose(device.read(dgate), expectedDgate, 1e-5);
        assertClose(device.read(dup), expectedDup, 1e-6);
    }

    @Test
    void crossEntropyAndItsGradient() {
        int vocabulary = 37;
        float[] logits = TestDevice.normal(new Random(2), 2 * vocabulary);
        Buffer buffer = device.buffer(logits);
        Buffer loss = device.buffer(7, 7);
        device.kernels().softmaxCrossEntropy(vocabulary, new int[] {36, -1}, 0f, buffer, loss);
        assertThat(device.read(buffer)).as("scale 0 leaves the logits").isEqualTo(logits);
        double[] row = Arrays.copyOf(DoubleFormulas.widen(logits), vocabulary);
        assertThat((double) device.read(loss)[0]).isCloseTo(DoubleFormulas.crossEntropy(row, 36), within(1e-6));
        assertThat(device.read(loss)[1]).isZero();
        device.kernels().softmaxCrossEntropy(vocabulary, new int[] {36, -1}, 0.5f, buffer, loss);
        double[] expected = DoubleFormulas.gradient(row, x -> 0.5 * DoubleFormulas.crossEntropy(x, 36));
        float[] actual = device.read(buffer);
        assertClose(actual, expected, 1e-5);
        assertThat(Arrays.copyOfRange(actual, vocabulary, 2 * vocabulary)).containsOnly(0f);
    }

    @Test
    void ropeTurnsPairsAndBack() {
        for (RopeLayout layout : RopeLayout.values()) {
            float angle = 0.7f;
            Buffer table = device.buffer(1, 1, 0, 0, (float) Math.cos(angle), 1, (float) Math.sin(angle), 0);
            float[] before = {1, 2, 3, 4, 5};
            Buffer x = device.buffer(before);
            RopeShape shape = new RopeShape(1, 5, 4, layout);
            device.kernels().rope(shape, new int[] {1}, table, x, false);
            float[] turned = device.read(x);
            int partner = layout == RopeLayout.HALVES ? 2 : 1;
            double c = Math.cos(angle);
            double s = Math.sin(angle);
            assertThat((double) turned[0]).isCloseTo(before[0] * c - before[partner] * s, within(1e-6));
            assertThat((double) turned[partner]).isCloseTo(before[partner] * c + before[0] * s, within(1e-6));
            assertThat(turned[4]).as("outside the rotary part").isEqualTo(5);
            device.kernels().rope(shape, new int[] {1}, table, x, true);
            assertClose(device.read(x), DoubleFormulas.widen(before), 1e-6);
            Buffer late = device.buffer(9, 1, 2, 3, 4);
            device.kernels().rope(new RopeShape(1, 5, 1, 4, layout), new int[] {1}, table, late, false);
            assertThat(device.read(late)).startsWith(9).endsWith(Arrays.copyOf(turned, 4));
        }
    }

    @Test
    void loraAndItsGradients() {
        int rows = 5;
        int in = 33;
        int out = 18;
        Random random = new Random(4);
        float[] a = TestDevice.normal(random, 3 * in);
        float[] b = TestDevice.normal(random, out * 3);
        float[] x = TestDevice.normal(random, rows * in);
        float[] dy = TestDevice.normal(random, rows * out);
        List<@Nullable LoraAdapter> adapters =
                Arrays.asList(null, new LoraAdapter(device.buffer(a), device.buffer(b), 3, 0.5f));
        LoraBatch batch = new LoraBatch(in, out, new int[] {1, -1, 1, 0, 1}, adapters);
        Buffer t = device.zeros(rows * 3L);
        Buffer y = device.zeros((long) rows * out);
        Buffer dx = device.zeros((long) rows * in);
        LoraGradient gradient = new LoraGradient(device.zeros(3L * in), device.zeros(out * 3L));
        Buffer dt = device.zeros(rows * 3L);
        device.kernels().loraForward(batch, device.buffer(x), t, y);
        device.kernels()
                .loraBackward(batch, device.buffer(x), t, device.buffer(dy), Arrays.asList(null, gradient), dt, dx);
        double[] wa = DoubleFormulas.widen(a);
        double[] wb = DoubleFormulas.widen(b);
        double[] wx = DoubleFormulas.widen(x);
        double[] weights = DoubleFormulas.widen(dy);
        Function<double[][], double[]> delta = p -> {
            double[] result = DoubleFormulas.matmul(rows, out, 3, DoubleFormulas.matmul(rows, 3, in, p[2], p[0]), p[1]);
            for (int i = 0; i < result.length; i++) {
                result[i] = batch.adapterOfRow()[i / out] == 1 ? 0.5 * result[i] : 0;
            }
            return result;
        };
        assertClose(device.read(y), delta.apply(new double[][] {wa, wb, wx}), 1e-6);
        assertClose(
                device.read(gradient.a()),
                DoubleFormulas.gradient(wa, p -> DoubleFormulas.dot(weights, delta.apply(new double[][] {p, wb, wx}))),
                1e-5);
        assertClose(
                device.read(gradient.b()),
                DoubleFormulas.gradient(wb, p -> DoubleFormulas.dot(weights, delta.apply(new double[][] {wa, p, wx}))),
                1e-5);
        assertClose(
                device.read(dx),
                DoubleFormulas.gradient(wx, p -> DoubleFormulas.dot(weights, delta.apply(new double[][] {wa, wb, p}))),
                1e-5);
    }

    @Test
    void adamWFollowsThePaper() {
        Buffer p = device.buffer(2f);
        Buffer m = device.zeros(1);
        Buffer v = device.zeros(1);
        double expected = 2;
        double first = 0;
        double second = 0;
        for (int step = 1; step <= 4; step++) {
            double g = 0.5 * step;
            device.kernels()
                    .adamW(new AdamWStep(0.1, 0.9, 0.99, 1e-8, 0.2, step, 0.5), 1, p, device.buffer(step), m, v);
            expected -= 0.1 * 0.2 * expected;
            first = 0.9 * first + 0.1 * g;
            second = 0.99 * second + 0.01 * g * g;
            double corrected = second / (1 - Math.pow(0.99, step));
            expected -= 0.1 * first / (1 - Math.pow(0.9, step)) / (Math.sqrt(corrected) + 1e-8);
            assertThat((double) device.read(p)[0]).isCloseTo(expected, within(1e-6));
        }
    }

    @Test
    void movesAndElementwiseOperations() {
        Kernels k = device.kernels();
        Buffer x = device.buffer(1, 2, 3, 4, 5, 6);
        Buffer picked = device.zeros(4);
        k.gatherRows(2, new int[] {2, 0}, x, picked);
        assertThat(device.read(picked)).containsExactly(5, 6, 1, 2);
        k.scatterAddRows(2, new int[] {1, 0}, picked, x);
        assertThat(device.read(x)).containsExactly(2, 4, 8, 10, 5, 6);
        Buffer target = device.zeros(6);
        k.copyColumns(2, 2, x, 3, 1, target, 3, 0);
        assertThat(device.read(target)).containsExactly(4, 8, 0, 5, 6, 0);
        k.addScaled(6, 2, x, target);
        assertThat(device.read(target)).containsExactly(8, 16, 16, 25, 16, 12);
        k.scale(3, 0.5f, target);
        k.fill(2, 9, target.slice(4, 2));
        k.addBias(2, 3, device.buffer(1, 0, -1), target);
        assertThat(device.read(target)).containsExactly(5, 8, 7, 26, 9, 8);
        assertThat(k.sumOfSquares(3, device.buffer(3, 4, 12))).isEqualTo(169);
        k.scatterAddScaledRows(2, new int[] {2, 0}, new float[] {0.5f, -1}, picked, x);
        assertThat(device.read(x)).containsExactly(1, 2, 8, 10, 7.5f, 9);
    }

    @Test
    void aShortBufferIsRefusedWithBothNumbers() {
        Weight w = device.weight(QuantFormat.F32, 3, 4, new byte[48]);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> device.kernels().matmul(2, device.zeros(7), w, device.zeros(6)))
                .withMessageContaining("2 × 4")
                .withMessageContaining("7");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> device.kernels().embed(w, new int[] {3}, 1f, device.zeros(4)))
                .withMessageContaining("tokens[0] = 3")
                .withMessageContaining("0 … 2");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> device.kernels()
                        .scatterAddScaledRows(2, new int[] {0, 1}, new float[1], device.zeros(4), device.zeros(4)))
                .withMessageContaining("2 rows need as many factors, there are 1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> device.weight(QuantFormat.Q4_1, 1, 33, new byte[40]))
                .withMessageContaining("32")
                .withMessageContaining("33");
    }

    @Test
    void memoryIsCountedAndFreed() {
        long before = device.backend().memory().bytesInUse();
        Buffer buffer = device.zeros(1000);
        assertThat(device.backend().memory().bytesInUse()).isEqualTo(before + 4000);
        assertThat(device.read(buffer)).containsOnly(0f);
        buffer.close();
        assertThat(device.backend().memory().bytesInUse()).isEqualTo(before);
    }
}
