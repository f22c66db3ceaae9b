package io.plumbline.inference.grammar;

import java.nio.charset.StandardCharsets;

/** Reads whole texts by a grammar, without a vocabulary. Not thread-safe. */
public final class GrammarReader {
    /** So many bytes may cost as much as one mask. */
    private static final int BYTES_PER_BUDGET = 64;

    private final Automaton automaton;
    private final State start;

    /** How far a text is one of the grammar. */
    public enum Standing {
        /** No text of the grammar begins like that. */
        OUTSIDE,
        /** Some text of the grammar begins like that. */
        BEGUN,
        /** It is one, whether or not it could go on. */
        COMPLETE
    }

    /** @throws InvalidGrammarException if the grammar cannot be used */
    public GrammarReader(Grammar grammar, GrammarLimits limits) {
        this.automaton = new Automaton(grammar, limits);
        this.start = automaton.start();
    }

    /** @throws InvalidGrammarException if finding out takes too long */
    public Standing standing(String text) {
        State state = start;
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < bytes.length; i++) {
            if (i % BYTES_PER_BUDGET == 0) {
                automaton.resetWork();
            }
            state = automaton.next(state, bytes[i] & 0xFF);
            if (state.isRejected()) {
                return Standing.OUTSIDE;
            }
        }
        return state.accepting ? Standing.COMPLETE : Standing.BEGUN;
    }
}
