package io.plumbline.inference.kernel.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.inference.kernel.ActivationPrecision;
import io.plumbline.inference.kernel.Buffer;
import io.plumbline.inference.kernel.KernelCase;
import io.plumbline.inference.kernel.TestDevice;
import io.plumbline.inference.kernel.Weight;
import io.plumbline.inference.kernel.reference.ReferenceProvider;
import io.plumbline.inference.quant.QuantFormat;
import io.plumbline.inference.quant.RandomBlocks;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What products on a device choose by themselves does not show: tiles, launches, pieces of an upload. */
@WithStandIn
class CudaProductsTest {
    private static final int COLUMNS = 512;

    private static void assertBitsOfTheReference(KernelCase operations) {
        assertThat(operations.bitsOn(new StandInProvider(), 1))
                .isEqualTo(operations.bitsOn(new ReferenceProvider(), 1));
    }

    /** A device with few processors takes large tiles for what it keeps busy. */
    @ParameterizedTest
    @ValueSource(ints = {1, 4, 132})
    void theSizeOfTilesDoesNotShow(int multiprocessors) {
        StandIn.driver().set("multiprocessors", multiprocessors);
        for (QuantFormat format : List.of(QuantFormat.BF16, QuantFormat.Q4_K, QuantFormat.Q6_K, QuantFormat.Q5_0)) {
            for (int rows : new int[] {5, 40, 130}) {
                assertBitsOfTheReference(products(rows, List.of(format), ActivationPrecision.values()));
            }
        }
    }

    /** More products than a launch takes, of every format, with and without quantised activations. */
    @ParameterizedTest
    @ValueSource(ints = {1, 8, 11, 70})
    void productsOfOneLaunchMayDifferInFormat(int rows) {
        assertBitsOfTheReference(products(rows, List.of(QuantFormat.values()), ActivationPrecision.values()));
    }

    private static KernelCase products(int rows, List<QuantFormat> formats, ActivationPrecision... precisions) {
        return new KernelCase("%d rows, %s".formatted(rows, formats), device -> {
            Random random = new Random(rows);
            Buffer x = device.buffer(TestDevice.normal(random, rows * COLUMNS));
            List<Weight> weights = new ArrayList<>();
            List<Buffer> outputs = new ArrayList<>();
            float[] gradients = {};
            for (QuantFormat format : formats) {
                for (ActivationPrecision precision : precisions) {
                    int out = 15 + 3 * weights.size();
                    byte[] blocks = RandomBlocks.of(format, out, COLUMNS, random);
                    Weight weight = device.weight(format, out, COLUMNS, blocks, precision);
                    weights.add(weight);
                    outputs.add(device.zeros((long) rows * out));
                    Buffer dx = device.buffer(TestDevice.normal(random, rows * COLUMNS));
                    device.kernels()
                            .matmulBackward(rows, device.buffer(TestDevice.normal(random, rows * out)), weight, dx);
                    gradients = device.read(device.buffer(gradients), dx);
                }
            }
            device.kernels().matmulShared(rows, x, weights, outputs);
            return device.read(device.buffer(gradients), outputs.toArray(new Buffer[0]));
        });
    }

    /** Blocks of zeros, of infinities and of no numbers beside others. */
    @Test
    void activationsThatAreNoNumbersReachTheirRowsOnly() {
        int rows = 3;
        KernelCase operations = new KernelCase("activations that are no numbers", device -> {
            Random random = new Random(3);
            float[] values = TestDevice.normal(random, rows * COLUMNS);
            values[40] = Float.NaN;
            values[COLUMNS + 3] = Float.NEGATIVE_INFINITY;
            byte[] blocks = RandomBlocks.of(QuantFormat.Q4_K, 20, COLUMNS, random);
            Weight weight = device.weight(QuantFormat.Q4_K, 20, COLUMNS, blocks, ActivationPrecision.INT8);
            Buffer y = device.zeros(rows * 20L);
            device.kernels().matmul(rows, device.buffer(values), weight, y);
            float[] result = device.read(y);
            for (int i = 0; i < result.length; i++) {
                result[i] = Float.isNaN(result[i]) ? Float.NaN : result[i]; // one of many bit patterns
            }
            return result;
        });
        assertBitsOfTheReference(operations);
    }

    /** A matrix of more bytes than are packed at once; the last piece is no whole tile. */
    @Test
    void piecesOfAnUploadFitTogether() {
        int columns = 8192;
        int rows = 2009;
        byte[] blocks = new byte[(int) (rows * QuantFormat.Q8_0.rowBytes(columns))];
        new Random(1).nextBytes(blocks);
        assertBitsOfTheReference(new KernelCase("a large matrix", device -> {
            int[] tokens = {0, 15, 16, 1903, 1904, 1905, 1919, 1920, 1935, 1936, 2000, 2008};
            Buffer out = device.zeros((long) tokens.length * columns);
            device.kernels().embed(device.weight(QuantFormat.Q8_0, rows, columns, blocks), tokens, 1f, out);
            float[] result = device.read(out);
            for (int i = 0; i < result.length; i++) {
                result[i] = Float.isNaN(result[i]) ? Float.NaN : result[i]; // one of many bit patterns
            }
            return result;
        }));
    }

    /** Bytes that a weight takes, and that they come back. */
    @ParameterizedTest
    @EnumSource
    void aWeightTakesHardlyMoreThanItsFile(QuantFormat format) {
        try (TestDevice device = TestDevice.open(new StandInProvider(), 1)) {
            long file = 32 * format.rowBytes(1024);
            long before = device.backend().memory().bytesInUse();
            Weight weight = device.weight(format, 32, 1024, new byte[(int) file]);
            long taken = device.backend().memory().bytesInUse() - before;
            assertThat(taken).isBetween(file, file + file / 5);
            weight.close();
            assertThat(device.backend().memory().bytesInUse()).isEqualTo(before);
        }
    }
}
