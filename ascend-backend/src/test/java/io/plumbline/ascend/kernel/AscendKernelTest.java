package io.plumbline.ascend.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.plumbline.ascend.acl.SocFamily;
import io.plumbline.ascend.standin.StandIn;
import io.plumbline.ascend.standin.StandInTest;
import io.plumbline.inference.kernel.Backend;
import io.plumbline.inference.kernel.BackendOptions;
import io.plumbline.inference.kernel.Backends;
import io.plumbline.inference.kernel.Buffer;
import io.plumbline.inference.kernel.KernelException;
import io.plumbline.inference.kernel.Kernels;
import io.plumbline.inference.kernel.Weight;
import io.plumbline.inference.quant.Dequantizer;
import io.plumbline.inference.quant.QuantFormat;
import io.plumbline.inference.quant.Quantizer;
import java.lang.foreign.MemorySegment;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The operations that exist, compared with the reference backend. Subclasses choose the toolkit's layout. */
abstract class AscendKernelTest extends StandInTest {
    /** Awkward sizes: rows × out features × in features. */
    private static final int[][] SHAPES = {
        {1, 1, 32}, {1, 2, 64}, {1, 65, 96}, {3, 7, 32}, {17, 48, 512}, {50, 13, 256}, {2, 129, 1056}
    };

    /**
     * Relative to Σ|x·w| of each element: float16 rounds x and y to 2⁻¹¹ of their size, and |y| ≤ Σ|x·w|, so that no
     * input can cost more than 2⁻¹⁰.
     */
    private static final double MATMUL_TOLERANCE = 1e-3;

    /** Relative to the largest element; the norm is float32 throughout. */
    private static final double NORM_TOLERANCE = 1e-6;

    AscendKernelTest(StandIn standIn) {
        super(standIn);
    }

    private static float[] normal(Random random, int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    private static Buffer buffer(Backend backend, float... values) {
        Buffer buffer = backend.memory().allocate(values.length);
        backend.memory().write(buffer, 0, values, 0, values.length);
        return buffer;
    }

    private static float[] read(Backend backend, Buffer buffer) {
        float[] values = new float[(int) buffer.elements()];
        backend.memory().read(buffer, 0, values, 0, values.length);
        return values;
    }

    private static float[] matmul(Backend backend, QuantFormat format, byte[] blocks, int[] shape, float[] x) {
        try (Weight weight = backend.memory().upload(MemorySegment.ofArray(blocks), format, shape[1], shape[2]);
                Buffer in = buffer(backend, x);
                Buffer out = backend.memory().allocate((long) shape[0] * shape[1])) {
            backend.kernels().matmul(shape[0], in, weight, out);
            return read(backend, out);
        }
    }

    private static Backend reference() {
        return Backends.open("reference", new BackendOptions(1));
    }

    private static byte[] weight(QuantFormat format, int[] shape, Random random) {
        return Quantizer.quantize(format, normal(random, shape[1] * shape[2]), 0, shape[1] * shape[2]);
    }

    @ParameterizedTest
    @EnumSource(names = {"Q4_0", "Q8_0"})
    void matmulAgreesWithTheReference(QuantFormat format) {
        double worst = 0;
        try (Backend device = backend();
                Backend reference = reference()) {
            for (int[] shape : SHAPES) {
                Random random = new Random(shape[1]);
                byte[] blocks = weight(format, shape, random);
                float[] x = normal(random, shape[0] * shape[2]);
                worst = Math.max(
                        worst,
                        worstError(
                                matmul(device, format, blocks, shape, x),
                                matmul(reference, format, blocks, shape, x),
                                magnitudes(format, blocks, shape, x)));
            }
        }
        System.out.printf("ascend %s, %s matmul: largest error %.1e of Σ|x·w|%n", standIn, format, worst);
        assertThat(worst).isLessThan(MATMUL_TOLERANCE);
    }

    private static double worstError(float[] actual, float[] expected, double[] scale) {
        double worst = 0;
        for (int i = 0; i < expected.length; i++) {
            double error = Math.abs((double) actual[i] - expected[i]);
            worst = Math.max(worst, Double.isNaN(error) ? Double.MAX_VALUE : error / scale[i]);
        }
        return worst;
    }

    /** Σ|x·w| of each element of the product. */
    private static double[] magnitudes(QuantFormat format, byte[] blocks, int[] shape, float[] x) {
        float[] w = new float[shape[1] * shape[2]];
        Dequantizer.dequantize(format, blocks, 0, w, 0, w.length);
        double[] sums = new double[shape[0] * shape[1]];
        for (int i = 0; i < sums.length; i++) {
            for (int k = 0; k < shape[2]; k++) {
                sums[i] += Math.abs((double) x[i / shape[1] * shape[2] + k] * w[i % shape[1] * shape[2] + k]);
            }
        }
        return sums;
    }

    @Test
    void aRowDoesNotDependOnItsCompany() {
        int[] shape = {5, 9, 96};
        byte[] blocks = weight(QuantFormat.Q4_0, shape, new Random(1));
        float[] x = normal(new Random(2), 5 * 96);
        try (Backend device = backend()) {
            float[] all = matmul(device, QuantFormat.Q4_0, blocks, shape, x);
            for (int r = 0; r < 5; r++) {
                float[] row = Arrays.copyOfRange(x, r * 96, (r + 1) * 96);
                assertThat(matmul(device, QuantFormat.Q4_0, blocks, new int[] {1, 9, 96}, row))
                        .isEqualTo(Arrays.copyOfRange(all, r * 9, (r + 1) * 9));
            }
        }
    }

    @Test
    void rmsNormAgreesWithTheReference() {
        double worst = 0;
        try (Backend device = backend();
                Backend reference = reference()) {
            for (int width : new int[] {1, 7, 8, 13, 64, 207, 576}) {
                for (int rows : new int[] {1, 3, 33}) {
                    Random random = new Random(width);
                    float[] x = normal(random, rows * width);
                    float[] weight = normal(random, width);
                    float[] expected = rmsNorm(reference, rows, width, x, weight);
                    double largest = 1e-3;
                    for (float value : expected) {
                        largest = Math.max(largest, Math.abs(value));
                    }
                    double[] scale = new double[expected.length];
                    Arrays.fill(scale, largest);
                    worst = Math.max(worst, worstError(rmsNorm(device, rows, width, x, weight), expected, scale));
                }
            }
        }
        System.out.printf("ascend %s, RMS norm: largest error %.1e of the largest element%n", standIn, worst);
        assertThat(worst).isLessThan(NORM_TOLERANCE);
    }

    private static float[] rmsNorm(Backend backend, int rows, int width, float[] x, float[] weight) {
        try (Buffer in = buffer(backend, x);
                Buffer gamma = buffer(backend, weight);
                Buffer out = backend.memory().allocate((long) rows * width)) {
            backend.kernels().rmsNorm(rows, width, 1e-5f, in, gamma, out);
            return read(backend, out);
        }
    }

    @Test
    void rmsNormWorksInPlaceAndOnSlices() {
        float[] x = normal(new Random(3), 3 * 13);
        float[] weight = normal(new Random(4), 13);
        try (Backend device = backend();
                Buffer all = device.memory().allocate(5 + 3 * 13 + 13)) {
            Buffer values = all.slice(5, 3 * 13);
            Buffer gamma = all.slice(5 + 3 * 13, 13);
            device.memory().write(values, 0, x, 0, x.length);
            device.memory().write(gamma, 0, weight, 0, weight.length);
            device.kernels().rmsNorm(3, 13, 1e-5f, values, gamma, values);
            assertThat(read(device, values)).isEqualTo(rmsNorm(device, 3, 13, x, weight));
            assertThat(read(device, all.slice(0, 5))).containsOnly(0f);
            assertThat(read(device, gamma)).isEqualTo(weight);
        }
    }

    @Test
    void moreOutputFeaturesThanOneMatmulTakesAreSplit() {
        int[] shape = {2, AscendMemory.MATMUL_LIMIT + 5, 32};
        Random random = new Random(5);
        byte[] blocks = weight(QuantFormat.Q4_0, shape, random);
        float[] x = normal(random, 2 * 32);
        try (Backend device = backend();
                Backend reference = reference()) {
            assertThat(worstError(
                            matmul(device, QuantFormat.Q4_0, blocks, shape, x),
                            matmul(reference, QuantFormat.Q4_0, blocks, shape, x),
                            magnitudes(QuantFormat.Q4_0, blocks, shape, x)))
                    .isLessThan(MATMUL_TOLERANCE);
        }
    }

    @Test
    void aStepSubmitsAndWaitsOnlyWhenItReads() {
        int[] shape = {1, 8, 64};
        try (Backend device = backend();
                Weight weight = device.memory()
                        .upload(
                                MemorySegment.ofArray(weight(QuantFormat.Q8_0, shape, new Random(6))),
                                QuantFormat.Q8_0,
                                8,
                                64);
                Buffer x = buffer(device, normal(new Random(7), 64));
                Buffer y = device.memory().allocate(8)) {
            device.kernels().matmul(1, x, weight, y);
            standIn.clearJournal();
            for (int i = 0; i < 3; i++) {
                device.kernels().matmul(1, x, weight, y);
            }
            assertThat(standIn.journal())
                    .noneMatch(
                            call -> call.contains("Synchronize") || call.contains("Malloc") || call.contains("Free"));
            assertThat(Collections.frequency(standIn.journal(), "aclnnCast")).isEqualTo(6);
        }
    }

    @Test
    void aModelIsRefusedWithEveryReason() {
        try (Backend device = backend()) {
            List<String> reasons = device.unsupported(EnumSet.of(QuantFormat.Q4_0, QuantFormat.Q4_K, QuantFormat.F32));
            assertThat(reasons).hasSize(3);
            assertThat(reasons.get(0)).contains("paged attention", "rotary positions", "embed", "'cpu'");
            assertThat(reasons.get(1)).contains("F32");
            assertThat(reasons.get(2)).contains("Q4_K");
        }
    }

    @Test
    void aDeviceThatCannotMultiplyPerGroupSaysSo() {
        standIn.soc("Ascend310P3");
        try (Backend device = backend(SocFamily.A310P)) {
            assertThat(device.unsupported(EnumSet.of(QuantFormat.Q4_0)))
                    .last()
                    .asString()
                    .contains("310P", "Q4_0");
            assertThatExceptionOfType(KernelException.class)
                    .isThrownBy(() -> device.memory()
                            .upload(MemorySegment.ofArray(new byte[34]), QuantFormat.Q8_0, 1, 32)
                            .close())
                    .withMessageContaining("310P");
        }
    }

    @Test
    void theListOfMissingKernelsIsTrue() throws ReflectiveOperationException {
        Set<String> present = Stream.of(AscendKernels.class.getDeclaredMethods())
                .map(Method::getName)
                .collect(Collectors.toSet());
        Method[] contract = Kernels.class.getDeclaredMethods();
        try (Backend device = backend()) {
            int missing = 0;
            for (Method method : contract) {
                // Default methods are made of the others and fail with them.
                if (!method.isDefault() && !present.contains(method.getName())) {
                    missing++;
                    Object[] nothing = Arrays.stream(method.getParameterTypes())
                            .map(AscendKernelTest::nothing)
                            .toArray();
                    assertThatExceptionOfType(ReflectiveOperationException.class)
                            .isThrownBy(() -> method.invoke(device.kernels(), nothing))
                            .havingCause()
                            .isInstanceOf(KernelException.class)
                            .withMessageContaining("no kernel for");
                }
            }
            assertThat(MissingKernels.OPERATIONS).hasSize(missing).doesNotHaveDuplicates();
        }
    }

    private static @Nullable Object nothing(Class<?> type) {
        return type.isPrimitive() ? java.lang.reflect.Array.get(java.lang.reflect.Array.newInstance(type, 1), 0) : null;
    }

    @Test
    void closingTheBackendFreesWhatIsLeftAndLateClosesDoNothing() {
        Backend device = backend();
        Buffer buffer = buffer(device, 1, 2, 3);
        Weight weight = device.memory().upload(MemorySegment.ofArray(new byte[34]), QuantFormat.Q8_0, 1, 32);
        assertThat(device.memory().bytesInUse()).isGreaterThan(12);
        device.close();
        buffer.close();
        weight.close();
        device.close();
    }
}
