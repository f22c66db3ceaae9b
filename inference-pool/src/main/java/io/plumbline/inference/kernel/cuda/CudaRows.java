package io.plumbline.inference.kernel.cuda;

import static io.plumbline.inference.kernel.cuda.CudaBuffer.at;

import io.plumbline.inference.kernel.Activation;
import io.plumbline.inference.kernel.Buffer;
import io.plumbline.inference.kernel.RopeLayout;
import io.plumbline.inference.kernel.RopeShape;
import io.plumbline.inference.kernel.cuda.driver.Grid;
import java.lang.foreign.MemorySegment;

/** Normalisation, rotation, activations and moves of rows: {@code rows.cuh}. */
final class CudaRows {
    private static final int WARP = 32;
    private static final int MOST_THREADS = 256;
    private static final int MOST_BLOCKS_OF_A_ROW = 1024;

    private final CudaStream stream;

    CudaRows(CudaStream stream) {
        this.stream = stream;
    }

    /** Threads for so many columns: whole warps. */
    private static int threads(int width) {
        return Math.min(MOST_THREADS, Math.ceilDiv(width, WARP) * WARP);
    }

    /** A thread per column; very wide rows have several columns per thread. */
    static Grid columns(int rows, int width) {
        int threads = threads(width);
        return Grid.of(rows, Math.min(MOST_BLOCKS_OF_A_ROW, Math.ceilDiv(width, threads)), threads);
    }

    /** One block per row: a warp that adds and others that bring what it adds. */
    private static Grid sums(int rows, int width) {
        return Grid.of(rows, WARP + threads(width));
    }

    void addBias(int rows, int width, Buffer bias, Buffer x) {
        stream.launch(CudaFunction.ADD_BIAS, columns(rows, width), width, at(bias), at(x));
    }

    void rmsNorm(int rows, int width, float epsilon, Buffer x, Buffer weight, Buffer out) {
        stream.launch(CudaFunction.RMS_NORM, sums(rows, width), width, epsilon, at(x), at(weight), at(out));
    }

    void rmsNormBackward(int rows, int width, float epsilon, Buffer x, Buffer weight, Buffer dy, Buffer dx) {
        Grid grid = sums(rows, width);
        stream.launch(CudaFunction.RMS_NORM_BACKWARD, grid, width, epsilon, at(x), at(weight), at(dy), at(dx));
    }

    void rope(RopeShape shape, int[] positions, Buffer table, Buffer x, boolean inverse) {
        long[] staged = stream.upload(positions);
        // The kernel turns the first elements of every head; a later start is a later address.
        long first = at(x) + (long) shape.rotaryStart() * Float.BYTES;
        stream.launch(
                CudaFunction.ROPE,
                columns(positions.length, shape.heads() * (shape.rotaryDim() / 2)),
                shape.heads(),
                shape.headDim(),
                shape.rotaryDim(),
                shape.layout() == RopeLayout.INTERLEAVED ? 1 : 0,
                inverse ? -1f : 1f,
                staged[0],
                at(table),
                first);
    }

    /** The numbers of the functions in {@code rows.cuh}. */
    private static int code(Activation kind) {
        return switch (kind) {
            case SILU -> 0;
            case GELU_TANH -> 1;
        };
    }

    void gatedActivation(Activation kind, long count, Buffer gate, Buffer up, Buffer out) {
        Grid grid = Grid.elements(count);
        stream.launch(CudaFunction.GATED_ACTIVATION, grid, code(kind), count, at(gate), at(up), at(out));
    }

    void gatedActivationBackward(
            Activation kind, long count, Buffer gate, Buffer up, Buffer dout, Buffer dgate, Buffer dup) {
        stream.launch(
                CudaFunction.GATED_ACTIVATION_BACKWARD,
                Grid.elements(count),
                code(kind),
                count,
                at(gate),
                at(up),
                at(dout),
                at(dgate),
                at(dup));
    }

    void gatherRows(int width, int[] indices, Buffer x, Buffer out) {
        long[] staged = stream.upload(indices);
        stream.launch(CudaFunction.GATHER_ROWS, columns(indices.length, width), width, staged[0], at(x), at(out));
    }

    void scatterAddRows(int width, int[] indices, Buffer x, Buffer out) {
        long[] staged = stream.upload(indices);
        stream.launch(CudaFunction.SCATTER_ADD_ROWS, columns(indices.length, width), width, staged[0], at(x), at(out));
    }

    void scatterAddScaledRows(int width, int[] indices, float[] factors, Buffer x, Buffer out) {
        long[] staged = stream.upload(MemorySegment.ofArray(indices), MemorySegment.ofArray(factors));
        Grid grid = columns(indices.length, width);
        stream.launch(CudaFunction.SCATTER_ADD_SCALED_ROWS, grid, width, staged[0], staged[1], at(x), at(out));
    }
}
