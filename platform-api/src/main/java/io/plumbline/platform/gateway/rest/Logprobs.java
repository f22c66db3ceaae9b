package io.plumbline.platform.gateway.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.plumbline.inference.pool.TokenLogprob;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** Log-probabilities of the tokens of a text. */
@Schema(name = "ChatLogprobs")
@JsonInclude(JsonInclude.Include.ALWAYS)
public record Logprobs(List<Token> content, @Nullable List<Token> refusal) {
    static Logprobs of(List<TokenLogprob> tokens) {
        return new Logprobs(tokens.stream().map(Token::withAlternatives).toList(), null);
    }

    /** @param topLogprobs the best alternatives; null within them */
    @Schema(name = "ChatTokenLogprob")
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Token(
            String token,
            double logprob,
            List<Integer> bytes,
            @Nullable List<Token> topLogprobs) {
        static Token withAlternatives(TokenLogprob token) {
            return of(token, token.top().stream().map(other -> of(other, null)).toList());
        }

        private static Token of(TokenLogprob token, @Nullable List<Token> alternatives) {
            byte[] bytes = token.bytes();
            return new Token(
                    new String(bytes, StandardCharsets.UTF_8),
                    token.logprob(),
                    IntStream.range(0, bytes.length)
                            .mapToObj(i -> bytes[i] & 0xFF)
                            .toList(),
                    alternatives);
        }
    }
}
