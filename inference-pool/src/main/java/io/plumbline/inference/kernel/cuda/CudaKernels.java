package io.plumbline.inference.kernel.cuda;

import static io.plumbline.inference.kernel.cuda.CudaBuffer.at;

import io.plumbline.inference.kernel.Activation;
import io.plumbline.inference.kernel.AdamWStep;
import io.plumbline.inference.kernel.AttentionShape;
import io.plumbline.inference.kernel.Buffer;
import io.plumbline.inference.kernel.Kernels;
import io.plumbline.inference.kernel.LoraBatch;
import io.plumbline.inference.kernel.LoraDelta;
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
    private final CudaLinear linear;
    private final CudaLora lora;

    CudaKernels(CudaStream stream) {
        this.elementwise = new CudaElementwise(stream);
        this.rowOperations = new CudaRows(stream);
        this.attention = new CudaAttention(stream);
        this.attentionBackward = new CudaAttentionBackward(stream);
        this.loss = new CudaLoss(stream);
        this.optimizer = new CudaOptimizer(stream);
        this.linear = new CudaLinear(stream);
        this.lora = new CudaLora(stream);
    }

    @Override
    public void embed(Weight table, int[] tokens, float scale, Buffer out) {
        linear.embed(table, tokens, scale, out);
    }

    @Override
    public void matmul(int rows, Buffer x, Weight w, Buffer y) {
        linear.matmul(rows, x, w, y);
    }

    @Override
    public void matmulShared(int rows, Buffer x, List<Weight> weights, List<Buffer> outputs) {
        linear.matmulShared(rows, x, weights, outputs);
    }

    @Override
    public void matmulBackward(int rows, Buffer dy, Weight w, Buffer dx) {
        linear.matmulBackward(rows, dy, w, dx);
    }

    @Override
    public void addBias(int rows, int width, Buffer bias, Buffer x) {
        rowOperations.addBias(rows, width, bias, x);
    }

    @Override
    public void loraForward(LoraBatch batch, Buffer x, Buffer t, Buffer y) {
        lora.forward(x, List.of(new LoraDelta(batch, t, y)));
    }

    @Override
    public void loraForwardShared(Buffer x, List<LoraDelta> deltas) {
        lora.forward(x, deltas);
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
        lora.backward(batch, gradients, new CudaLora.Flow(x, t, dy, dt, dx));
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
