package io.plumbline.inference.kernel.benchmark;

import io.plumbline.inference.kernel.ActivationPrecision;
import io.plumbline.inference.kernel.Backend;
import io.plumbline.inference.kernel.BackendOptions;
import io.plumbline.inference.kernel.Backends;
import io.plumbline.inference.kernel.Buffer;
import io.plumbline.inference.kernel.Kernels;
import io.plumbline.inference.kernel.Weight;
import io.plumbline.inference.kernel.cpu.CpuProvider;
import io.plumbline.inference.kernel.ffm.MachinePeaks;
import io.plumbline.inference.kernel.host.LogitPasses;
import io.plumbline.inference.kernel.host.PortableLogitPasses;
import io.plumbline.inference.quant.QuantFormat;
import io.plumbline.inference.quant.Quantizer;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** A backend with operands of random content: the same on every device that is filled in the same order. */
final class Device implements AutoCloseable {
    /** System property: threads of the kernels. */
    static final String THREADS = "plumbline.bench.threads";

    /** The backend that all others are compared with. */
    static final String REFERENCE = "reference";

    private static final long SEED = 20_260_101;
    private static final float DEVIATION = 0.5f;
    private static final int DISTINCT_ROWS = 64;

    private final Backend backend;
    private final Arena arena = Arena.ofShared();
    private final Random random = new Random(SEED);

    Device(String name) {
        this.backend = Backends.open(name, new BackendOptions(threads()));
    }

    /** Threads of the kernels. */
    static int threads() {
        return Integer.getInteger(THREADS, BackendOptions.defaults().threads());
    }

    String name() {
        return backend.name();
    }

    Kernels kernels() {
        return backend.kernels();
    }

    Buffer zeros(long elements) {
        return backend.memory().allocate(elements);
    }

    Buffer normal(int elements) {
        return buffer(values(elements));
    }

    Buffer buffer(float... values) {
        Buffer buffer = zeros(values.length);
        backend.memory().write(buffer, 0, values, 0, values.length);
        return buffer;
    }

    /** The rows of a matrix that are compared with the reference. */
    Buffer rows(int width, int[] rows, Buffer from) {
        Buffer some = zeros((long) rows.length * width);
        backend.kernels().gatherRows(width, rows, from, some);
        return some;
    }

    /**
     * How many copies of operands of so many bytes no cache holds: as much as {@link MachinePeaks} reads when it measures
     * the memory. One if they are only compared.
     */
    static int copies(double bytes, boolean checkOnly) {
        return checkOnly ? 1 : (int) Math.max(1, Math.ceil(MachinePeaks.memoryBytes() / bytes));
    }

    /** The passes of sampling that are used beside this backend. */
    LogitPasses logitPasses() {
        return name().equals(REFERENCE) ? new PortableLogitPasses() : CpuProvider.logitPasses();
    }

    /**
     * Copies of a weight matrix.
     *
     * @param list one or more
     * @param bytes what a product reads of one of them
     */
    record Weights(List<Weight> list, long bytes) {}

    /** A weight matrix whose rows repeat after a while, which no kernel can know, as often as no cache holds it. */
    Weights weights(QuantFormat format, int rows, int columns, ActivationPrecision precision, boolean checkOnly) {
        int distinct = Math.min(rows, DISTINCT_ROWS);
        long rowBytes = format.rowBytes(columns);
        byte[] blocks = blocks(format, distinct, columns);
        long before = backend.memory().bytesInUse();
        List<Weight> weights = new ArrayList<>();
        weights.add(upload(repeated(blocks, format, rows, columns), format, rows, columns, precision));
        // A packed weight is the backend's own; any other is a view of the blocks.
        long packed = backend.memory().bytesInUse() - before;
        long bytes = packed > 0 ? packed : rows * rowBytes;
        while (weights.size() < copies(bytes, checkOnly)) {
            weights.add(upload(repeated(blocks, format, rows, columns), format, rows, columns, precision));
        }
        return new Weights(weights, bytes);
    }

    /** The blocks of a matrix whose rows repeat. */
    MemorySegment repeated(byte[] blocks, QuantFormat format, int rows, int columns) {
        MemorySegment memory = arena.allocate(rows * format.rowBytes(columns), 64);
        for (long at = 0; at < memory.byteSize(); at += blocks.length) {
            long count = Math.min(blocks.length, memory.byteSize() - at);
            MemorySegment.copy(MemorySegment.ofArray(blocks), 0, memory, at, count);
        }
        return memory;
    }

    /** The blocks of some rows of random content. */
    byte[] blocks(QuantFormat format, int rows, int columns) {
        return Quantizer.quantize(format, values(rows * columns), 0, rows * columns);
    }

    Weight upload(MemorySegment blocks, QuantFormat format, int rows, int columns, ActivationPrecision precision) {
        return backend.memory().upload(blocks, format, rows, columns, precision);
    }

    long bytesInUse() {
        return backend.memory().bytesInUse();
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

    float[] values(int elements) {
        float[] values = new float[elements];
        for (int i = 0; i < elements; i++) {
            values[i] = (float) random.nextGaussian() * DEVIATION;
        }
        return values;
    }
}
