package io.plumbline.inference.kernel.ffm;

import java.lang.invoke.MethodHandle;

/**
 * The operations of the CPU kernel library, one method per exported function, with the parameters of the function: see
 * {@code src/main/c}. Pointers are addresses. Every method throws {@link
 * io.plumbline.inference.kernel.KernelException} if the function reports an error.
 */
public final class CpuLibrary {
    private final long context;
    private final MethodHandle embed;
    private final MethodHandle packedEmbed;
    private final MethodHandle matmul;
    private final MethodHandle packedMatmul;
    private final MethodHandle matmulBackward;
    private final MethodHandle addBias;
    private final MethodHandle loraForward;
    private final MethodHandle loraBackward;
    private final MethodHandle rmsNorm;
    private final MethodHandle rmsNormBackward;
    private final MethodHandle rope;
    private final MethodHandle gatedActivation;
    private final MethodHandle gatedActivationBackward;
    private final MethodHandle storeRows;
    private final MethodHandle attention;
    private final MethodHandle attentionBackward;
    private final MethodHandle softmaxCrossEntropy;
    private final MethodHandle gatherRows;
    private final MethodHandle scatterAddRows;
    private final MethodHandle scatterAddScaledRows;
    private final MethodHandle copyColumns;
    private final MethodHandle addScaled;
    private final MethodHandle scale;
    private final MethodHandle fill;
    private final MethodHandle sumOfSquares;
    private final MethodHandle adamw;

    CpuLibrary(KernelFunctions functions, String prefix, long context) {
        this.context = context;
        embed = functions.link(prefix + "embed", "PPIIIPIFP");
        packedEmbed = functions.link("plumbline_packed_embed", "PIIPIFP");
        matmul = functions.link(prefix + "matmul", "PIPPIIIP");
        packedMatmul = functions.link(prefix + "packed_matmul", "PIPIPI");
        matmulBackward = functions.link(prefix + "matmul_backward", "PIPPIIIP");
        addBias = functions.link(prefix + "add_bias", "PIIPP");
        loraForward = functions.link(prefix + "lora_forward", "PIIPIPPI");
        loraBackward = functions.link(prefix + "lora_backward", "PIIIIPPIPPPPP");
        rmsNorm = functions.link(prefix + "rms_norm", "PIIFPPP");
        rmsNormBackward = functions.link(prefix + "rms_norm_backward", "PIIFPPPP");
        rope = functions.link(prefix + "rope", "PIIIIIPPPI");
        gatedActivation = functions.link(prefix + "gated_activation", "PILPPP");
        gatedActivationBackward = functions.link(prefix + "gated_activation_backward", "PILPPPPP");
        storeRows = functions.link(prefix + "store_rows", "PIIIIPPPPIPP");
        attention = functions.link(prefix + "attention", "PIIIFIIPPPPIIPPPP");
        attentionBackward = functions.link(prefix + "attention_backward", "PIIIFIIPPPPPPPP");
        softmaxCrossEntropy = functions.link(prefix + "softmax_cross_entropy", "PIIPFPP");
        gatherRows = functions.link(prefix + "gather_rows", "PIIPPP");
        scatterAddRows = functions.link(prefix + "scatter_add_rows", "PIIPPP");
        scatterAddScaledRows = functions.link(prefix + "scatter_add_scaled_rows", "PIIPPPP");
        copyColumns = functions.link(prefix + "copy_columns", "PIIPIPI");
        addScaled = functions.link(prefix + "add_scaled", "PLFPP");
        scale = functions.link(prefix + "scale", "PLFP");
        fill = functions.link(prefix + "fill", "PLFP");
        sumOfSquares = functions.link(prefix + "sum_of_squares", "PLPP");
        adamw = functions.link(prefix + "adamw", "PPLPPPP");
    }

    public void embed(long blocks, int type, int n, int k, long tokens, int count, float scale, long out) {
        NativeCall.check(
                "embed", () -> (int) embed.invokeExact(context, blocks, type, n, k, tokens, count, scale, out));
    }

    public void packedEmbed(long packed, int type, int k, long tokens, int count, float scale, long out) {
        NativeCall.check(
                "packed embed", () -> (int) packedEmbed.invokeExact(packed, type, k, tokens, count, scale, out));
    }

    public void matmul(int rows, long x, long blocks, int type, int n, int k, long y) {
        NativeCall.check("matmul", () -> (int) matmul.invokeExact(context, rows, x, blocks, type, n, k, y));
    }

    public void packedMatmul(int rows, long x, int columns, long products, int count) {
        NativeCall.check(
                "packed matmul", () -> (int) packedMatmul.invokeExact(context, rows, x, columns, products, count));
    }

    public void matmulBackward(int rows, long dy, long blocks, int type, int n, int k, long dx) {
        NativeCall.check(
                "matmul backward", () -> (int) matmulBackward.invokeExact(context, rows, dy, blocks, type, n, k, dx));
    }

    public void addBias(int rows, int width, long bias, long x) {
        NativeCall.check("add bias", () -> (int) addBias.invokeExact(context, rows, width, bias, x));
    }

    public void loraForward(int rows, int in, long adapterOfRow, int slots, long x, long products, int count) {
        NativeCall.check("LoRA forward", () ->
                (int) loraForward.invokeExact(context, rows, in, adapterOfRow, slots, x, products, count));
    }

    public void loraBackward(
            int rows,
            int in,
            int out,
            int stride,
            long adapterOfRow,
            long slots,
            int slotCount,
            long x,
            long t,
            long dy,
            long dt,
            long dx) {
        NativeCall.check("lora backward", () -> (int) loraBackward.invokeExact(
                context, rows, in, out, stride, adapterOfRow, slots, slotCount, x, t, dy, dt, dx));
    }

    public void rmsNorm(int rows, int width, float epsilon, long x, long weight, long out) {
        NativeCall.check("rms norm", () -> (int) rmsNorm.invokeExact(context, rows, width, epsilon, x, weight, out));
    }

    public void rmsNormBackward(int rows, int width, float epsilon, long x, long weight, long dy, long dx) {
        NativeCall.check("rms norm backward", () ->
                (int) rmsNormBackward.invokeExact(context, rows, width, epsilon, x, weight, dy, dx));
    }

    public void rope(
            int heads,
            int headDim,
            int rotary,
            int interleaved,
            int rows,
            long positions,
            long table,
            long x,
            int inverse) {
        NativeCall.check("rope", () -> (int)
                rope.invokeExact(context, heads, headDim, rotary, interleaved, rows, positions, table, x, inverse));
    }

    public void gatedActivation(int kind, long count, long gate, long up, long out) {
        NativeCall.check(
                "gated activation", () -> (int) gatedActivation.invokeExact(context, kind, count, gate, up, out));
    }

    public void gatedActivationBackward(int kind, long count, long gate, long up, long dout, long dgate, long dup) {
        NativeCall.check("gated activation backward", () ->
                (int) gatedActivationBackward.invokeExact(context, kind, count, gate, up, dout, dgate, dup));
    }

    public void storeRows(
            int keyHeads,
            int dim,
            int eightBit,
            int sequences,
            long rowStart,
            long firstPosition,
            long blockTable,
            long blockStart,
            int blockSize,
            long rows,
            long cache) {
        NativeCall.check("store rows", () -> (int) storeRows.invokeExact(
                context,
                keyHeads,
                dim,
                eightBit,
                sequences,
                rowStart,
                firstPosition,
                blockTable,
                blockStart,
                blockSize,
                rows,
                cache));
    }

    public void attention(
            int heads,
            int keyHeads,
            int dim,
            float scale,
            int window,
            int sequences,
            long rowStart,
            long firstPosition,
            long blockTable,
            long blockStart,
            int blockSize,
            int eightBit,
            long q,
            long k,
            long v,
            long out) {
        NativeCall.check("attention", () -> (int) attention.invokeExact(
                context,
                heads,
                keyHeads,
                dim,
                scale,
                window,
                sequences,
                rowStart,
                firstPosition,
                blockTable,
                blockStart,
                blockSize,
                eightBit,
                q,
                k,
                v,
                out));
    }

    public void attentionBackward(
            int heads,
            int keyHeads,
            int dim,
            float scale,
            int window,
            int sequences,
            long rowStart,
            long q,
            long k,
            long v,
            long dout,
            long dq,
            long dk,
            long dv) {
        NativeCall.check("attention backward", () -> (int) attentionBackward.invokeExact(
                context, heads, keyHeads, dim, scale, window, sequences, rowStart, q, k, v, dout, dq, dk, dv));
    }

    public void softmaxCrossEntropy(
            int vocabulary, int rows, long targets, float gradientScale, long logits, long loss) {
        NativeCall.check("softmax cross entropy", () ->
                (int) softmaxCrossEntropy.invokeExact(context, vocabulary, rows, targets, gradientScale, logits, loss));
    }

    public void gatherRows(int width, int count, long indices, long x, long out) {
        NativeCall.check("gather rows", () -> (int) gatherRows.invokeExact(context, width, count, indices, x, out));
    }

    public void scatterAddRows(int width, int count, long indices, long x, long out) {
        NativeCall.check(
                "scatter add rows", () -> (int) scatterAddRows.invokeExact(context, width, count, indices, x, out));
    }

    public void scatterAddScaledRows(int width, int count, long indices, long factors, long x, long out) {
        NativeCall.check("scatter add scaled rows", () ->
                (int) scatterAddScaledRows.invokeExact(context, width, count, indices, factors, x, out));
    }

    public void copyColumns(int rows, int width, long source, int sourceWidth, long target, int targetWidth) {
        NativeCall.check("copy columns", () ->
                (int) copyColumns.invokeExact(context, rows, width, source, sourceWidth, target, targetWidth));
    }

    public void addScaled(long count, float a, long x, long y) {
        NativeCall.check("add scaled", () -> (int) addScaled.invokeExact(context, count, a, x, y));
    }

    public void scale(long count, float a, long x) {
        NativeCall.check("scale", () -> (int) scale.invokeExact(context, count, a, x));
    }

    public void fill(long count, float value, long x) {
        NativeCall.check("fill", () -> (int) fill.invokeExact(context, count, value, x));
    }

    public void sumOfSquares(long count, long x, long result) {
        NativeCall.check("sum of squares", () -> (int) sumOfSquares.invokeExact(context, count, x, result));
    }

    public void adamw(long factors, long count, long parameters, long gradients, long m, long v) {
        NativeCall.check("adamw", () -> (int) adamw.invokeExact(context, factors, count, parameters, gradients, m, v));
    }
}
