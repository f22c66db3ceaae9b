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

    /** A greedy request to the base model, of normal urgency, whose answer is as long as it likes and looks like anything. */
    public static EngineRequest of(TenantId tenant, int[] prompt) {
        return new EngineRequest(
                tenant,
                Optional.empty(),
                prompt,
                SamplingSettings.greedy(),
                OptionalInt.empty(),
                List.of(),
                OptionalInt.empty(),
                Urgency.normal(),
                Optional.empty());
    }

    /** The same, with that adapter, or with none. */
    public EngineRequest withAdapter(Optional<AdapterId> used) {
        return new EngineRequest(tenant, used, prompt, sampling, maxTokens, stop, topLogprobs, urgency, grammar);
    }

    /** The same, with tokens drawn so. */
    public EngineRequest withSampling(SamplingSettings settings) {
        return new EngineRequest(tenant, adapter, prompt, settings, maxTokens, stop, topLogprobs, urgency, grammar);
    }

    /** The same, with an answer of so many tokens at most. */
    public EngineRequest withMaxTokens(OptionalInt most) {
        return new EngineRequest(tenant, adapter, prompt, sampling, most, stop, topLogprobs, urgency, grammar);
    }

    /** The same, with an answer that ends before these strings. */
    public EngineRequest withStop(List<String> ends) {
        return new EngineRequest(tenant, adapter, prompt, sampling, maxTokens, ends, topLogprobs, urgency, grammar);
    }

    /** The same, with log-probabilities of that many alternatives, or with none. */
    public EngineRequest withTopLogprobs(OptionalInt alternatives) {
        return new EngineRequest(tenant, adapter, prompt, sampling, maxTokens, stop, alternatives, urgency, grammar);
    }

    /** The same, wanted then. */
    public EngineRequest withUrgency(Urgency wanted) {
        return new EngineRequest(tenant, adapter, prompt, sampling, maxTokens, stop, topLogprobs, wanted, grammar);
    }

    /** The same, with an answer of that grammar, or with any. */
    public EngineRequest withGrammar(Optional<CompiledGrammar> form) {
        return new EngineRequest(tenant, adapter, prompt, sampling, maxTokens, stop, topLogprobs, urgency, form);
    }
}
