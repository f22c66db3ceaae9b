package io.plumbline.inference.kernel.cpu;

import io.plumbline.inference.kernel.Activation;
import io.plumbline.inference.kernel.ActivationPrecision;
import io.plumbline.inference.kernel.AdamWFactors;
import io.plumbline.inference.kernel.AdamWStep;
import io.plumbline.inference.kernel.AttentionShape;
import io.plumbline.inference.kernel.Buffer;
import io.plumbline.inference.kernel.Kernels;
import io.plumbline.inference.kernel.KeyValuePrecision;
import io.plumbline.inference.kernel.LoraBatch;
import io.plumbline.inference.kernel.LoraDelta;
import io.plumbline.inference.kernel.LoraGradient;
import io.plumbline.inference.kernel.PagedBatch;
import io.plumbline.inference.kernel.RopeLayout;
import io.plumbline.inference.kernel.RopeShape;
import io.plumbline.inference.kernel.Weight;
import io.plumbline.inference.kernel.ffm.CpuLibrary;
import io.plumbline.inference.kernel.host.HostBuffer;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Turns buffers into addresses and calls the native operations. Ranges are checked before. */
final class CpuKernels implements Kernels {
    /** Bytes of {@code packed_product} in packed.h: two pointers, format, rows. */
    private static final long PRODUCT_BYTES = 24;

    private final CpuLibrary library;
    private final Staging staging;

    CpuKernels(CpuLibrary library, Staging staging) {
        this.library = library;
        this.staging = staging;
    }

    static long at(Buffer buffer) {
        return ((HostBuffer) buffer).address();
    }

    private static long at(Weight weight) {
        return ((CpuWeight) weight).address();
    }

    @Override
    public void embed(Weight table, int[] tokens, float scale, Buffer out) {
        int type = table.format().ggmlType();
        long staged = staging.only(tokens);
        int count = tokens.length;
        switch (table.activations()) {
            case FLOAT32 ->
                library.embed(at(table), type, table.rows(), table.columns(), staged, count, scale, at(out));
            case INT8 -> {
                long packed = ((CpuWeight) table).packed().address();
                library.packedEmbed(packed, type, table.columns(), staged, count, scale, at(out));
            }
        }
    }

    @Override
    public void matmul(int rows, Buffer x, Weight w, Buffer y) {
        switch (w.activations()) {
            case FLOAT32 -> library.matmul(rows, at(x), at(w), w.format().ggmlType(), w.rows(), w.columns(), at(y));
            case INT8 -> packed(rows, x, List.of(w), List.of(y));
        }
    }

    @Override
    public void matmulShared(int rows, Buffer x, List<Weight> weights, List<Buffer> outputs) {
        boolean allPacked = true;
        for (Weight weight : weights) {
            allPacked &= weight.activations() == ActivationPrecision.INT8;
        }
        if (allPacked) {
            packed(rows, x, weights, outputs);
        } else {
            Kernels.super.matmulShared(rows, x, weights, outputs);
        }
    }

    private void packed(int rows, Buffer x, List<Weight> weights, List<Buffer> outputs) {
        int count = weights.size();
        MemorySegment products =
                staging.begin(count * PRODUCT_BYTES / Integer.BYTES, 1).take(count * PRODUCT_BYTES);
        for (int i = 0; i < count; i++) {
            CpuWeight weight = (CpuWeight) weights.get(i);
            long product = i * PRODUCT_BYTES;
            products.set(ValueLayout.JAVA_LONG, product, weight.packed().address());
            products.set(ValueLayout.JAVA_LONG, product + 8, at(outputs.get(i)));
            products.set(ValueLayout.JAVA_INT, product + 16, weight.format().ggmlType());
            products.set(ValueLayout.JAVA_INT, product + 20, weight.rows());
        }
        library.packedMatmul(rows, at(x), weights.getFirst().columns(), products.address(), count);
    }

    @Override
    public void matmulBackward(int rows, Buffer dy, Weight w, Buffer dx) {
        library.matmulBackward(rows, at(dy), at(w), w.format().ggmlType(), w.rows(), w.columns(), at(dx));
    }

    @Override
    public void addBias(int rows, int width, Buffer bias, Buffer x) {
        library.addBias(rows, width, at(bias), at(x));
    }

    @Override
    public void loraForward(LoraBatch batch, Buffer x, Buffer t, Buffer y) {
        loraForwardShared(x, List.of(new LoraDelta(batch, t, y)));
    }

    @Override
    public void loraForwardShared(Buffer x, List<LoraDelta> deltas) {
        LoraBatch first = deltas.getFirst().batch();
        StagedDeltas staged = StagedDeltas.of(deltas, staging);
        library.loraForward(
                first.rows(),
                first.in(),
                staged.adapterOfRow(),
                first.adapters().size(),
                at(x),
                staged.products(),
                deltas.size());
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
        StagedDeltas.Backward staged = StagedDeltas.backward(batch, gradients, staging);
        library.loraBackward(
                batch.rows(),
                batch.in(),
                batch.out(),
                batch.maxRank(),
                staged.adapterOfRow(),
                staged.slots(),
                batch.adapters().size(),
                at(x),
                at(t),
                at(dy),
                at(dt),
                at(dx));
    }

    @Override
    public void rmsNorm(int rows, int width, float epsilon, Buffer x, Buffer weight, Buffer out) {
        library.rmsNorm(rows, width, epsilon, at(x), at(weight), at(out));
    }

    @Override
    public void rmsNormBackward(int rows, int width, float epsilon, Buffer x, Buffer weight, Buffer dy, Buffer dx) {
        library.rmsNormBackward(rows, width, epsilon, at(x), at(weight), at(dy), at(dx));
    }

    @Override
    public void rope(RopeShape shape, int[] positions, Buffer table, Buffer x, boolean inverse) {
        // The function turns the first elements of every head; a later start is a later address.
        long first = at(x) + (long) shape.rotaryStart() * Float.BYTES;
        library.rope(
                shape.heads(),
                shape.headDim(),
                shape.rotaryDim(),
                shape.layout() == RopeLayout.INTERLEAVED ? 1 : 0,
                positions.length,
                staging.only(positions),
                at(table),
                first,
                inverse ? 1 : 0);
    }

    /** The numbers of functions in rows.h. */
    private static int code(Activation kind) {
        return switch (kind) {
            case SILU -> 0;
            case GELU_TANH -> 1;
        };
    }

    @Override
    public void gatedActivation(Activation kind, long count, Buffer gate, Buffer up, Buffer out) {
        library.gatedActivation(code(kind), count, at(gate), at(up), at(out));
    }

    @Override
    public void gatedActivationBackward(
            Activation kind, long count, Buffer gate, Buffer up, Buffer dout, Buffer dgate, Buffer dup) {
        library.gatedActivationBackward(code(kind), count, at(gate), at(up), at(dout), at(dgate), at(dup));
    }

    @Override
    public void storeKeyValue(
            AttentionShape shape, PagedBatch batch, Buffer k, Buffer v, Buffer keyCache, Buffer valueCache) {
        StagedPages pages = StagedPages.of(batch, staging);
        store(shape, batch, pages, k, keyCache);
        store(shape, batch, pages, v, valueCache);
    }

    private void store(AttentionShape shape, PagedBatch batch, StagedPages pages, Buffer rows, Buffer cache) {
        library.storeRows(
                shape.keyValueHeads(),
                shape.headDim(),
                eightBit(batch),
                batch.sequences(),
                pages.rowStart(),
                pages.firstPosition(),
                pages.blockTable(),
                pages.blockStart(),
                batch.blockSize(),
                at(rows),
                at(cache));
    }

    private static int eightBit(PagedBatch batch) {
        return batch.precision() == KeyValuePrecision.INT8 ? 1 : 0;
    }

    @Override
    public void pagedAttention(
            AttentionShape shape, PagedBatch batch, Buffer q, Buffer keyCache, Buffer valueCache, Buffer out) {
        StagedPages pages = StagedPages.of(batch, staging);
        library.attention(
                shape.heads(),
                shape.keyValueHeads(),
                shape.headDim(),
                shape.scale(),
                shape.window(),
                batch.sequences(),
                pages.rowStart(),
                pages.firstPosition(),
                pages.blockTable(),
                pages.blockStart(),
                batch.blockSize(),
                eightBit(batch),
                at(q),
                at(keyCache),
                at(valueCache),
                at(out));
    }

    @Override
    public void attention(AttentionShape shape, int[] sequenceStart, Buffer q, Buffer k, Buffer v, Buffer out) {
        library.attention(
                shape.heads(),
                shape.keyValueHeads(),
                shape.headDim(),
                shape.scale(),
                shape.window(),
                sequenceStart.length - 1,
                staging.only(sequenceStart),
                0,
                0,
                0,
                0,
                0,
                at(q),
                at(k),
                at(v),
                at(out));
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
        library.attentionBackward(
                shape.heads(),
                shape.keyValueHeads(),
                shape.headDim(),
                shape.scale(),
                shape.window(),
                sequenceStart.length - 1,
                staging.only(sequenceStart),
                at(q),
                at(k),
                at(v),
                at(dout),
                at(dq),
                at(dk),
                at(dv));
    }

    @Override
    public void softmaxCrossEntropy(int vocabulary, int[] targets, float gradientScale, Buffer logits, Buffer loss) {
        long staged = staging.only(targets);
        library.softmaxCrossEntropy(vocabulary, targets.length, staged, gradientScale, at(logits), at(loss));
    }

    @Override
    public void gatherRows(int width, int[] indices, Buffer x, Buffer out) {
        library.gatherRows(width, indices.length, staging.only(indices), at(x), at(out));
    }

    @Override
    public void scatterAddRows(int width, int[] indices, Buffer x, Buffer out) {
        library.scatterAddRows(width, indices.length, staging.only(indices), at(x), at(out));
    }

    @Override
    public void scatterAddScaledRows(int width, int[] indices, float[] factors, Buffer x, Buffer out) {
        staging.begin(2L * indices.length, 2);
        long rows = staging.ints(indices);
        library.scatterAddScaledRows(width, indices.length, rows, staging.floats(factors), at(x), at(out));
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
        long from = at(source) + (long) sourceColumn * Float.BYTES;
        long to = at(target) + (long) targetColumn * Float.BYTES;
        library.copyColumns(rows, width, from, sourceWidth, to, targetWidth);
    }

    @Override
    public void addScaled(long count, float a, Buffer x, Buffer y) {
        library.addScaled(count, a, at(x), at(y));
    }

    @Override
    public void scale(long count, float a, Buffer x) {
        library.scale(count, a, at(x));
    }

    @Override
    public void fill(long count, float value, Buffer x) {
        library.fill(count, value, at(x));
    }

    @Override
    public double sumOfSquares(long count, Buffer x) {
        MemorySegment result = staging.begin(2, 1).take(Double.BYTES);
        library.sumOfSquares(count, at(x), result.address());
        return result.get(ValueLayout.JAVA_DOUBLE, 0);
    }

    @Override
    public void adamW(AdamWStep step, long count, Buffer parameters, Buffer gradients, Buffer m, Buffer v) {
        float[] factors = AdamWFactors.of(step).toArray();
        MemorySegment staged = staging.begin(factors.length, 1).take((long) factors.length * Float.BYTES);
        MemorySegment.copy(factors, 0, staged, ValueLayout.JAVA_FLOAT, 0, factors.length);
        library.adamw(staged.address(), count, at(parameters), at(gradients), at(m), at(v));
    }
}
