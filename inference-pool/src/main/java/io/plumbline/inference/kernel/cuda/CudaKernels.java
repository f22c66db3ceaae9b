package io.plumbline.inference.kernel.cuda;

import static io.plumbline.inference.kernel.cuda.CudaBuffer.at;

import io.plumbline.inference.kernel.Activation;
import io.plumbline.inference.kernel.AdamWStep;
import io.plumbline.inference.kernel.AttentionShape;
import io.plumbline.inference.kernel.Buffer;
import io.plumbline.inference.kernel.KernelException;
import io.plumbline.inference.kernel.Kernels;
import io.plumbline.inference.kernel.LoraBatch;
import io.plumbline.inference.kernel.LoraGradient;
import io.plumbline.inference.kernel.PagedBatch;
import io.plumbline.inference.kernel.RopeShape;
import io.plumbline.inference.kernel.Weight;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The operations by kind: each delegate holds one family and launches its kernels. Ranges are checked before. */
final class CudaKernels implements Kernels {
    private final CudaElementwise elementwise;
    private final CudaRows rowOperations;
    private final CudaAttention attention;
    private final CudaAttentionBackward attentionBackward;
    private final CudaLoss loss;
    private final CudaOptimizer optimizer;

    CudaKernels(CudaStream stream) {
        this.elementwise = new CudaElementwise(stream);
        this.rowOperations = new CudaRows(stream);
        this.attention = new CudaAttention(stream);
        this.attentionBackward = new CudaAttentionBackward(stream);
        this.loss = new CudaLoss(stream);
        this.optimizer = new CudaOptimizer(stream);
    }

    static KernelException missing(String operation) {
        return new KernelException(
                "the cuda backend of this version has no kernel for %s; use the backend 'cpu'".formatted(operation));
    }

    @Override
    public void embed(Weight table, int[] tokens, float scale, Buffer out) {
        throw missing("embed");
    }

    @Override
    public void matmul(int rows, Buffer x, Weight w, Buffer y) {
        throw missing("matmul");
    }

    @Override
    public void matmulBackward(int rows, Buffer dy, Weight w, Buffer dx) {
        throw missing("matmulBackward");
    }

    @Override
    public void addBias(int rows, int width, Buffer bias, Buffer x) {
        rowOperations.addBias(rows, width, bias, x);
    }

    @Override
    public void loraForward(LoraBatch batch, Buffer x, Buffer t, Buffer y) {
        throw missing("loraForward");
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
        throw missing("loraBackward");
    }

    @Override
    public void rmsNorm(int rows, int width, float epsilon, Buffer x, Buffer weight, Buffer out) {
        rowOperations.rmsNorm(rows, width, epsilon, x, weight, out);
    }

    @Override
    public void rmsNormBackward(int rows, int width, float epsilon, Buffer x, Buffer weight, Buffer dy, Buffer dx) {
        rowOperations.rmsNormBackward(rows, width, epsilon, x, weight, dy, dx);
    }

    @Override
    public void rope(RopeShape shape, int[] positions, Buffer table, Buffer x, boolean inverse) {
        rowOperations.rope(shape, positions, table, x, inverse);
    }

    @Override
    public void gatedActivation(Activation kind, long count, Buffer gate, Buffer up, Buffer out) {
        rowOperations.gatedActivation(kind, count, gate, up, out);
    }

    @Override
    public void gatedActivationBackward(
            Activation kind, long count, Buffer gate, Buffer up, Buffer dout, Buffer dgate, Buffer dup) {
        rowOperations.gatedActivationBackward(kind, count, gate, up, dout, dgate, dup);
    }

    @Override
    public void storeKeyValue(
            AttentionShape shape, PagedBatch batch, Buffer k, Buffer v, Buffer keyCache, Buffer valueCache) {
        attention.storeKeyValue(shape, batch, k, v, keyCache, valueCache);
    }

    @Override
    public void pagedAttention(
            AttentionShape shape, PagedBatch batch, Buffer q, Buffer keyCache, Buffer valueCache, Buffer out) {
        attention.paged(shape, batch, q, keyCache, valueCache, out);
    }

    @Override
    public void attention(AttentionShape shape, int[] sequenceStart, Buffer q, Buffer k, Buffer v, Buffer out) {
        attention.contiguous(shape, sequenceStart, q, k, v, out);
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
        attentionBackward.run(shape, sequenceStart, CudaAttentionBackward.Matrices.of(q, k, v, dout, dq, dk, dv));
    }

    @Override
    public void softmaxCrossEntropy(int vocabulary, int[] targets, float gradientScale, Buffer logits, Buffer loss) {
        this.loss.softmaxCrossEntropy(vocabulary, targets, gradientScale, logits, loss);
    }

    @Override
    public void gatherRows(int width, int[] indices, Buffer x, Buffer out) {
        rowOperations.gatherRows(width, indices, x, out);
    }

    @Override
    public void scatterAddRows(int width, int[] indices, Buffer x, Buffer out) {
        rowOperations.scatterAddRows(width, indices, x, out);
    }

    @Override
    public void scatterAddScaledRows(int width, int[] indices, float[] factors, Buffer x, Buffer out) {
        rowOperations.scatterAddScaledRows(width, indices, factors, x, out);
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
        elementwise.copyColumns(rows, width, from, sourceWidth, to, targetWidth);
    }

    @Override
    public void addScaled(long count, float a, Buffer x, Buffer y) {
        elementwise.addScaled(count, a, x, y);
    }

    @Override
    public void scale(long count, float a, Buffer x) {
        elementwise.scale(count, a, x);
    }

    @Override
    public void fill(long count, float value, Buffer x) {
        elementwise.fill(count, value, x);
    }

    @Override
    public double sumOfSquares(long count, Buffer x) {
        return optimizer.sumOfSquares(count, x);
    }

    @Override
    public void adamW(AdamWStep step, long count, Buffer parameters, Buffer gradients, Buffer m, Buffer v) {
        optimizer.adamW(step, count, parameters, gradients, m, v);
    }
}
