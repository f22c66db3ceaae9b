package io.plumbline.inference.grammar;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A grammar ready for one vocabulary. What one answer computed, all later answers find: after the first use of a schema, a
 * mask is a look-up. Thread-safe.
 */
public final class CompiledGrammar {
    private final TokenVocabulary vocabulary;
    private final GrammarLimits limits;
    private final Automaton automaton;
    private final PlainReach reach;
    /** Masks by content: states that differ often take the same tokens. */
    private final Map<Bits, long[]> masks = new HashMap<>();

    private State start;

    private record Bits(long[] words) {
        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Bits bits && Arrays.equals(words, bits.words);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(words);
        }
    }

    /**
     * Compiles; the caller's thread does the work, including the mask of the first token.
     *
     * @throws InvalidGrammarException if the grammar cannot be used
     */
    public CompiledGrammar(Grammar grammar, TokenVocabulary vocabulary, GrammarLimits limits) {
        this.vocabulary = vocabulary;
        this.limits = limits;
        this.automaton = new Automaton(grammar, limits);
        this.reach = new PlainReach(automaton);
        this.start = automaton.start();
        mask(start);
    }

    /** Follows one answer from its beginning. */
    public GrammarMatcher matcher() {
        return new GrammarMatcher(this, start());
    }

    /** The text that a token stands for in these answers, in UTF-8; shared, not to be changed. */
    public byte[] text(int token) {
        return vocabulary.text(token);
    }

    private synchronized State start() {
        return start;
    }

    /**
     * The tokens that may come next, one bit each; not to be changed.
     *
     * @throws InvalidGrammarException if finding out takes too long, or there are none
     */
    synchronized long[] mask(State state) {
        long[] known = state.mask;
        if (known != null) {
            return known;
        }
        automaton.resetWork();
        long[] computed = vocabulary.mask(automaton, reach, state);
        if (Arrays.stream(computed).allMatch(word -> word == 0)) {
            throw new InvalidGrammarException(
                    "The model's vocabulary has no token that continues the answer in the form"
                            + " asked for; loosen the schema, or use another model.");
        }
        long[] shared = masks.computeIfAbsent(new Bits(computed), Bits::words);
        state.mask = shared;
        forgetIfTooMuch(); // one mask may have met many states
        return shared;
    }

    /** The state after a token; rejected if it may not come. */
    synchronized State after(State state, int token) {
        forgetIfTooMuch();
        automaton.resetWork();
        State reached = state;
        for (byte b : vocabulary.text(token)) {
            reached = automaton.next(reached, b & 0xFF);
        }
        return reached;
    }

    /** Roughly what its states and masks take in memory; it grows with use, up to the limits. */
    public synchronized long bytes() {
        return automaton.bytes() + maskBytes();
    }

    private long maskBytes() {
        return (long) masks.size() * vocabulary.words() * Long.BYTES;
    }

    TokenVocabulary vocabulary() {
        return vocabulary;
    }

    /** Answers under way keep their states, which go with them. */
    private void forgetIfTooMuch() {
        if (automaton.states() > limits.states() || maskBytes() > limits.maskBytes()) {
            masks.clear();
            start = automaton.forgetAllBut(start);
        }
    }
}
