package io.plumbline.inference.weights;

import io.plumbline.inference.quant.QuantFormat;
import java.io.IOException;
import java.util.List;

/**
 * A tensor to be written into a GGUF file.
 *
 * @param name at most 64 bytes, the longest that ggml reads
 * @param format how elements are stored
 * @param dimensions outermost first; none for a scalar
 * @param content hands out the stored bytes when their turn comes
 */
public record GgufTensor(String name, QuantFormat format, List<Long> dimensions, Content content) {
    /** Hands out the bytes of a tensor, in order and in pieces of any size. */
    @FunctionalInterface
    public interface Content {
        /** @throws IOException if the target cannot take them */
        void writeTo(Sink sink) throws IOException;
    }

    /** Takes the next bytes. */
    @FunctionalInterface
    public interface Sink {
        /** @throws IOException if they cannot be written */
        void accept(byte[] bytes) throws IOException;
    }

    public GgufTensor {
        dimensions = List.copyOf(dimensions);
        WeightTensor.byteSize(format, dimensions);
    }

    /** Bytes that the content has. */
    public long byteSize() {
        return WeightTensor.byteSize(format, dimensions);
    }
}
