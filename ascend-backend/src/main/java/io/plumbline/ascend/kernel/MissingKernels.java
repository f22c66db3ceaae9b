package io.plumbline.ascend.kernel;

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

/**
 * The operations that have no Ascend kernel yet. A model that needs them is refused when it is loaded; whoever calls
 * one all the same gets an exception, never a result from somewhere else.
 */
abstract class MissingKernels implements Kernels {
    /** The methods of this class, by the name that people know. */
    static final List<String> OPERATIONS = List.of(
            "embed",
            "matmul backward",
            "add bias",
            "LoRA",
            "LoRA backward",
            "RMS norm backward",
            "rotary positions",
            "gated activation",
            "gated activation backward",
            "key/value cache",
            "paged attention",
            "attention",
            "attention backward",
            "cross entropy",
            "row gather",
            "row scatter",
            "column copy",
            "scaled addition",
            "scaling",
            "fill",
            "sum of squares",
            "AdamW");

    private static KernelException missing(String operation) {
        return new KernelException(
                "the ascend backend has no kernel for %s yet; use the backend 'cpu'".formatted(operation));
    }

    @Override
    public final void embed(Weight table, int[] tokens, float scale, Buffer out) {
        throw missing("embed");
    }

    @Override
    public final void matmulBackward(int rows, Buffer dy, Weight w, Buffer dx) {
        throw missing("matmul backward");
    }

    @Override
    public final void addBias(int rows, int width, Buffer bias, Buffer x) {
        throw missing("add bias");
    }

    @Override
    public final void loraForward(LoraBatch batch, Buffer x, Buffer t, Buffer y) {
        throw missing("LoRA");
    }

    @Override
    public final void loraBackward(
            LoraBatch batch,
            Buffer x,
            Buffer t,
            Buffer dy,
            List<@Nullable LoraGradient> gradients,
            Buffer dt,
            Buffer dx) {
        throw missing("LoRA backward");
    }

    @Override
    public final void rmsNormBackward(
            int rows, int width, float epsilon, Buffer x, Buffer weight, Buffer dy, Buffer dx) {
        throw missing("RMS norm backward");
    }

    @Override
    public final void rope(RopeShape shape, int[] positions, Buffer table, Buffer x, boolean inverse) {
        throw missing("rotary positions");
    }

    @Override
    public final void gatedActivation(Activation kind, long count, Buffer gate, Buffer up, Buffer out) {
        throw missing("gated activation");
    }

    @Override
    public final void gatedActivationBackward(
            Activation kind, long count, Buffer gate, Buffer up, Buffer dout, Buffer dgate, Buffer dup) {
        throw missing("gated activation backward");
    }

    @Override
    public final void storeKeyValue(
            AttentionShape shape, PagedBatch batch, Buffer k, Buffer v, Buffer keyCache, Buffer valueCache) {
        throw missing("key/value cache");
    }

    @Override
    public final void pagedAttention(
            AttentionShape shape, PagedBatch batch, Buffer q, Buffer keyCache, Buffer valueCache, Buffer out) {
        throw missing("paged attention");
    }

    @Override
    public final void attention(AttentionShape shape, int[] sequenceStart, Buffer q, Buffer k, Buffer v, Buffer out) {
        throw missing("attention");
    }

    @Override
    public final void attentionBackward(
            AttentionShape shape,
            int[] sequenceStart,
            Buffer q,
            Buffer k,
            Buffer v,
            Buffer dout,
            Buffer dq,
            Buffer dk,
            Buffer dv) {
        throw missing("attention backward");
    }

    @Override
    public final void softmaxCrossEntropy(
            int vocabulary, int[] targets, float gradientScale, Buffer logits, Buffer loss) {
        throw missing("cross entropy");
    }

    @Override
    public final void gatherRows(int width, int[] indices, Buffer x, Buffer out) {
        throw missing("row gather");
    }

    @Override
    public final void scatterAddRows(int width, int[] indices, Buffer x, Buffer out) {
        throw missing("row scatter");
    }

    @Override
    public final void copyColumns(
            int rows,
            int width,
            Buffer source,
            int sourceWidth,
            int sourceColumn,
            Buffer target,
            int targetWidth,
            int targetColumn) {
        throw missing("column copy");
    }

    @Override
    public final void addScaled(long count, float a, Buffer x, Buffer y) {
        throw missing("scaled addition");
    }

    @Override
    public final void scale(long count, float a, Buffer x) {
        throw missing("scaling");
    }

    @Override
    public final void fill(long count, float value, Buffer x) {
        throw missing("fill");
    }

    @Override
    public final double sumOfSquares(long count, Buffer x) {
        throw missing("sum of squares");
    }

    @Override
    public final void adamW(AdamWStep step, long count, Buffer parameters, Buffer gradients, Buffer m, Buffer v) {
        throw missing("AdamW");
    }
}
