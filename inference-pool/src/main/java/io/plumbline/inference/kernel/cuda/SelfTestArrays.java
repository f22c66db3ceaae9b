package io.plumbline.inference.kernel.cuda;

import io.plumbline.inference.kernel.ActivationPrecision;
import io.plumbline.inference.kernel.Backend;
import io.plumbline.inference.kernel.Buffer;
import io.plumbline.inference.kernel.Weight;
import io.plumbline.inference.quant.QuantFormat;
import io.plumbline.inference.quant.Quantizer;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Input and output of a self-test on one backend; given back together. */
final class SelfTestArrays implements AutoCloseable {
    private final Backend backend;
    private final List<Buffer> buffers = new ArrayList<>();

    SelfTestArrays(Backend backend) {
        this.backend = backend;
    }

    Backend backend() {
        return backend;
    }

    Buffer zeros(int count) {
        Buffer buffer = backend.memory().allocate(count);
        buffers.add(buffer);
        return buffer;
    }

    /** Standard normal values; a seed always gives the same. */
    Buffer values(int count, int seed) {
        Buffer buffer = zeros(count);
        backend.memory().write(buffer, 0, normal(count, seed), 0, count);
        return buffer;
    }

    private static float[] normal(int count, int seed) {
        Random random = new Random(seed);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    /** {@code y = x·Wᵀ}; x is [rows, in]. */
    float[] product(QuantFormat format, int rows, int out, int in, ActivationPrecision precision) {
        byte[] blocks = Quantizer.quantize(format, normal(out * in, 5), 0, out * in);
        Buffer y = zeros(rows * out);
        try (Weight weight = backend.memory().upload(MemorySegment.ofArray(blocks), format, out, in, precision)) {
            backend.kernels().matmul(rows, values(rows * in, 6), weight, y);
            return read(y);
        }
    }

    /** The buffers one after another. */
    float[] read(Buffer... outputs) {
        int count = 0;
        for (Buffer output : outputs) {
            count += (int) output.elements();
        }
        float[] all = new float[count];
        int at = 0;
        for (Buffer output : outputs) {
            int part = (int) output.elements();
            backend.memory().read(output, 0, all, at, part);
            at += part;
        }
        return all;
    }

    @Override
    public void close() {
        buffers.forEach(Buffer::close);
    }
}
