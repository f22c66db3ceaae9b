package io.plumbline.platform.embedding.rest;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.plumbline.platform.embedding.Embedded;
import java.util.List;
import java.util.stream.IntStream;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** OpenAI's answer: one embedding an input, in the order of the inputs. */
@Schema(name = "EmbeddingList")
public record EmbeddingList(String object, List<Embedding> data, String model, Usage usage) {
    static EmbeddingList of(Embedded embedded, String model, EncodingFormat format) {
        List<Embedding> data = IntStream.range(0, embedded.vectors().size())
                .mapToObj(i -> new Embedding(
                        "embedding", i, format.write(embedded.vectors().get(i))))
                .toList();
        return new EmbeddingList("list", data, model, new Usage(embedded.tokens(), embedded.tokens()));
    }

    /**
     * One vector.
     *
     * @param index which input it belongs to
     * @param embedding numbers, or a string in base 64
     */
    @Schema(name = "Embedding")
    public record Embedding(
            String object,
            int index,
            @Schema(implementation = Object.class) Object embedding) {}

    /** @param promptTokens tokens the model read, its two special ones of each text included */
    @Schema(name = "EmbeddingUsage")
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    public record Usage(long promptTokens, long totalTokens) {}
}
