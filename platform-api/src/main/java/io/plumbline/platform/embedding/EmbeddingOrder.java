package io.plumbline.platform.embedding;

import java.util.List;

/**
 * Texts to embed.
 *
 * @param model the name the caller used
 * @param texts in the order of the answer
 * @param single whether the caller sent one text and no array: how errors name it
 */
public record EmbeddingOrder(String model, List<String> texts, boolean single) {
    public EmbeddingOrder {
        texts = List.copyOf(texts);
    }

    /** Where a text stood in the request. */
    public String path(int index) {
        return single ? "input" : "input[%d]".formatted(index);
    }
}
