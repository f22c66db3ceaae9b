package io.plumbline.inference.kernel;

/** The non-linearity of a gated feed-forward layer. */
public enum Activation {
    /** x·σ(x) (SwiGLU, arXiv 2002.05202). */
    SILU,
    /** 0.5·x·(1 + tanh(√(2/π)·(x + 0.044715·x³))) (GELU, arXiv 1606.08415, tanh form). */
    GELU_TANH
}
