package io.plumbline.inference.kernel;

import static io.plumbline.inference.kernel.ContractAssertions.assertClose;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.plumbline.inference.quant.QuantFormat;
import io.plumbline.inference.quant.RandomBlocks;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Products with quantised weights, their gradients and embeddings, in every format. */
interface ProductContract {
    TestDevice device();

    /** Awkward sizes: rows × out features × blocks of 256 in features. */
    int[][] SHAPES = {{1, 1, 1}, {1, 65, 2}, {3, 7, 1}, {17, 48, 2}, {50, 13, 1}};

    @ParameterizedTest
    @EnumSource
    default void matmulAndItsGradientFollowTheFormula(QuantFormat format) {
        for (int[] shape : SHAPES) {
            int rows = shape[0];
            int out = shape[1];
            int in = 256 * shape[2];
            byte[] blocks = RandomBlocks.of(format, out, in, new Random(rows));
            checkMatmul(rows, format, out, in, blocks);
        }
    }

    /** Scales that are ±0, subnormal, smallest normal, largest. */
    @ParameterizedTest
    @EnumSource
    default void matmulAndItsGradientFollowTheFormulaAtTheBoundariesOfScales(QuantFormat format) {
        for (int[] shape : SHAPES) {
            int rows = shape[0];
            int out = shape[1];
            int in = 256 * shape[2];
            byte[] blocks = RandomBlocks.atBoundaries(format, out, in, new Random(rows));
            checkMatmul(rows, format, out, in, blocks);
        }
    }

    private void checkMatmul(int rows, QuantFormat format, int out, int in, byte[] blocks) {
        Random random = new Random(rows + 1);
        double[] w = DoubleFormulas.widen(RandomBlocks.values(format, out, in, blocks));
        float[] x = TestDevice.normal(random, rows * in);
        float[] dy = TestDevice.normal(random, rows * out);
        Weight weight = device().weight(format, out, in, blocks);
        Buffer y = device().zeros((long) rows * out);
        Buffer dx = device().buffer(x);
        device().kernels().matmul(rows, device().buffer(x), weight, y);
        device().kernels().matmulBackward(rows, device().buffer(dy), weight, dx);
        double[] wideX = DoubleFormulas.widen(x);
        double[] wideDy = DoubleFormulas.widen(dy);
        assertClose(
                device().read(y),
                DoubleFormulas.matmul(rows, out, in, wideX, w),
                DoubleFormulas.matmul(rows, out, in, DoubleFormulas.absolute(wideX), DoubleFormulas.absolute(w)),
                ProductTolerance.ofFloats(in));
        double[] transposed = DoubleFormulas.transpose(out, in, w);
        double[] expected = DoubleFormulas.matmul(rows, in, out, wideDy, transposed);
        double[] scale = DoubleFormulas.matmul(
                rows, in, out, DoubleFormulas.absolute(wideDy), DoubleFormulas.absolute(transposed));
        for (int i = 0; i < expected.length; i++) {
            expected[i] += x[i];
            scale[i] += Math.abs(x[i]);
        }
        assertClose(device().read(dx), expected, scale, ProductTolerance.ofGradient(out));
    }

    @ParameterizedTest
    @EnumSource
    default void eightBitActivationsCostAtMostHalfAStepEach(QuantFormat format) {
        for (int[] shape : SHAPES) {
            int rows = shape[0];
            int out = shape[1];
            int in = 256 * shape[2];
            Random random = new Random(rows);
            byte[] blocks = RandomBlocks.of(format, out, in, random);
            double[] w = DoubleFormulas.widen(RandomBlocks.values(format, out, in, blocks));
            float[] x = TestDevice.normal(random, rows * in);
            Weight weight = device().weight(format, out, in, blocks, ActivationPrecision.INT8);
            Buffer y = device().zeros((long) rows * out);
            device().kernels().matmul(rows, device().buffer(x), weight, y);
            double[] wideX = DoubleFormulas.widen(x);
            double[] absoluteW = DoubleFormulas.absolute(w);
            double[] steps = halfSteps(x);
            double[] allowed = DoubleFormulas.matmul(rows, out, in, steps, absoluteW);
            double[] size = DoubleFormulas.matmul(rows, out, in, DoubleFormulas.absolute(wideX), absoluteW);
            double[] expected = DoubleFormulas.matmul(rows, out, in, wideX, w);
            float[] actual = device().read(y);
            for (int i = 0; i < expected.length; i++) {
                assertThat((double) actual[i])
                        .as("element %d", i)
                        .isCloseTo(
                                expected[i],
                                within(allowed[i] + ProductTolerance.of(format).integer(in) * size[i]));
            }
        }
    }

    /** Half the distance of two neighbouring codes, for every element. */
    private static double[] halfSteps(float[] x) {
        double[] steps = new double[x.length];
        for (int block = 0; block < x.length; block += 32) {
            double largest = 0;
            for (int j = block; j < block + 32; j++) {
                largest = Math.max(largest, Math.abs(x[j]));
            }
            Arrays.fill(steps, block, block + 32, largest / 254 * (1 + 1e-4));
        }
        return steps;
    }

    @ParameterizedTest
    @EnumSource
    default void embeddingsAreTheScaledRows(QuantFormat format) {
        checkEmbeddings(format, RandomBlocks.of(format, 5, 256, new Random(1)));
        checkEmbeddings(format, RandomBlocks.atBoundaries(format, 5, 256, new Random(2)));
    }

    private void checkEmbeddings(QuantFormat format, byte[] blocks) {
        float[] values = RandomBlocks.values(format, 5, 256, blocks);
        Buffer out = device().zeros(512);
        device().kernels().embed(device().weight(format, 5, 256, blocks), new int[] {4, 1}, 3f, out);
        float[] actual = device().read(out);
        for (int c = 0; c < 256; c++) {
            assertThat(actual[c]).isEqualTo(3f * values[4 * 256 + c]);
            assertThat(actual[256 + c]).isEqualTo(3f * values[256 + c]);
        }
    }
}
