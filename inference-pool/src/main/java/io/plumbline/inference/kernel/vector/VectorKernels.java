package io.plumbline.inference.kernel.vector;

import io.plumbline.inference.kernel.Activation;
import io.plumbline.inference.kernel.AdamWFactors;
import io.plumbline.inference.kernel.AdamWStep;
import io.plumbline.inference.kernel.AttentionShape;
import io.plumbline.inference.kernel.Buffer;
import io.plumbline.inference.kernel.Kernels;
import io.plumbline.inference.kernel.LoraBatch;
import io.plumbline.inference.kernel.LoraGradient;
import io.plumbline.inference.kernel.PagedBatch;
import io.plumbline.inference.kernel.RopeLayout;
import io.plumbline.inference.kernel.RopeShape;
import io.plumbline.inference.kernel.Weight;
import io.plumbline.inference.kernel.host.HostBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The operations by kind, on addresses, shared out among threads by rows or runs of elements. */
final class VectorKernels implements Kernels {
    private static final int FLOAT = Float.BYTES;
    /** Fewer elements than this are not worth a second thread. */
    private static final long SERIAL_ELEMENTS = 1 << 14;

    private static final int CHUNK = 1 << 13;

    private final WorkerPool pool;
    private final VectorLinear linear;

    VectorKernels(WorkerPool pool, VectorLinear linear) {
        this.pool = pool;
        this.linear = linear;
    }

    /** Where a buffer's memory is. */
    static long at(Buffer buffer) {
        return ((HostBuffer) buffer).address();
    }

    /** What is done with one row. */
    @FunctionalInterface
    private interface RowTask {
        void run(int row, long scratch);
    }

    /** What is done with a run of elements: the byte offset of the first, and how many. */
    @FunctionalInterface
    private interface RunTask {
        void run(long offset, int count);
    }

    private void overRows(int rows, int width, RowTask task) {
        int perTask = (long) rows * width < SERIAL_ELEMENTS ? Math.max(rows, 1) : Math.max(1, CHUNK / width);
        pool.run((rows + perTask - 1) / perTask, (number, scratch) -> {
            for (int r = number * perTask; r < Math.min(rows, (number + 1) * perTask); r++) {
                task.run(r, scratch);
            }
        });
    }

    private void overRuns(long count, RunTask task) {
        long perTask = count < SERIAL_ELEMENTS ? SERIAL_ELEMENTS : CHUNK;
        pool.run((int) ((count + perTask - 1) / perTask), (number, _) -> {
            long first = number * perTask;
            task.run(first * FLOAT, (int) Math.min(perTask, count - first));
        });
    }

    private static long row(long base, int row, int width) {
        return base + (long) row * width * FLOAT;
    }

    @Override
    public void embed(Weight table, int[] tokens, float scale, Buffer out) {
        linear.embed((VectorWeight) table, tokens, scale, at(out));
    }

    @Override
    public void matmul(int rows, Buffer x, Weight w, Buffer y) {
        linear.matmul(rows, at(x), (VectorWeight) w, at(y));
    }

    @Override
    public void matmulShared(int rows, Buffer x, List<Weight> weights, List<Buffer> outputs) {
        linear.matmulShared(rows, at(x), weights, outputs);
    }

    @Override
    public void matmulBackward(int rows, Buffer dy, Weight w, Buffer dx) {
        linear.matmulBackward(rows, at(dy), (VectorWeight) w, at(dx));
    }

    @Override
    public void addBias(int rows, int width, Buffer bias, Buffer x) {
        long from = at(bias);
        long to = at(x);
        overRows(rows, width, (r, _) -> RowFunctions.add(from, row(to, r, width), width));
    }

    @Override
    public void loraForward(LoraBatch batch, Buffer x, Buffer t, Buffer y) {
        new VectorLora(pool, batch, at(x), at(t)).forward(at(y));
    }

    @Override
    public void loraBackward(
            LoraBatch batch,
            Buffer x,
            Buffer t,
            Buffer dy,
            List<@Nullable LoraGradient> gradients,
            Buffer dt,
            Buffer dx) {
        new VectorLora(pool, batch, at(x), at(t)).backward(at(dy), gradients, at(dt), at(dx));
    }

    @Override
    public void rmsNorm(int rows, int width, float epsilon, Buffer x, Buffer weight, Buffer out) {
        long from = at(x);
        long factor = at(weight);
        long to = at(out);
        overRows(
                rows,
                width,
                (r, _) -> RowFunctions.rmsNorm(row(from, r, width), factor, row(to, r, width), width, epsilon));
    }

    @Override
    public void rmsNormBackward(int rows, int width, float epsilon, Buffer x, Buffer weight, Buffer dy, Buffer dx) {
        long input = at(x);
        long factor = at(weight);
        long from = at(dy);
        long to = at(dx);
        pool.reserve((long) (width + Lanes.CANONICAL) * FLOAT);
        overRows(
                rows,
                width,
                (r, scratch) -> RowFunctions.rmsNormBackward(
                        row(input, r, width), factor, row(from, r, width), row(to, r, width), width, epsilon, scratch));
    }

    @Override
    public void rope(RopeShape shape, int[] positions, Buffer table, Buffer x, boolean inverse) {
        long angles = at(table);
        long base = at(x) + (long) shape.rotaryStart() * FLOAT;
        int half = shape.rotaryDim() / 2;
        float sign = inverse ? -1f : 1f;
        boolean neighbours = shape.layout() == RopeLayout.INTERLEAVED;
        overRows(positions.length, shape.heads() * shape.headDim(), (r, _) -> {
            long angle = row(angles, positions[r], shape.rotaryDim());
            for (int h = 0; h < shape.heads(); h++) {
                long head = base + ((long) r * shape.heads() + h) * shape.headDim() * FLOAT;
                if (neighbours) {
                    RowFunctions.rotateNeighbours(head, half, angle, sign);
                } else {
                    RowFunctions.rotateHalves(head, half, angle, sign);
                }
            }
        });
    }

    @Override
    public void gatedActivation(Activation kind, long count, Buffer gate, Buffer up, Buffer out) {
        long g = at(gate);
        long u = at(up);
        long o = at(out);
        overRuns(count, (offset, n) -> RowFunctions.activation(kind, n, g + offset, u + offset, o + offset));
    }

    @Override
    public void gatedActivationBackward(
            Activation kind, long count, Buffer gate, Buffer up, Buffer dout, Buffer dgate, Buffer dup) {
        long g = at(gate);
        long u = at(up);
        long d = at(dout);
        long dg = at(dgate);
        long du = at(dup);
        overRuns(
                count,
                (offset, n) -> RowFunctions.activationBackward(
                        kind, n, g + offset, u + offset, d + offset, dg + offset, du + offset));
    }

    @Override
    public void storeKeyValue(
            AttentionShape shape, PagedBatch batch, Buffer k, Buffer v, Buffer keyCache, Buffer valueCache) {
        VectorCache.store(shape, batch, at(k), at(keyCache));
        VectorCache.store(shape, batch, at(v), at(valueCache));
    }

    @Override
    public void pagedAttention(
            AttentionShape shape, PagedBatch batch, Buffer q, Buffer keyCache, Buffer valueCache, Buffer out) {
        VectorAttention.Location paged = new VectorAttention.Paged(batch);
        new VectorAttention(shape, paged, at(q), at(keyCache), at(valueCache), at(out)).run(pool);
    }

    @Override
    public void attention(AttentionShape shape, int[] sequenceStart, Buffer q, Buffer k, Buffer v, Buffer out) {
        VectorAttention.Location contiguous = new VectorAttention.Contiguous(sequenceStart);
        new VectorAttention(shape, contiguous, at(q), at(k), at(v), at(out)).run(pool);
    }

    @Override
    public void attentionBackward(
            AttentionShape shape,
            int[] sequenceStart,
            Buffer q,
            Buffer k,
            Buffer v,
            Buffer dout,
            Buffer dq,
            Buffer dk,
            Buffer dv) {
        VectorAttentionBackward.Addresses forward = new VectorAttentionBackward.Addresses(at(q), at(k), at(v));
        new VectorAttentionBackward(shape, sequenceStart, forward, at(dout), at(dq), at(dk), at(dv)).run(pool);
    }

    @Override
    public void softmaxCrossEntropy(int vocabulary, int[] targets, float gradientScale, Buffer logits, Buffer loss) {
        long x = at(logits);
        long to = at(loss);
        pool.run(targets.length, (r, scratch) -> {
            float value = VectorLoss.row(row(x, r, vocabulary), vocabulary, targets[r], gradientScale, scratch);
            Native.putFloat(to + (long) r * FLOAT, value);
        });
    }

    @Override
    public void gatherRows(int width, int[] indices, Buffer x, Buffer out) {
        for (int i = 0; i < indices.length; i++) {
            Native.copyFloats(row(at(x), indices[i], width), row(at(out), i, width), width);
        }
    }

    @Override
    public void scatterAddRows(int width, int[] indices, Buffer x, Buffer out) {
        long from = at(x);
        long to = at(out);
        overRows(
                indices.length,
                width,
                (i, _) -> RowFunctions.add(row(from, i, width), row(to, indices[i], width), width));
    }

    @Override
    public void scatterAddScaledRows(int width, int[] indices, float[] factors, Buffer x, Buffer out) {
        long from = at(x);
        long to = at(out);
        overRows(
                indices.length,
                width,
                (i, _) -> RowFunctions.addScaled(factors[i], row(from, i, width), row(to, indices[i], width), width));
    }

    @Override
    public void copyColumns(
            int rows,
            int width,
            Buffer source,
            int sourceWidth,
            int sourceColumn,
            Buffer target,
            int targetWidth,
            int targetColumn) {
        long from = at(source) + (long) sourceColumn * FLOAT;
        long to = at(target) + (long) targetColumn * FLOAT;
        for (int r = 0; r < rows; r++) {
            Native.copyFloats(row(from, r, sourceWidth), row(to, r, targetWidth), width);
        }
    }

    @Override
    public void addScaled(long count, float a, Buffer x, Buffer y) {
        long from = at(x);
        long to = at(y);
        overRuns(count, (offset, n) -> RowFunctions.addScaled(a, from + offset, to + offset, n));
    }

    @Override
    public void scale(long count, float a, Buffer x) {
        long to = at(x);
        overRuns(count, (offset, n) -> RowFunctions.scale(to + offset, n, a));
    }

    @Override
    public void fill(long count, float value, Buffer x) {
        long to = at(x);
        overRuns(count, (offset, n) -> RowFunctions.fill(to + offset, n, value));
    }

    @Override
    public double sumOfSquares(long count, Buffer x) {
        return VectorLoss.sumOfSquares(at(x), count);
    }

    @Override
    public void adamW(AdamWStep step, long count, Buffer parameters, Buffer gradients, Buffer m, Buffer v) {
        AdamWFactors factors = AdamWFactors.of(step);
        long p = at(parameters);
        long g = at(gradients);
        long first = at(m);
        long second = at(v);
        overRuns(
                count,
                (offset, n) -> RowFunctions.adamW(factors, n, p + offset, g + offset, first + offset, second + offset));
    }
}
