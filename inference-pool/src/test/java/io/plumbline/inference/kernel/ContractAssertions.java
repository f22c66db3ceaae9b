package io.plumbline.inference.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;

/** How near a kernel must come to the formula in double precision. */
final class ContractAssertions {
    private ContractAssertions() {}

    static void assertClose(float[] actual, double[] expected, double[] scale, double tolerance) {
        for (int i = 0; i < expected.length; i++) {
            assertThat((double) actual[i]).as("element %d", i).isCloseTo(expected[i], within(tolerance * scale[i]));
        }
    }

    static void assertClose(float[] actual, double[] expected, double tolerance) {
        double[] scale = new double[expected.length];
        double largest = Arrays.stream(expected).map(Math::abs).max().orElse(0);
        Arrays.fill(scale, Math.max(largest, 1e-3));
        assertClose(actual, expected, scale, tolerance);
    }
}
