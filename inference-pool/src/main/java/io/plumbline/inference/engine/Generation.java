package io.plumbline.inference.engine;

import io.plumbline.inference.grammar.CompiledGrammar;
import io.plumbline.inference.grammar.GrammarMatcher;
import io.plumbline.inference.grammar.InvalidGrammarException;
import io.plumbline.inference.lora.AdapterSlots;
import io.plumbline.inference.model.AdapterWeights;
import io.plumbline.inference.pool.FinishReason;
import io.plumbline.inference.pool.FinishedCompletion;
import io.plumbline.inference.pool.InferenceException;
import io.plumbline.inference.pool.TokenLogprob;
import io.plumbline.inference.sampling.CounterRandom;
import io.plumbline.inference.sampling.LogProbabilities;
import io.plumbline.inference.sampling.Sampler;
import io.plumbline.inference.sampling.TokenDistribution;
import io.plumbline.inference.sampling.TokenHistory;
import io.plumbline.inference.scheduler.Sequence;
import io.plumbline.inference.tokenizer.StreamingDecoder;
import io.plumbline.inference.tokenizer.Tokenizer;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** A request on its way through the engine. For the engine's thread. */
final class Generation {
    private final EngineRequest request;
    private final int maxTokens;
    private final Sequence sequence;
    private final Optional<AdapterSlots.Lease> lease;
    private final Delivery delivery;
    private final AnswerText text;
    private final Tokenizer tokenizer;
    private final TokenHistory history;
    /** Where the answer stands in its grammar; null = there is none. */
    private final @Nullable GrammarMatcher matcher;

    private final long seed;
    private final Term term;
    private int generated;
    private boolean ended;

    /**
     * What the engine gave a request at the door.
     *
     * @param sequence its tokens
     * @param maxTokens most tokens to generate, at least 1
     * @param lease its adapter
     * @param term when it began and how long it may take
     */
    record Place(Sequence sequence, int maxTokens, Optional<AdapterSlots.Lease> lease, Term term) {}

    Generation(EngineRequest request, Place place, Delivery delivery, Tokenizer tokenizer) {
        this.request = request;
        this.maxTokens = place.maxTokens();
        this.sequence = place.sequence();
        this.lease = place.lease();
        this.term = place.term();
        this.delivery = delivery;
        this.tokenizer = tokenizer;
        this.history = new TokenHistory(request.prompt());
        this.matcher = request.grammar().map(CompiledGrammar::matcher).orElse(null);
        this.seed = request.sampling().seed().orElseGet(ThreadLocalRandom.current()::nextLong);
        // In a grammar, control tokens may be words: the tag of a call is one in some families.
        this.text = new AnswerText(
                request.grammar()
                        .map(grammar -> new StreamingDecoder(grammar::text))
                        .orElseGet(() -> tokenizer.streamingDecoder(false)),
                request.stop());
    }

    EngineRequest request() {
        return request;
    }

    Sequence sequence() {
        return sequence;
    }

    @Nullable
    AdapterWeights adapter() {
        return lease.map(l -> l.adapter().weights()).orElse(null);
    }

    boolean ended() {
        return ended;
    }

    /** When it began and how long it may take. */
    Term term() {
        return term;
    }

    Delivery delivery() {
        return delivery;
    }

    /** Tokens generated so far. */
    int generated() {
        return generated;
    }

    /**
     * Draws the next token and delivers what it adds to the answer.
     *
     * @param logits of the whole vocabulary
     * @param sampler the engine's
     * @return why the answer ends here, or empty if it goes on
     * @throws InferenceException.InvalidConstraint if no token can continue the answer within its grammar
     */
    Optional<FinishReason> next(float[] logits, Sampler sampler) {
        TokenDistribution distribution = sampler.distribution(logits, request.sampling(), history, allowed());
        int token = distribution.at(CounterRandom.uniform(seed, generated));
        generated++;
        if (tokenizer.isEndOfGeneration(token)) {
            return Optional.of(FinishReason.STOP);
        }
        sequence.append(token);
        history.add(token);
        if (matcher != null) {
            matcher.accept(token);
        }
        delivery.text(text.push(token, logprob(logits, token, sampler.logProbabilities())));
        if (text.stopped() || (matcher != null && matcher.isFinal())) {
            return Optional.of(FinishReason.STOP);
        }
        return generated == maxTokens ? Optional.of(FinishReason.LENGTH) : Optional.empty();
    }

    /** The tokens that the grammar lets come next, as {@link Sampler#distribution} wants them. */
    private long @Nullable [] allowed() {
        if (matcher == null) {
            return null;
        }
        try {
            return matcher.allowed();
        } catch (InvalidGrammarException e) {
            throw new InferenceException.InvalidConstraint(e.getMessage());
        }
    }

    /** Ends the answer; false if it had ended before. */
    boolean finish(FinishReason reason) {
        if (!end()) {
            return false;
        }
        delivery.text(text.finish());
        delivery.finish(new FinishedCompletion(reason, request.prompt().length, generated, sequence.cachedTokens()));
        return true;
    }

    /** Ends the answer by a failure; false if it had ended before. */
    boolean fail(InferenceException failure) {
        if (!end()) {
            return false;
        }
        delivery.fail(failure);
        return true;
    }

    private boolean end() {
        if (ended) {
            return false;
        }
        ended = true;
        lease.ifPresent(AdapterSlots.Lease::giveBack);
        return true;
    }

    private @Nullable TokenLogprob logprob(float[] logits, int token, LogProbabilities logProbabilities) {
        return request.topLogprobs().isEmpty()
                ? null
                : logProbabilities.of(logits, token, request.topLogprobs().getAsInt(), t -> tokenizer.bytes(t, true));
    }
}
