package io.plumbline.inference.pool;

import io.plumbline.inference.TenantId;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * One answer to be generated.
 *
 * @param tenant who asks; the unit of fairness and of cache isolation
 * @param baseModel id of a base model of the pool
 * @param adapter a loaded adapter, or empty for the base model itself
 * @param prompt what to continue
 * @param sampling how tokens are drawn
 * @param maxTokens most tokens to generate; empty = up to the context length
 * @param stop up to 4 strings that end the answer; they are not part of it
 * @param topLogprobs how many alternatives to report per token; empty = no log-probabilities, 0 = only the chosen token
 * @param urgency when the answer is wanted
 * @param constraint the form that the answer is held to
 */
public record CompletionRequest(
        TenantId tenant,
        String baseModel,
        Optional<AdapterId> adapter,
        Prompt prompt,
        SamplingSettings sampling,
        OptionalInt maxTokens,
        List<String> stop,
        OptionalInt topLogprobs,
        Urgency urgency,
        OutputConstraint constraint) {
    public CompletionRequest {
        stop = List.copyOf(stop);
        if (maxTokens.isPresent() && maxTokens.getAsInt() < 1) {
            throw new IllegalArgumentException("max_tokens must be at least 1");
        }
    }

    /** A request of normal urgency whose answer may be any text. */
    public CompletionRequest(
            TenantId tenant,
            String baseModel,
            Optional<AdapterId> adapter,
            Prompt prompt,
            SamplingSettings sampling,
            OptionalInt maxTokens,
            List<String> stop,
            OptionalInt topLogprobs) {
        this(
                tenant,
                baseModel,
                adapter,
                prompt,
                sampling,
                maxTokens,
                stop,
                topLogprobs,
                Urgency.normal(),
                OutputConstraint.free());
    }
}
