package io.plumbline.platform.embedding.rest;

import com.fasterxml.jackson.databind.JsonNode;
import io.plumbline.platform.embedding.EmbeddingOrder;
import io.plumbline.platform.embedding.Embeddings;
import io.plumbline.platform.error.InvalidRequest;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Turns the wire format into an order, or says which parameter does not fit. */
final class EmbeddingRequestReader {
    private static final int MOST_INPUTS = 2048;

    private EmbeddingRequestReader() {}

    static EmbeddingOrder read(EmbeddingRequest request) {
        if (request.model() == null || request.model().isBlank()) {
            throw new InvalidRequest("model", "'model' is required; GET /v1/models lists those you can use.");
        }
        if (request.dimensions() != null && request.dimensions() != Embeddings.DIMENSIONS) {
            throw new InvalidRequest(
                    "dimensions",
                    "'dimensions' is %d, not %d: the model was not trained for shorter vectors. Leave it out."
                            .formatted(Embeddings.DIMENSIONS, request.dimensions()));
        }
        JsonNode input = request.input();
        if (input == null || input.isNull()) {
            throw new InvalidRequest("input", "'input' is required: a string or an array of strings.");
        }
        return input.isArray()
                ? new EmbeddingOrder(request.model(), texts(input), false)
                : new EmbeddingOrder(request.model(), List.of(text("input", input)), true);
    }

    private static List<String> texts(JsonNode input) {
        if (input.isEmpty() || input.size() > MOST_INPUTS) {
            throw new InvalidRequest(
                    "input", "'input' has 1 to %d texts, not %d.".formatted(MOST_INPUTS, input.size()));
        }
        List<String> texts = new ArrayList<>(input.size());
        for (int i = 0; i < input.size(); i++) {
            texts.add(text("input[%d]".formatted(i), input.get(i)));
        }
        return texts;
    }

    private static String text(String path, @Nullable JsonNode node) {
        if (node != null && node.isTextual()) {
            return node.asText();
        }
        if (node != null && (node.isNumber() || node.isArray())) {
            throw new InvalidRequest(
                    path,
                    "'%s' is not text. Token ids of another vocabulary mean nothing to this model: send strings (in LangChain:"
                                    .formatted(path)
                            + " check_embedding_ctx_length=False).");
        }
        throw new InvalidRequest(path, "'%s' is a string.".formatted(path));
    }
}
