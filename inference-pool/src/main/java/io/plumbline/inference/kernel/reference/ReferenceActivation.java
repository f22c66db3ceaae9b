package io.plumbline.inference.kernel.reference;

import io.plumbline.inference.kernel.Activation;
import io.plumbline.inference.kernel.host.CanonicalMath;

/**
 * Gated activations. Both are x·σ(z): SiLU with z = x, and tanh-GELU with z = 2√(2/π)·(x + 0.044715·x³), because
 * ½(1 + tanh u) = σ(2u).
 */
final class ReferenceActivation {
    private static final float TWO_SQRT_TWO_OVER_PI = 1.5957691216f;
    private static final float CUBIC = 0.044715f;

    private ReferenceActivation() {}

    private static float inner(Activation kind, float x) {
        return switch (kind) {
            case SILU -> x;
            case GELU_TANH -> TWO_SQRT_TWO_OVER_PI * Math.fma(CUBIC * x * x, x, x);
        };
    }

    private static float innerSlope(Activation kind, float x) {
        return switch (kind) {
            case SILU -> 1f;
            case GELU_TANH -> TWO_SQRT_TWO_OVER_PI * Math.fma(3f * CUBIC * x, x, 1f);
        };
    }

    static void forward(Activation kind, int count, ReferenceBuffer gate, ReferenceBuffer up, ReferenceBuffer out) {
        for (int i = 0; i < count; i++) {
            float x = gate.array()[gate.offset() + i];
            float f = x * CanonicalMath.sigmoid(inner(kind, x));
            out.array()[out.offset() + i] = f * up.array()[up.offset() + i];
        }
    }

    /** {@code f'(x) = σ + x·σ·(1 - σ)·z'(x)}. */
    static void backward(
            Activation kind,
            int count,
            ReferenceBuffer gate,
            ReferenceBuffer up,
            ReferenceBuffer dout,
            ReferenceBuffer dgate,
            ReferenceBuffer dup) {
        for (int i = 0; i < count; i++) {
            float x = gate.array()[gate.offset() + i];
            float u = up.array()[up.offset() + i];
            float d = dout.array()[dout.offset() + i];
            float s = CanonicalMath.sigmoid(inner(kind, x));
            float f = x * s;
            float slope = Math.fma(f * (1f - s), innerSlope(kind, x), s);
            dgate.array()[dgate.offset() + i] = d * u * slope;
            dup.array()[dup.offset() + i] = d * f;
        }
    }
}
