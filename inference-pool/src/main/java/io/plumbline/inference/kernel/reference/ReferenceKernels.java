package io.plumbline.inference.kernel.reference;

import io.plumbline.inference.kernel.Activation;
import io.plumbline.inference.kernel.AdamWStep;
import io.plumbline.inference.kernel.AttentionShape;
import io.plumbline.inference.kernel.Buffer;
import io.plumbline.inference.kernel.Kernels;
import io.plumbline.inference.kernel.LoraBatch;
import io.plumbline.inference.kernel.LoraGradient;
import io.plumbline.inference.kernel.PagedBatch;
import io.plumbline.inference.kernel.RopeShape;
import io.plumbline.inference.kernel.Weight;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The operations by kind: each delegate holds one family and its formulas. */
final class ReferenceKernels implements Kernels {
    private static ReferenceBuffer own(Buffer buffer) {
        return (ReferenceBuffer) buffer;
    }

    @Override
    public void embed(Weight table, int[] tokens, float scale, Buffer out) {
        ReferenceLinear.embed((ReferenceWeight) table, tokens, scale, own(out));
    }

    @Override
    public void matmul(int rows, Buffer x, Weight w, Buffer y) {
        ReferenceWeight weight = (ReferenceWeight) w;
        switch (weight.activations()) {
            case FLOAT32 -> ReferenceLinear.matmul(rows, own(x), weight, own(y));
            case INT8 -> ReferenceInteger.matmul(rows, own(x), weight, own(y));
        }
    }

    @Override
    public void matmulBackward(int rows, Buffer dy, Weight w, Buffer dx) {
        ReferenceLinear.matmulBackward(rows, own(dy), (ReferenceWeight) w, own(dx));
    }

    @Override
    public void addBias(int rows, int width, Buffer bias, Buffer x) {
        ReferenceElementwise.addBias(rows, width, own(bias), own(x));
    }

    @Override
    public void loraForward(LoraBatch batch, Buffer x, Buffer t, Buffer y) {
        ReferenceLora.forward(batch, own(x), own(t), own(y));
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
        ReferenceLora.backward(batch, own(x), own(t), own(dy), gradients, own(dt), own(dx));
    }

    @Override
    public void rmsNorm(int rows, int width, float epsilon, Buffer x, Buffer weight, Buffer out) {
        ReferenceNorm.forward(rows, width, epsilon, own(x), own(weight), own(out));
    }

    @Override
    public void rmsNormBackward(int rows, int width, float epsilon, Buffer x, Buffer weight, Buffer dy, Buffer dx) {
        ReferenceNorm.backward(rows, width, epsilon, own(x), own(weight), own(dy), own(dx));
    }

    @Override
    public void rope(RopeShape shape, int[] positions, Buffer table, Buffer x, boolean inverse) {
        ReferenceElementwise.rope(shape, positions, own(table), own(x), inverse);
    }

    @Override
    public void gatedActivation(Activation kind, long count, Buffer gate, Buffer up, Buffer out) {
        ReferenceActivation.forward(kind, (int) count, own(gate), own(up), own(out));
    }

    @Override
    public void gatedActivationBackward(
            Activation kind, long count, Buffer gate, Buffer up, Buffer dout, Buffer dgate, Buffer dup) {
        ReferenceActivation.backward(kind, (int) count, own(gate), own(up), own(dout), own(dgate), own(dup));
    }

    @Override
    public void storeKeyValue(
            AttentionShape shape, PagedBatch batch, Buffer k, Buffer v, Buffer keyCache, Buffer valueCache) {
        ReferenceCache.store(shape, batch, own(k), own(keyCache));
        ReferenceCache.store(shape, batch, own(v), own(valueCache));
    }

    @Override
    public void pagedAttention(
            AttentionShape shape, PagedBatch batch, Buffer q, Buffer keyCache, Buffer valueCache, Buffer out) {
        ReferenceAttention.paged(shape, batch, own(q), own(keyCache), own(valueCache), own(out));
    }

    @Override
    public void attention(AttentionShape shape, int[] sequenceStart, Buffer q, Buffer k, Buffer v, Buffer out) {
        ReferenceAttention.contiguous(shape, sequenceStart, own(q), own(k), own(v), own(out));
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
        new ReferenceAttentionBackward(shape, own(q), own(k), own(v), own(dout), own(dq), own(dk), own(dv))
                .run(sequenceStart);
    }

    @Override
    public void softmaxCrossEntropy(int vocabulary, int[] targets, float gradientScale, Buffer logits, Buffer loss) {
        ReferenceLoss.softmaxCrossEntropy(vocabulary, targets, gradientScale, own(logits), own(loss));
    }

    @Override
    public void gatherRows(int width, int[] indices, Buffer x, Buffer out) {
        ReferenceElementwise.gatherRows(width, indices, own(x), own(out));
    }

    @Override
    public void scatterAddRows(int width, int[] indices, Buffer x, Buffer out) {
        ReferenceElementwise.scatterAddRows(width, indices, own(x), own(out));
    }

    @Override
    public void scatterAddScaledRows(int width, int[] indices, float[] factors, Buffer x, Buffer out) {
        ReferenceElementwise.scatterAddScaledRows(width, indices, factors, own(x), own(out));
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
        ReferenceBuffer from = own(source);
        ReferenceBuffer to = own(target);
        for (int r = 0; r < rows; r++) {
            System.arraycopy(
                    from.array(),
                    from.offset() + r * sourceWidth + sourceColumn,
                    to.array(),
                    to.offset() + r * targetWidth + targetColumn,
                    width);
        }
    }

    @Override
    public void addScaled(long count, float a, Buffer x, Buffer y) {
        ReferenceElementwise.addScaled((int) count, a, own(x), own(y));
    }

    @Override
    public void scale(long count, float a, Buffer x) {
        ReferenceElementwise.scale((int) count, a, own(x));
    }

    @Override
    public void fill(long count, float value, Buffer x) {
        ReferenceElementwise.fill((int) count, value, own(x));
    }

    @Override
    public double sumOfSquares(long count, Buffer x) {
        return ReferenceElementwise.sumOfSquares((int) count, own(x));
    }

    @Override
    public void adamW(AdamWStep step, long count, Buffer parameters, Buffer gradients, Buffer m, Buffer v) {
        ReferenceOptimizer.adamW(step, (int) count, own(parameters), own(gradients), own(m), own(v));
    }
}
