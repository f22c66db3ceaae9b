package io.plumbline.inference.kernel;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The door: checks shapes and ranges, then calls the backend, which checks nothing. */
final class CheckedKernels implements Kernels {
    private final Kernels inner;

    CheckedKernels(Kernels inner) {
        this.inner = inner;
    }

    @Override
    public void embed(Weight table, int[] tokens, float scale, Buffer out) {
        Ranges.below("tokens", tokens, table.rows());
        Ranges.holds("out", out, tokens.length, table.columns());
        inner.embed(table, tokens, scale, out);
    }

    @Override
    public void matmul(int rows, Buffer x, Weight w, Buffer y) {
        Ranges.notNegative("rows", rows);
        Ranges.holds("x", x, rows, w.columns());
        Ranges.holds("y", y, rows, w.rows());
        inner.matmul(rows, x, w, y);
    }

    @Override
    public void matmulShared(int rows, Buffer x, List<Weight> weights, List<Buffer> outputs) {
        Ranges.notNegative("rows", rows);
        if (weights.isEmpty() || weights.size() != outputs.size()) {
            throw new IllegalArgumentException(
                    "%d weights and %d outputs do not pair up".formatted(weights.size(), outputs.size()));
        }
        int columns = weights.getFirst().columns();
        Ranges.holds("x", x, rows, columns);
        for (int i = 0; i < weights.size(); i++) {
            if (weights.get(i).columns() != columns) {
                throw new IllegalArgumentException("weights of %d and %d columns cannot share their rows"
                        .formatted(columns, weights.get(i).columns()));
            }
            Ranges.holds("y", outputs.get(i), rows, weights.get(i).rows());
        }
        inner.matmulShared(rows, x, weights, outputs);
    }

    @Override
    public void matmulBackward(int rows, Buffer dy, Weight w, Buffer dx) {
        Ranges.notNegative("rows", rows);
        Ranges.holds("dy", dy, rows, w.rows());
        Ranges.holds("dx", dx, rows, w.columns());
        inner.matmulBackward(rows, dy, w, dx);
    }

    @Override
    public void addBias(int rows, int width, Buffer bias, Buffer x) {
        checkRows(rows, width);
        Ranges.holds("bias", bias, width);
        Ranges.holds("x", x, rows, width);
        inner.addBias(rows, width, bias, x);
    }

    @Override
    public void loraForward(LoraBatch batch, Buffer x, Buffer t, Buffer y) {
        Ranges.lora(batch);
        Ranges.holds("x", x, batch.rows(), batch.in());
        Ranges.holds("t", t, batch.rows(), batch.maxRank());
        Ranges.holds("y", y, batch.rows(), batch.out());
        inner.loraForward(batch, x, t, y);
    }

    @Override
    public void loraForwardShared(Buffer x, List<LoraDelta> deltas) {
        LoraBatch first = deltas.getFirst().batch();
        Ranges.holds("x", x, first.rows(), first.in());
        for (LoraDelta delta : deltas) {
            LoraBatch batch = delta.batch();
            if (batch.in() != first.in() || !Arrays.equals(batch.adapterOfRow(), first.adapterOfRow())) {
                throw new IllegalArgumentException("deltas of other rows or input features cannot share their rows");
            }
            Ranges.lora(batch);
            Ranges.holds("t", delta.t(), batch.rows(), batch.maxRank());
            Ranges.holds("y", delta.y(), batch.rows(), batch.out());
        }
        inner.loraForwardShared(x, deltas);
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
        Ranges.lora(batch);
        Ranges.holds("x", x, batch.rows(), batch.in());
        Ranges.holds("t", t, batch.rows(), batch.maxRank());
        Ranges.holds("dy", dy, batch.rows(), batch.out());
        Ranges.holds("dt", dt, batch.rows(), batch.maxRank());
        Ranges.holds("dx", dx, batch.rows(), batch.in());
        if (gradients.size() != batch.adapters().size()) {
            throw new IllegalArgumentException("%d adapter slots need as many gradient slots, there are %d"
                    .formatted(batch.adapters().size(), gradients.size()));
        }
        for (int slot = 0; slot < gradients.size(); slot++) {
            LoraGradient gradient = gradients.get(slot);
            LoraAdapter adapter = batch.adapters().get(slot);
            if (gradient != null && adapter != null) {
                Ranges.holds("dA", gradient.a(), adapter.rank(), batch.in());
                Ranges.holds("dB", gradient.b(), batch.out(), adapter.rank());
            }
        }
        inner.loraBackward(batch, x, t, dy, gradients, dt, dx);
    }

    @Override
    public void rmsNorm(int rows, int width, float epsilon, Buffer x, Buffer weight, Buffer out) {
        checkRows(rows, width);
        Ranges.holds("x", x, rows, width);
        Ranges.holds("weight", weight, width);
        Ranges.holds("out", out, rows, width);
        inner.rmsNorm(rows, width, epsilon, x, weight, out);
    }

    @Override
    public void rmsNormBackward(int rows, int width, float epsilon, Buffer x, Buffer weight, Buffer dy, Buffer dx) {
        checkRows(rows, width);
        Ranges.holds("x", x, rows, width);
        Ranges.holds("weight", weight, width);
        Ranges.holds("dy", dy, rows, width);
        Ranges.holds("dx", dx, rows, width);
        inner.rmsNormBackward(rows, width, epsilon, x, weight, dy, dx);
    }

    private static void checkRows(int rows, int width) {
        Ranges.notNegative("rows", rows);
        Ranges.positive("width", width);
    }

    @Override
    public void rope(RopeShape shape, int[] positions, Buffer table, Buffer x, boolean inverse) {
        Ranges.below("positions", positions, table.elements() / shape.rotaryDim());
        Ranges.holds("x", x, positions.length, (long) shape.heads() * shape.headDim());
        inner.rope(shape, positions, table, x, inverse);
    }

    @Override
    public void gatedActivation(Activation kind, long count, Buffer gate, Buffer up, Buffer out) {
        Ranges.notNegative("count", count);
        Ranges.holds("gate", gate, count);
        Ranges.holds("up", up, count);
        Ranges.holds("out", out, count);
        inner.gatedActivation(kind, count, gate, up, out);
    }

    @Override
    public void gatedActivationBackward(
            Activation kind, long count, Buffer gate, Buffer up, Buffer dout, Buffer dgate, Buffer dup) {
        Ranges.notNegative("count", count);
        Ranges.holds("gate", gate, count);
        Ranges.holds("up", up, count);
        Ranges.holds("dout", dout, count);
        Ranges.holds("dgate", dgate, count);
        Ranges.holds("dup", dup, count);
        inner.gatedActivationBackward(kind, count, gate, up, dout, dgate, dup);
    }

    @Override
    public void storeKeyValue(
            AttentionShape shape, PagedBatch batch, Buffer k, Buffer v, Buffer keyCache, Buffer valueCache) {
        checkCaches(shape, batch, keyCache, valueCache);
        Ranges.holds("k", k, batch.rows(), shape.keyValueWidth());
        Ranges.holds("v", v, batch.rows(), shape.keyValueWidth());
        inner.storeKeyValue(shape, batch, k, v, keyCache, valueCache);
    }

    @Override
    public void pagedAttention(
            AttentionShape shape, PagedBatch batch, Buffer q, Buffer keyCache, Buffer valueCache, Buffer out) {
        checkCaches(shape, batch, keyCache, valueCache);
        Ranges.holds("q", q, batch.rows(), shape.queryWidth());
        Ranges.holds("out", out, batch.rows(), shape.queryWidth());
        inner.pagedAttention(shape, batch, q, keyCache, valueCache, out);
    }

    private static void checkCaches(AttentionShape shape, PagedBatch batch, Buffer keyCache, Buffer valueCache) {
        long blockElements = (long) batch.blockSize() * batch.precision().rowElements(shape);
        Ranges.paged(batch, Math.min(keyCache.elements(), valueCache.elements()) / blockElements);
    }

    @Override
    public void attention(AttentionShape shape, int[] sequenceStart, Buffer q, Buffer k, Buffer v, Buffer out) {
        int rows = checkSequences(shape, sequenceStart, q, k, v);
        Ranges.holds("out", out, rows, shape.queryWidth());
        inner.attention(shape, sequenceStart, q, k, v, out);
    }

    private static int checkSequences(AttentionShape shape, int[] sequenceStart, Buffer q, Buffer k, Buffer v) {
        Ranges.ascending("sequenceStart", sequenceStart);
        int rows = sequenceStart[sequenceStart.length - 1];
        Ranges.holds("q", q, rows, shape.queryWidth());
        Ranges.holds("k", k, rows, shape.keyValueWidth());
        Ranges.holds("v", v, rows, shape.keyValueWidth());
        return rows;
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
        int rows = checkSequences(shape, sequenceStart, q, k, v);
        Ranges.holds("dout", dout, rows, shape.queryWidth());
        Ranges.holds("dq", dq, rows, shape.queryWidth());
        Ranges.holds("dk", dk, rows, shape.keyValueWidth());
        Ranges.holds("dv", dv, rows, shape.keyValueWidth());
        inner.attentionBackward(shape, sequenceStart, q, k, v, dout, dq, dk, dv);
    }

    @Override
    public void softmaxCrossEntropy(int vocabulary, int[] targets, float gradientScale, Buffer logits, Buffer loss) {
        Ranges.positive("vocabulary", vocabulary);
        for (int r = 0; r < targets.length; r++) {
            if (targets[r] >= vocabulary) {
                throw new IllegalArgumentException(
                        "targets[%d] = %d is not below the vocabulary size %d".formatted(r, targets[r], vocabulary));
            }
        }
        Ranges.holds("logits", logits, targets.length, vocabulary);
        Ranges.holds("loss", loss, targets.length);
        inner.softmaxCrossEntropy(vocabulary, targets, gradientScale, logits, loss);
    }

    @Override
    public void gatherRows(int width, int[] indices, Buffer x, Buffer out) {
        Ranges.positive("width", width);
        Ranges.below("indices", indices, x.elements() / width);
        Ranges.holds("out", out, indices.length, width);
        inner.gatherRows(width, indices, x, out);
    }

    @Override
    public void scatterAddRows(int width, int[] indices, Buffer x, Buffer out) {
        Ranges.positive("width", width);
        Ranges.below("indices", indices, out.elements() / width);
        Ranges.holds("x", x, indices.length, width);
        inner.scatterAddRows(width, indices, x, out);
    }

    @Override
    public void scatterAddScaledRows(int width, int[] indices, float[] factors, Buffer x, Buffer out) {
        Ranges.positive("width", width);
        Ranges.below("indices", indices, out.elements() / width);
        Ranges.holds("x", x, indices.length, width);
        if (factors.length != indices.length) {
            throw new IllegalArgumentException(
                    "%d rows need as many factors, there are %d".formatted(indices.length, factors.length));
        }
        inner.scatterAddScaledRows(width, indices, factors, x, out);
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
        checkRows(rows, width);
        checkColumns("source", rows, width, source, sourceWidth, sourceColumn);
        checkColumns("target", rows, width, target, targetWidth, targetColumn);
        inner.copyColumns(rows, width, source, sourceWidth, sourceColumn, target, targetWidth, targetColumn);
    }

    private static void checkColumns(String what, int rows, int width, Buffer buffer, int bufferWidth, int column) {
        if (column < 0 || column + width > bufferWidth) {
            throw new IllegalArgumentException("columns %d … %d are not inside %s of width %d"
                    .formatted(column, column + width - 1, what, bufferWidth));
        }
        Ranges.holds(what, buffer, rows, bufferWidth);
    }

    @Override
    public void addScaled(long count, float a, Buffer x, Buffer y) {
        Ranges.notNegative("count", count);
        Ranges.holds("x", x, count);
        Ranges.holds("y", y, count);
        inner.addScaled(count, a, x, y);
    }

    @Override
    public void scale(long count, float a, Buffer x) {
        Ranges.notNegative("count", count);
        Ranges.holds("x", x, count);
        inner.scale(count, a, x);
    }

    @Override
    public void fill(long count, float value, Buffer x) {
        Ranges.notNegative("count", count);
        Ranges.holds("x", x, count);
        inner.fill(count, value, x);
    }

    @Override
    public double sumOfSquares(long count, Buffer x) {
        Ranges.notNegative("count", count);
        Ranges.holds("x", x, count);
        return inner.sumOfSquares(count, x);
    }

    @Override
    public void adamW(AdamWStep step, long count, Buffer parameters, Buffer gradients, Buffer m, Buffer v) {
        Ranges.notNegative("count", count);
        Ranges.holds("parameters", parameters, count);
        Ranges.holds("gradients", gradients, count);
        Ranges.holds("m", m, count);
        Ranges.holds("v", v, count);
        inner.adamW(step, count, parameters, gradients, m, v);
    }
}
