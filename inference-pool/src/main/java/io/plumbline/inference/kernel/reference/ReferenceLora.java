package io.plumbline.inference.kernel.reference;

import io.plumbline.inference.kernel.Buffer;
import io.plumbline.inference.kernel.LoraAdapter;
import io.plumbline.inference.kernel.LoraBatch;
import io.plumbline.inference.kernel.LoraGradient;
import io.plumbline.inference.kernel.host.CanonicalMath;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The grouped low-rank delta. Each sum is taken on its own, in ascending order by fused multiply-add, and then added
 * once to the output.
 */
final class ReferenceLora {
    private ReferenceLora() {}

    private static @Nullable LoraAdapter adapterOf(LoraBatch batch, int row) {
        int slot = batch.adapterOfRow()[row];
        return slot < 0 ? null : batch.adapters().get(slot);
    }

    private static ReferenceBuffer own(Buffer buffer) {
        return (ReferenceBuffer) buffer;
    }

    static void forward(LoraBatch batch, ReferenceBuffer x, ReferenceBuffer t, ReferenceBuffer y) {
        int in = batch.in();
        int out = batch.out();
        int stride = batch.maxRank();
        for (int r = 0; r < batch.rows(); r++) {
            LoraAdapter adapter = adapterOf(batch, r);
            if (adapter == null) {
                continue;
            }
            ReferenceBuffer a = own(adapter.a());
            ReferenceBuffer b = own(adapter.b());
            int tRow = t.offset() + r * stride;
            for (int j = 0; j < adapter.rank(); j++) {
                t.array()[tRow + j] =
                        CanonicalMath.dot(a.array(), a.offset() + j * in, x.array(), x.offset() + r * in, in);
            }
            for (int n = 0; n < out; n++) {
                float delta = 0f;
                for (int j = 0; j < adapter.rank(); j++) {
                    delta = Math.fma(t.array()[tRow + j], b.array()[b.offset() + n * adapter.rank() + j], delta);
                }
                int at = y.offset() + r * out + n;
                y.array()[at] = Math.fma(adapter.scale(), delta, y.array()[at]);
            }
        }
    }

    static void backward(
            LoraBatch batch,
            ReferenceBuffer x,
            ReferenceBuffer t,
            ReferenceBuffer dy,
            List<@Nullable LoraGradient> gradients,
            ReferenceBuffer dt,
            ReferenceBuffer dx) {
        for (int r = 0; r < batch.rows(); r++) {
            LoraAdapter adapter = adapterOf(batch, r);
            if (adapter != null) {
                rowGradients(batch, r, adapter, dy, dt, dx);
            }
        }
        for (int slot = 0; slot < batch.adapters().size(); slot++) {
            LoraAdapter adapter = batch.adapters().get(slot);
            LoraGradient gradient = gradients.get(slot);
            if (adapter != null && gradient != null) {
                weightGradient(batch, slot, adapter.rank(), batch.out(), dy, t, adapter.scale(), own(gradient.b()));
                weightGradientTransposed(batch, slot, adapter.rank(), batch.in(), x, dt, own(gradient.a()));
            }
        }
    }

    /** dt[r,:] and dx[r,:]. */
    private static void rowGradients(
            LoraBatch batch, int r, LoraAdapter adapter, ReferenceBuffer dy, ReferenceBuffer dt, ReferenceBuffer dx) {
        int in = batch.in();
        int out = batch.out();
        int rank = adapter.rank();
        ReferenceBuffer a = own(adapter.a());
        ReferenceBuffer b = own(adapter.b());
        int dtRow = dt.offset() + r * batch.maxRank();
        for (int j = 0; j < rank; j++) {
            float sum = 0f;
            for (int n = 0; n < out; n++) {
                sum = Math.fma(dy.array()[dy.offset() + r * out + n], b.array()[b.offset() + n * rank + j], sum);
            }
            dt.array()[dtRow + j] = adapter.scale() * sum;
        }
        for (int k = 0; k < in; k++) {
            float sum = 0f;
            for (int j = 0; j < rank; j++) {
                sum = Math.fma(dt.array()[dtRow + j], a.array()[a.offset() + j * in + k], sum);
            }
            dx.array()[dx.offset() + r * in + k] += sum;
        }
    }

    /** {@code dB[n,j] += scale · Σ_r dy[r,n] · t[r,j]}. */
    private static void weightGradient(
            LoraBatch batch,
            int slot,
            int rank,
            int out,
            ReferenceBuffer dy,
            ReferenceBuffer t,
            float scale,
            ReferenceBuffer db) {
        for (int n = 0; n < out; n++) {
            for (int j = 0; j < rank; j++) {
                float sum = 0f;
                for (int r = 0; r < batch.rows(); r++) {
                    if (batch.adapterOfRow()[r] == slot) {
                        sum = Math.fma(
                                dy.array()[dy.offset() + r * out + n],
                                t.array()[t.offset() + r * batch.maxRank() + j],
                                sum);
                    }
                }
                int at = db.offset() + n * rank + j;
                db.array()[at] = Math.fma(scale, sum, db.array()[at]);
            }
        }
    }

    /** {@code dA[j,k] += Σ_r dt[r,j] · x[r,k]}. */
    private static void weightGradientTransposed(
            LoraBatch batch, int slot, int rank, int in, ReferenceBuffer x, ReferenceBuffer dt, ReferenceBuffer da) {
        for (int j = 0; j < rank; j++) {
            for (int k = 0; k < in; k++) {
                float sum = 0f;
                for (int r = 0; r < batch.rows(); r++) {
                    if (batch.adapterOfRow()[r] == slot) {
                        sum = Math.fma(
                                dt.array()[dt.offset() + r * batch.maxRank() + j],
                                x.array()[x.offset() + r * in + k],
                                sum);
                    }
                }
                da.array()[da.offset() + j * in + k] += sum;
            }
        }
    }
}
