package io.plumbline.inference.kernel;

import io.plumbline.inference.quant.QuantFormat;

/** A matrix W[rows, columns] of frozen weights in a block format, in a backend's memory. */
public interface Weight extends AutoCloseable {
    QuantFormat format();

    /** Output features (vocabulary size for an embedding table). */
    int rows();

    /** Input features. */
    int columns();

    @Override
    void close();
}
