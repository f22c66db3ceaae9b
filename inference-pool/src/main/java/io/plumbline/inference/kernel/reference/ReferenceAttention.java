package io.plumbline.inference.kernel.reference;

import io.plumbline.inference.kernel.AttentionShape;
import io.plumbline.inference.kernel.PagedBatch;
import io.plumbline.inference.kernel.host.CanonicalMath;
import java.util.function.IntUnaryOperator;

/**
 * Causal attention, one query row and head at a time: all scores first, then the softmax over them, then the weighted
 * sum of the values, key ascending. Nothing depends on which rows share a call or where keys are stored.
 */
final class ReferenceAttention {
    private ReferenceAttention() {}

    static void paged(
            AttentionShape shape,
            PagedBatch batch,
            ReferenceBuffer q,
            ReferenceBuffer keyCache,
            ReferenceBuffer valueCache,
            ReferenceBuffer out) {
        for (int s = 0; s < batch.sequences(); s++) {
            ReferenceBuffer keys = ReferenceCache.read(shape, batch, s, keyCache);
            ReferenceBuffer values = ReferenceCache.read(shape, batch, s, valueCache);
            for (int r = batch.rowStart()[s]; r < batch.rowStart()[s + 1]; r++) {
                int position = batch.firstPosition()[s] + r - batch.rowStart()[s];
                row(shape, r, position, IntUnaryOperator.identity(), q, keys, values, out);
            }
        }
    }

    static void contiguous(
            AttentionShape shape,
            int[] sequenceStart,
            ReferenceBuffer q,
            ReferenceBuffer k,
            ReferenceBuffer v,
            ReferenceBuffer out) {
        for (int s = 0; s + 1 < sequenceStart.length; s++) {
            int start = sequenceStart[s];
            for (int r = start; r < sequenceStart[s + 1]; r++) {
                row(shape, r, r - start, position -> start + position, q, k, v, out);
            }
        }
    }

    /** The first key that the query at {@code position} sees. */
    static int firstVisible(AttentionShape shape, int position) {
        return shape.window() == 0 ? 0 : Math.max(0, position - shape.window() + 1);
    }

    private static void row(
            AttentionShape shape,
            int r,
            int position,
            IntUnaryOperator slot,
            ReferenceBuffer q,
            ReferenceBuffer k,
            ReferenceBuffer v,
            ReferenceBuffer out) {
        int dim = shape.headDim();
        int width = shape.keyValueWidth();
        int first = firstVisible(shape, position);
        float[] p = new float[position + 1 - first];
        for (int h = 0; h < shape.heads(); h++) {
            int column = h / (shape.heads() / shape.keyValueHeads()) * dim;
            int qAt = q.offset() + r * shape.queryWidth() + h * dim;
            for (int j = 0; j < p.length; j++) {
                int kAt = k.offset() + slot.applyAsInt(first + j) * width + column;
                p[j] = shape.scale() * CanonicalMath.dot(q.array(), qAt, k.array(), kAt, dim);
            }
            float inverse = 1f / exponentials(p);
            int outAt = out.offset() + r * shape.queryWidth() + h * dim;
            for (int d = 0; d < dim; d++) {
                float sum = 0f;
                for (int j = 0; j < p.length; j++) {
                    int vAt = v.offset() + slot.applyAsInt(first + j) * width + column;
                    sum = Math.fma(p[j], v.array()[vAt + d], sum);
                }
                out.array()[outAt + d] = inverse * sum;
            }
        }
    }

    /** Replaces scores by e^(score - max) and returns their sum. */
    static float exponentials(float[] scores) {
        float max = Float.NEGATIVE_INFINITY;
        for (float score : scores) {
            max = Math.max(max, score);
        }
        for (int j = 0; j < scores.length; j++) {
            scores[j] = CanonicalMath.exp(scores[j] - max);
        }
        return CanonicalMath.sum(scores, 0, scores.length);
    }
}
