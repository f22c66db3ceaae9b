package io.plumbline.inference.kernel.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.plumbline.inference.kernel.ffm.CpuRuntime;
import io.plumbline.inference.kernel.ffm.EmulatedLibrary;
import io.plumbline.inference.kernel.host.LogitPasses;
import io.plumbline.inference.kernel.host.PortableLogitPasses;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The native passes give the bits of the portable ones, and those what their definition says. */
class LogitPassesTest {
    private static final int[] LENGTHS = {1, 16, 255, 256, 257, 4095, 4096, 4097, 8448, 10_000};
    private static final LogitPasses PORTABLE = new PortableLogitPasses();

    @Test
    void ofEveryInstructionSetOfThisMachine() {
        assumeTrue(CpuRuntime.isBuilt(), "no native kernels in this build: no C compiler");
        compareAll(CpuRuntime.load());
    }

    @Test
    void ofEmulatedArm() {
        EmulatedProvider.assumePossible();
        compareAll(EmulatedLibrary.runtime());
    }

    private static void compareAll(CpuRuntime runtime) {
        assertThat(runtime.instructionSets()).isNotEmpty();
        runtime.instructionSets().forEach(set -> {
            LogitPasses passes = runtime.logitPasses(set);
            Random random = new Random(5);
            for (int length : LENGTHS) {
                for (float spread : new float[] {0.1f, 10, 2000}) {
                    compare(passes, logits(length, spread, random));
                }
            }
            float[] failed = logits(10_000, 1, random);
            failed[5000] = Float.NaN;
            float[] expected = new float[3];
            float[] actual = new float[3];
            PORTABLE.maxima(failed, new float[3 * LogitPasses.COLUMNS], expected);
            passes.maxima(failed, new float[3 * LogitPasses.COLUMNS], actual);
            assertThat(actual).isEqualTo(expected).satisfies(maxima -> assertThat(maxima[1])
                    .isNaN());
        });
    }

    private static float[] logits(int length, float spread, Random random) {
        float[] logits = new float[length];
        for (int i = 0; i < length; i++) {
            logits[i] = random.nextInt(9) == 0 ? Float.NEGATIVE_INFINITY : spread * (float) random.nextGaussian();
        }
        logits[random.nextInt(length)] = spread;
        return logits;
    }

    private static void compare(LogitPasses passes, float[] logits) {
        int tiles = Math.ceilDiv(logits.length, LogitPasses.TILE);
        float[][] expected = new float[2][];
        float[][] actual = new float[2][];
        for (float[][] maxima : new float[][][] {expected, actual}) {
            maxima[0] = new float[tiles * LogitPasses.COLUMNS];
            maxima[1] = new float[tiles];
            (maxima == expected ? PORTABLE : passes).maxima(logits, maxima[0], maxima[1]);
        }
        assertThat(actual[0]).isEqualTo(expected[0]);
        assertThat(actual[1]).isEqualTo(expected[1]);

        double largest = IntStream.range(0, logits.length)
                .mapToDouble(i -> logits[i])
                .max()
                .orElseThrow();
        double[] expectedSums = new double[Math.ceilDiv(logits.length, LogitPasses.WEIGHT_ROW)];
        double[] actualSums = expectedSums.clone();
        PORTABLE.weightSums(logits, largest, 1.25, expectedSums);
        passes.weightSums(logits, largest, 1.25, actualSums);
        assertThat(actualSums).isEqualTo(expectedSums);
    }

    @Test
    void thePortablePassesAreTheirDefinition() {
        Random random = new Random(6);
        for (int length : LENGTHS) {
            float[] logits = logits(length, 20, random);
            int tiles = Math.ceilDiv(length, LogitPasses.TILE);
            float[] columns = new float[tiles * LogitPasses.COLUMNS];
            float[] tileMaxima = new float[tiles];
            PORTABLE.maxima(logits, columns, tileMaxima);
            float[] expected = new float[columns.length];
            Arrays.fill(expected, Float.NEGATIVE_INFINITY);
            double[] sums = new double[Math.ceilDiv(length, LogitPasses.WEIGHT_ROW)];
            double[] actualSums = sums.clone();
            for (int i = 0; i < length; i++) {
                int column = i / LogitPasses.TILE * LogitPasses.COLUMNS + i % LogitPasses.COLUMNS;
                expected[column] = Math.max(expected[column], logits[i]);
                sums[i / LogitPasses.WEIGHT_ROW] += StrictMath.exp((logits[i] - 70.0) * 0.5);
            }
            assertThat(columns).isEqualTo(expected);
            for (int tile = 0; tile < tiles; tile++) {
                int from = tile * LogitPasses.COLUMNS;
                float largest = Float.NEGATIVE_INFINITY;
                for (int i = from; i < from + LogitPasses.COLUMNS; i++) {
                    largest = Math.max(largest, expected[i]);
                }
                assertThat(tileMaxima[tile]).isEqualTo(largest);
            }
            PORTABLE.weightSums(logits, 70, 0.5, actualSums);
            for (int row = 0; row < sums.length; row++) {
                assertThat(actualSums[row]).isCloseTo(sums[row], within(1e-14 * sums[row]));
            }
        }
    }

    @Test
    void aWeightIsWithinTwoUlp() {
        for (double x = -0.001; x > -670; x *= 1.0007) {
            double exact = StrictMath.exp(x);
            assertThat(Math.abs(PortableLogitPasses.weight(x) - exact))
                    .as("e^%s", x)
                    .isLessThanOrEqualTo(2 * Math.ulp(exact));
        }
        assertThat(PortableLogitPasses.weight(0)).isEqualTo(1);
        assertThat(PortableLogitPasses.weight(-709)).isZero();
        assertThat(PortableLogitPasses.weight(Double.NEGATIVE_INFINITY)).isZero();
    }
}
