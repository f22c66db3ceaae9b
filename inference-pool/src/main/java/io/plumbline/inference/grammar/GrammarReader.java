package io.plumbline.inference.grammar;

import java.nio.charset.StandardCharsets;
import java.util.List;

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

    /**
     * How far a text follows the grammar.
     *
     * @param length UTF-16 units of the text with which some text of the grammar begins, always whole characters
     * @param mayEnd whether a text of the grammar may end there
     * @param next what may follow there, each as far as it is certain; empty if nothing may, or too much to be named
     */
    public record Reading(Standing standing, int length, boolean mayEnd, List<String> next) {
        public Reading {
            next = List.copyOf(next);
        }
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
            state = next(state, bytes, i);
            if (state.isRejected()) {
                return Standing.OUTSIDE;
            }
        }
        return standing(state);
    }

    /**
     * As {@link #standing}, and where the text leaves the grammar if it does, else where it ends.
     *
     * @throws InvalidGrammarException if finding out takes too long
     */
    public Reading read(String text) {
        State state = start;
        State whole = start; // before the character that is being read
        int length = 0;
        int begin = 0;
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < bytes.length; i++) {
            if ((bytes[i] & 0xC0) != 0x80) {
                whole = state;
                length += i == 0 ? 0 : units(bytes[begin]);
                begin = i;
            }
            state = next(state, bytes, i);
            if (state.isRejected()) {
                return new Reading(Standing.OUTSIDE, length, whole.accepting, continuations(whole));
            }
        }
        return new Reading(standing(state), text.length(), state.accepting, continuations(state));
    }

    /** UTF-16 units of the character that begins with a byte: above U+FFFF it takes four bytes, and two units. */
    private static int units(byte first) {
        return (first & 0xF8) == 0xF0 ? 2 : 1;
    }

    private State next(State state, byte[] bytes, int i) {
        if (i % BYTES_PER_BUDGET == 0) {
            automaton.resetWork();
        }
        return automaton.next(state, bytes[i] & 0xFF);
    }

    private List<String> continuations(State state) {
        automaton.resetWork();
        return new Continuations(automaton).of(state);
    }

    private static Standing standing(State state) {
        return state.accepting ? Standing.COMPLETE : Standing.BEGUN;
    }
}
