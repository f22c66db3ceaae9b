package io.plumbline.inference.kernel.benchmark;

import io.plumbline.inference.kernel.ActivationPrecision;
import io.plumbline.inference.kernel.Backend;
import io.plumbline.inference.kernel.BackendOptions;
import io.plumbline.inference.kernel.Backends;
import io.plumbline.inference.kernel.Buffer;
import io.plumbline.inference.kernel.Kernels;
import io.plumbline.inference.kernel.Weight;
import io.plumbline.inference.quant.QuantFormat;
import io.plumbline.inference.quant.Quantizer;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Random;

/** A backend with operands of random content: the same on every device that is filled in the same order. */
final class Device implements AutoCloseable {
    private static final long SEED = 20_260_101;
    private static final float DEVIATION = 0.5f;

    private final Backend backend;
    private final Arena arena = Arena.ofShared();
    private final Random random = new Random(SEED);

    Device(String name) {
        int threads = Integer.getInteger("plumbline.bench.threads", BackendOptions.defaults().threads());
        this.backend = Backends.open(name, new BackendOptions(threads));
    }

    Kernels kernels() {
        return backend.kernels();
    }

    Buffer zeros(long elements) {
        return backend.memory().allocate(elements);
    }

    Buffer normal(int elements) {
        Buffer buffer = zeros(elements);
        backend.memory().write(buffer, 0, values(elements), 0, elements);
        return buffer;
    }

    /** A weight matrix; its rows repeat after a while, which no kernel can know. */
    Weight weight(QuantFormat format, int rows, int columns, ActivationPrecision precision) {
        int distinct = Math.min(rows, 64);
        byte[] blocks = Quantizer.quantize(format, values(distinct * columns), 0, distinct * columns);
        MemorySegment memory = arena.allocate(rows * format.rowBytes(columns), 64);
        for (int row = 0; row < rows; row += distinct) {
            int count = Math.min(distinct, rows - row);
            MemorySegment.copy(
                    MemorySegment.ofArray(blocks),
                    0,
                    memory,
                    row * format.rowBytes(columns),
                    count * format.rowBytes(columns));
        }
        return backend.memory().upload(memory, format, rows, columns, precision);
    }

    float[] read(Buffer buffer, int elements) {
        float[] values = new float[elements];
        backend.synchronize();
        backend.memory().read(buffer, 0, values, 0, elements);
        return values;
    }

    void synchronize() {
        backend.synchronize();
    }

    @Override
    public void close() {
        backend.close();
        arena.close();
    }

    private float[] values(int elements) {
        float[] values = new float[elements];
        for (int i = 0; i < elements; i++) {
            values[i] = (float) random.nextGaussian() * DEVIATION;
        }
        return values;
    }
}
