package io.plumbline.inference.kernel;

import io.plumbline.inference.quant.QuantFormat;
import java.lang.foreign.MemorySegment;
import java.util.Random;

/** A backend with the door's checks, and arrays in and out of it. */
public record TestDevice(Backend backend) implements AutoCloseable {
    public static TestDevice open(BackendProvider provider, int threads) {
        return new TestDevice(new CheckedBackend(provider.open(new BackendOptions(threads))));
    }

    public Kernels kernels() {
        return backend.kernels();
    }

    public Buffer buffer(float... values) {
        Buffer buffer = backend.memory().allocate(values.length);
        backend.memory().write(buffer, 0, values, 0, values.length);
        return buffer;
    }

    public Buffer zeros(long elements) {
        return backend.memory().allocate(elements);
    }

    public float[] read(Buffer buffer) {
        float[] values = new float[(int) buffer.elements()];
        backend.memory().read(buffer, 0, values, 0, values.length);
        return values;
    }

    /** The buffers one after another. */
    public float[] read(Buffer first, Buffer... others) {
        float[] all = read(first);
        for (Buffer other : others) {
            float[] more = read(other);
            int at = all.length;
            all = java.util.Arrays.copyOf(all, at + more.length);
            System.arraycopy(more, 0, all, at, more.length);
        }
        return all;
    }

    public Weight weight(QuantFormat format, int rows, int columns, byte[] blocks) {
        return weight(format, rows, columns, blocks, ActivationPrecision.FLOAT32);
    }

    public Weight weight(QuantFormat format, int rows, int columns, byte[] blocks, ActivationPrecision precision) {
        return backend.memory().upload(MemorySegment.ofArray(blocks), format, rows, columns, precision);
    }

    /** Standard normal values. */
    public static float[] normal(Random random, int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    @Override
    public void close() {
        backend.close();
    }
}
