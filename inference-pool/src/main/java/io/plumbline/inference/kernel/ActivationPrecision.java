package io.plumbline.inference.kernel;

/** What a product with a frozen weight may do to the activations that enter it; chosen when a weight is uploaded. */
public enum ActivationPrecision {
    /** Activations stay float32: training, and results that must be as exact as the weights. */
    FLOAT32,
    /**
     * Where the weight is in a block format, activations are quantised to 8 bits per 32 columns, and dot products are
     * taken in integers: several times faster. On host backends the arithmetic is fixed to the last bit by ADR 0014; a
     * backend without such kernels keeps float activations. Weights in F32, F16 and BF16 keep float activations. The
     * gradient of such a product is that of the float product (straight-through).
     */
    INT8
}
