package io.plumbline.inference.kernel.reference;

import io.plumbline.inference.kernel.AttentionShape;
import io.plumbline.inference.kernel.host.CanonicalMath;
import java.util.Arrays;

/**
 * Gradients of causal attention. With p the softmax and dp[j] = dout·v[j]: {@code ds[j] = scale·p[j]·(dp[j] - Σ p·dp)},
 * {@code dq = Σ_j ds[j]·k[j]}, {@code dk[j] = Σ_i ds[i,j]·q[i]}, {@code dv[j] = Σ_i p[i,j]·dout[i]}. Heads that share a
 * key head add to it one head after another, queries ascending.
 */
record ReferenceAttentionBackward(
        AttentionShape shape,
        ReferenceBuffer q,
        ReferenceBuffer k,
        ReferenceBuffer v,
        ReferenceBuffer dout,
        ReferenceBuffer dq,
        ReferenceBuffer dk,
        ReferenceBuffer dv) {

    void run(int[] sequenceStart) {
        int rows = sequenceStart[sequenceStart.length - 1];
        clear(dq, rows * shape.queryWidth());
        clear(dk, rows * shape.keyValueWidth());
        clear(dv, rows * shape.keyValueWidth());
        for (int s = 0; s + 1 < sequenceStart.length; s++) {
            for (int h = 0; h < shape.heads(); h++) {
                for (int r = sequenceStart[s]; r < sequenceStart[s + 1]; r++) {
                    row(sequenceStart[s], r, h);
                }
            }
        }
    }

    private static void clear(ReferenceBuffer buffer, int elements) {
        Arrays.fill(buffer.array(), buffer.offset(), buffer.offset() + elements, 0f);
    }

    private void row(int start, int r, int h) {
        int dim = shape.headDim();
        int column = h / (shape.heads() / shape.keyValueHeads()) * dim;
        int first = ReferenceAttention.firstVisible(shape, r - start);
        int keys = r - start + 1 - first;
        int qAt = r * shape.queryWidth() + h * dim;
        float[] p = new float[keys];
        float[] dp = new float[keys];
        for (int j = 0; j < keys; j++) {
            int kvAt = (start + first + j) * shape.keyValueWidth() + column;
            p[j] = shape.scale() * CanonicalMath.dot(q.array(), q.offset() + qAt, k.array(), k.offset() + kvAt, dim);
            dp[j] = CanonicalMath.dot(dout.array(), dout.offset() + qAt, v.array(), v.offset() + kvAt, dim);
        }
        float inverse = 1f / ReferenceAttention.exponentials(p);
        for (int j = 0; j < keys; j++) {
            p[j] *= inverse;
        }
        float along = CanonicalMath.dot(p, 0, dp, 0, keys);
        for (int j = 0; j < keys; j++) {
            int kvAt = (start + first + j) * shape.keyValueWidth() + column;
            float ds = shape.scale() * (p[j] * (dp[j] - along));
            ReferenceLinear.addMultiple(ds, k.array(), k.offset() + kvAt, dq.array(), dq.offset() + qAt, dim);
            ReferenceLinear.addMultiple(ds, q.array(), q.offset() + qAt, dk.array(), dk.offset() + kvAt, dim);
            ReferenceLinear.addMultiple(p[j], dout.array(), dout.offset() + qAt, dv.array(), dv.offset() + kvAt, dim);
        }
    }
}
