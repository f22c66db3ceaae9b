package io.plumbline.inference.engine;

import io.plumbline.inference.TenantId;
import io.plumbline.inference.grammar.CompiledGrammar;
import io.plumbline.inference.pool.AdapterId;
import io.plumbline.inference.pool.SamplingSettings;
import io.plumbline.inference.pool.Urgency;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A request in tokens, as an engine takes it.
 *
 * @param tenant who asks
 * @param adapter a loaded adapter, or empty for the base model
 * @param prompt at least one token
 * @param sampling how tokens are drawn
 * @param maxTokens most tokens to generate; empty = what the context holds
 * @param stop strings that end the answer
 * @param topLogprobs alternatives per token; empty = no log-probabilities
 * @param urgency when the answer is wanted
 * @param grammar what the answer has to look like; empty = like anything
 */
public record EngineRequest(
        TenantId tenant,
        Optional<AdapterId> adapter,
        int[] prompt,
        SamplingSettings sampling,
        OptionalInt maxTokens,
        List<String> stop,
        OptionalInt topLogprobs,
        Urgency urgency,
        Optional<CompiledGrammar> grammar) {
    public EngineRequest {
        stop = List.copyOf(stop);
    }

    /** A request of normal urgency. */
    public EngineRequest(
            TenantId tenant,
            Optional<AdapterId> adapter,
            int[] prompt,
            SamplingSettings sampling,
            OptionalInt maxTokens,
            List<String> stop,
            OptionalInt topLogprobs) {
        this(tenant, adapter, prompt, sampling, maxTokens, stop, topLogprobs, Urgency.normal());
    }

    /** A request whose answer may look like anything. */
    public EngineRequest(
            TenantId tenant,
            Optional<AdapterId> adapter,
            int[] prompt,
            SamplingSettings sampling,
            OptionalInt maxTokens,
            List<String> stop,
            OptionalInt topLogprobs,
            Urgency urgency) {
        this(tenant, adapter, prompt, sampling, maxTokens, stop, topLogprobs, urgency, Optional.empty());
    }

    /** The same, with an answer of that grammar. */
    public EngineRequest constrained(CompiledGrammar to) {
        return new EngineRequest(
                tenant, adapter, prompt, sampling, maxTokens, stop, topLogprobs, urgency, Optional.of(to));
    }
}
