package io.plumbline.platform.embedding;

import java.util.List;

/**
 * Vectors of an order.
 *
 * @param vectors each (512), of length 1, in the order of the texts
 * @param tokens of all texts, special tokens included
 */
public record Embedded(List<float[]> vectors, long tokens) {
    public Embedded {
        vectors = List.copyOf(vectors);
    }
}
