package io.plumbline.inference.quant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Bytes and errors beside ggml's own are checked by the golden suite {@code quant}; here is what holds for any data. */
class QuantizerTest {
    private static final int COLUMNS = 512;

    private static float[] restored(QuantFormat format, float[] values) {
        byte[] blocks = Quantizer.quantize(format, values, 0, values.length);
        float[] restored = new float[values.length];
        Dequantizer.dequantize(format, blocks, 0, restored, 0, values.length);
        return restored;
    }

    private static float[] normal(double scale, int seed) {
        Random random = new Random(seed);
        float[] values = new float[COLUMNS];
        for (int i = 0; i < COLUMNS; i++) {
            values[i] = (float) (scale * random.nextGaussian());
        }
        return values;
    }

    /** Root mean square error in standard deviations of normally distributed weights, rounded up. */
    private static double largestError(QuantFormat format) {
        return switch (format) {
            case F32 -> 0;
            case F16 -> 3e-4;
            case BF16 -> 2e-3;
            case Q8_0 -> 0.006;
            case Q6_K -> 0.018;
            case Q5_K, Q5_1 -> 0.04;
            case Q5_0 -> 0.045;
            case Q4_K, IQ4_NL, IQ4_XS -> 0.08;
            case Q4_1 -> 0.085;
            case Q4_0 -> 0.095;
            case Q3_K -> 0.16;
            case Q2_K -> 0.28;
        };
    }

    @ParameterizedTest
    @EnumSource
    void normalWeightsComeBackWithinTheErrorOfTheFormat(QuantFormat format) {
        for (double scale : new double[] {1, 0.02, 300}) {
            float[] values = normal(scale, 1);
            float[] restored = restored(format, values);
            double squares = 0;
            for (int i = 0; i < COLUMNS; i++) {
                squares += Math.pow((values[i] - restored[i]) / scale, 2);
            }
            assertThat(Math.sqrt(squares / COLUMNS)).isLessThanOrEqualTo(largestError(format));
        }
    }

    @ParameterizedTest
    @EnumSource
    void packingWhatWasUnpackedLosesNothingMore(QuantFormat format) {
        float[] once = restored(format, normal(0.02, 2));
        float[] twice = restored(format, once);
        double moved = 0;
        double size = 0;
        for (int i = 0; i < COLUMNS; i++) {
            moved += Math.pow(once[i] - twice[i], 2);
            size += Math.pow(once[i], 2);
        }
        // 1 % of the first error in most formats; the grid of a search need not hold the very same scales.
        assertThat(Math.sqrt(moved / size)).isLessThanOrEqualTo(0.5 * largestError(format));
    }

    @ParameterizedTest
    @EnumSource
    void valuesAtTheEdgeOfFloat16StayFinite(QuantFormat format) {
        for (float extreme : new float[] {0f, -0f, 1e-45f, 6e-8f, -6e-8f, 6.1e-5f, 65_504f, -65_504f}) {
            float[] constant = new float[COLUMNS];
            Arrays.fill(constant, extreme);
            float[] mixed = normal(1e-3, 3);
            for (int i = 0; i < COLUMNS; i += 37) {
                mixed[i] = extreme;
            }
            for (float[] values : new float[][] {constant, mixed}) {
                float[] restored = restored(format, values);
                float largest = 0;
                for (float value : values) {
                    largest = Math.max(largest, Math.abs(value));
                }
                for (int i = 0; i < COLUMNS; i++) {
                    assertThat(Math.abs(restored[i] - values[i])).isLessThanOrEqualTo(largest);
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void rowsArePackedEachForThemselves(QuantFormat format) {
        float[] values = normal(0.1, 4);
        int half = COLUMNS / 2;
        byte[] whole = Quantizer.quantize(format, values, 0, COLUMNS);
        byte[] second = Quantizer.quantize(format, values, half, half);
        assertThat(Arrays.copyOfRange(whole, whole.length / 2, whole.length)).isEqualTo(second);
    }

    @Test
    void halfABlockIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Quantizer.quantize(QuantFormat.Q4_K, new float[128], 0, 128))
                .withMessageContaining("256")
                .withMessageContaining("128");
    }
}
