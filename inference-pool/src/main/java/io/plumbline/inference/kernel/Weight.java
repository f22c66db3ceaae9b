package io.plumbline.inference.kernel;

import io.plumbline.inference.quant.QuantFormat;

/** A matrix W[rows, columns] of frozen weights in a block format, in a backend's memory. */
public interface Weight extends AutoCloseable {
    QuantFormat format();

    /** Output features (vocabulary size for an embedding table). */
    int rows();

    /** Input features. */
    int columns();

    /** Whether products with this weight quantise their activations. */
    default ActivationPrecision activations() {
        return ActivationPrecision.FLOAT32;
    }

    @Override
    void close();
}
