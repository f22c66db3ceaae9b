package io.plumbline.inference.kernel.benchmark;

import io.plumbline.inference.kernel.AttentionShape;
import io.plumbline.inference.kernel.Buffer;
import io.plumbline.inference.kernel.KeyValuePrecision;
import io.plumbline.inference.kernel.PagedBatch;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Param;

/** Keys and values of a prompt's chunk, just computed, on their way into the paged cache; on the calling thread. */
public class StoreBenchmark extends KernelBenchmark {
    private static final AttentionShape SHAPE = new AttentionShape(16, 4, 64, 0.125f, 0);
    private static final int BLOCK = 16;
    private static final int ROWS = 512;
    /** To find the largest of a block, to scale and to round. */
    private static final double OPERATIONS_OF_CODE = 4;

    @Param({"FLOAT32", "INT8"})
    public KeyValuePrecision precision = KeyValuePrecision.FLOAT32;

    @Override
    int threads() {
        return 1;
    }

    @Override
    Prepared prepare(Device on, boolean checkOnly) {
        int elements = ROWS * SHAPE.keyValueWidth();
        int stored = ROWS * precision.rowElements(SHAPE);
        Buffer k = on.normal(elements);
        Buffer v = on.normal(elements);
        // One buffer, so that keys and values are both compared.
        Buffer cache = on.zeros(2L * stored);
        Buffer keys = cache.slice(0, stored);
        Buffer values = cache.slice(stored, stored);
        int[][] table = {IntStream.range(0, ROWS / BLOCK).toArray()};
        var batch = new PagedBatch(new int[] {0, ROWS}, new int[1], table, BLOCK, precision);
        double operations = precision == KeyValuePrecision.INT8 ? 2 * OPERATIONS_OF_CODE * elements : 0;
        return Prepared.of(
                () -> on.kernels().storeKeyValue(SHAPE, batch, k, v, keys, values),
                new Prepared.Output(from -> numbers(from.read(cache, 2 * stored)), true),
                Cost.streamed(0, Cost.Resident.of(8.0 * elements, 8.0 * stored), operations));
    }

    /** Stored codes are no floats: their bits in two parts, each of which is one. */
    private static float[] numbers(float... stored) {
        float[] parts = new float[2 * stored.length];
        for (int i = 0; i < stored.length; i++) {
            int bits = Float.floatToRawIntBits(stored[i]);
            parts[2 * i] = bits >>> Short.SIZE;
            parts[2 * i + 1] = bits & 0xffff;
        }
        return parts;
    }
}
