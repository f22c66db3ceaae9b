package io.plumbline.inference.kernel;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The operations of a backend, forward and backward, used by serving and by training alike. Matrices are row-major
 * float32 in {@link Buffer}s; frozen weights are {@link Weight}s that stay in their block format. The caller allocates
 * every output; a kernel allocates nothing. "+=" means that the kernel adds to what the output holds. Index arrays are
 * host memory and are read before the call returns.
 *
 * <p>Every method throws {@link IllegalArgumentException} if a buffer is too small for the stated shape, and
 * {@link KernelException} if the device fails.
 */
public interface Kernels {
    /** {@code out[r,:] = scale · table[tokens[r],:]}; tokens.length rows, table.columns() wide. */
    void embed(Weight table, int[] tokens, float scale, Buffer out);

    /** {@code y[r,n] = Σ_k x[r,k] · w[n,k]}; x is [rows, w.columns()], y is [rows, w.rows()]. */
    void matmul(int rows, Buffer x, Weight w, Buffer y);

    /**
     * Several products of the same rows, each bit-equal to {@link #matmul}; a backend prepares the rows once.
     *
     * @param x [rows, columns]; every weight has so many columns
     * @param weights at least one
     * @param outputs one per weight, [rows, its rows]
     */
    default void matmulShared(int rows, Buffer x, List<Weight> weights, List<Buffer> outputs) {
        for (int i = 0; i < weights.size(); i++) {
            matmul(rows, x, weights.get(i), outputs.get(i));
        }
    }

    /** {@code dx[r,k] += Σ_n dy[r,n] · w[n,k]}: the activation gradient from the same blocks. */
    void matmulBackward(int rows, Buffer dy, Weight w, Buffer dx);

    /** {@code x[r,c] += bias[c]}; x is [rows, width]. */
    void addBias(int rows, int width, Buffer bias, Buffer x);

    /**
     * For every row r with adapter i = adapterOfRow[r] ≥ 0: {@code t[r,:] = A_i·x[r,:]}, {@code y[r,:] += scale_i ·
     * B_i·t[r,:]}.
     *
     * @param t [rows, batch.maxRank()], kept for the backward pass
     */
    void loraForward(LoraBatch batch, Buffer x, Buffer t, Buffer y);

    /**
     * The deltas of several linear layers that read the same rows, each bit-equal to {@link #loraForward}; a backend
     * shares them out together.
     *
     * @param deltas at least one; all with the same input features and adapters of the same rows
     */
    default void loraForwardShared(Buffer x, List<LoraDelta> deltas) {
        for (LoraDelta delta : deltas) {
            loraForward(delta.batch(), x, delta.t(), delta.y());
        }
    }

    /**
     * Gradients of {@link #loraForward}: {@code dt = scale·Bᵀ·dy}, {@code dB += scale·dy·tᵀ}, {@code dA += dt·xᵀ},
     * {@code dx += Aᵀ·dt}.
     *
     * @param gradients per adapter slot where to add dA and dB; null where the slot is not trained
     * @param dt scratch, [rows, batch.maxRank()]
     */
    void loraBackward(
            LoraBatch batch,
            Buffer x,
            Buffer t,
            Buffer dy,
            List<@Nullable LoraGradient> gradients,
            Buffer dt,
            Buffer dx);

    /** {@code out[r,c] = x[r,c] / √(mean_c(x²) + epsilon) · weight[c]} (arXiv 1910.07467); x may be out. */
    void rmsNorm(int rows, int width, float epsilon, Buffer x, Buffer weight, Buffer out);

    /** {@code dx += ∂(dy·rmsNorm(x))/∂x}; x is the input of the forward pass. */
    void rmsNormBackward(int rows, int width, float epsilon, Buffer x, Buffer weight, Buffer dy, Buffer dx);

    /**
     * Rotates x[rows, heads·headDim] in place; the pair i of a row at position p turns by the angle whose cosine and
     * sine stand in {@code table}.
     *
     * @param table [positions, rotaryDim]: rotaryDim/2 cosines, then rotaryDim/2 sines, of each position
     * @param positions position of each row
     * @param inverse turn back, which is the backward pass
     */
    void rope(RopeShape shape, int[] positions, Buffer table, Buffer x, boolean inverse);

    /** {@code out = f(gate) · up}, element-wise over {@code count} elements; out may be gate or up. */
    void gatedActivation(Activation kind, long count, Buffer gate, Buffer up, Buffer out);

    /** {@code dgate = dout · up · f'(gate)}, {@code dup = dout · f(gate)} (overwritten); dgate may be dout. */
    void gatedActivationBackward(
            Activation kind, long count, Buffer gate, Buffer up, Buffer dout, Buffer dgate, Buffer dup);

    /**
     * Writes the rows' keys and values (each [rows, keyValueWidth]) into the cache, which is [blocks, blockSize,
     * {@link KeyValuePrecision#rowElements rowElements}]: float32 as they are, or quantised as the batch says. What is
     * stored of a row depends on that row alone.
     */
    void storeKeyValue(AttentionShape shape, PagedBatch batch, Buffer k, Buffer v, Buffer keyCache, Buffer valueCache);

    /**
     * Causal attention of the rows q[rows, queryWidth] over everything their sequence has in the cache up to and
     * including themselves: {@code out[r,h,:] = Σ_j softmax_j(scale · q[r,h]·k[j]) v[j]}. The rows' own keys and values
     * must have been stored. Of a quantised cache, k and v are the float32 values that its codes stand for; nothing else
     * changes, so the result is bit-equal to that of a float32 cache which holds those values.
     */
    void pagedAttention(
            AttentionShape shape, PagedBatch batch, Buffer q, Buffer keyCache, Buffer valueCache, Buffer out);

    /**
     * The training form: whole sequences without a cache; bit-equal to {@link #pagedAttention} of the same rows
     * with a float32 cache.
     *
     * @param sequenceStart length sequences + 1; sequence s owns rows sequenceStart[s] to sequenceStart[s+1] - 1, which
     *     have positions 0, 1, …
     */
    void attention(AttentionShape shape, int[] sequenceStart, Buffer q, Buffer k, Buffer v, Buffer out);

    /** Gradients of {@link #attention}; dq, dk and dv are overwritten. The softmax is computed again, not stored. */
    void attentionBackward(
            AttentionShape shape,
            int[] sequenceStart,
            Buffer q,
            Buffer k,
            Buffer v,
            Buffer dout,
            Buffer dq,
            Buffer dk,
            Buffer dv);

    /**
     * {@code loss[r] = -log softmax(logits[r,:])[targets[r]]}; {@code logits[r,:]} is overwritten with its gradient
     * {@code gradientScale · (softmax - onehot)}. A row with a negative target has loss 0 and gradient 0.
     *
     * @param gradientScale 0 leaves the logits as they are (evaluation)
     */
    void softmaxCrossEntropy(int vocabulary, int[] targets, float gradientScale, Buffer logits, Buffer loss);

    /** {@code out[i,:] = x[indices[i],:]}. */
    void gatherRows(int width, int[] indices, Buffer x, Buffer out);

    /** {@code out[indices[i],:] += x[i,:]}; the indices are distinct. */
    void scatterAddRows(int width, int[] indices, Buffer x, Buffer out);

    /**
     * {@code out[indices[i],:] += factors[i] · x[i,:]}, each element by one fused multiply-add; the indices are distinct.
     * Brings the rows of an expert back, each times what its router gave it.
     */
    default void scatterAddScaledRows(int width, int[] indices, float[] factors, Buffer x, Buffer out) {
        for (int i = 0; i < indices.length; i++) {
            Buffer from = x.slice((long) i * width, width);
            addScaled(width, factors[i], from, out.slice((long) indices[i] * width, width));
        }
    }

    /**
     * Copies a block of columns: {@code target[r, targetColumn + c] = source[r, sourceColumn + c]}. Splits fused
     * projections and joins head parts.
     */
    void copyColumns(
            int rows,
            int width,
            Buffer source,
            int sourceWidth,
            int sourceColumn,
            Buffer target,
            int targetWidth,
            int targetColumn);

    /** {@code y[i] += a · x[i]} over {@code count} elements. */
    void addScaled(long count, float a, Buffer x, Buffer y);

    /** {@code x[i] *= a} over {@code count} elements. */
    void scale(long count, float a, Buffer x);

    /** {@code x[i] = value} over {@code count} elements. */
    void fill(long count, float value, Buffer x);

    /** {@code Σ x[i]²} over {@code count} elements, in double precision and a fixed order. */
    double sumOfSquares(long count, Buffer x);

    /**
     * One AdamW update of {@code count} parameters in place: {@code g = gradientScale·grad}; {@code p -= lr·wd·p};
     * {@code m = β1·m + (1-β1)·g}; {@code v = β2·v + (1-β2)·g²}; {@code p -= lr · m̂ / (√v̂ + ε)}.
     */
    void adamW(AdamWStep step, long count, Buffer parameters, Buffer gradients, Buffer m, Buffer v);
}
