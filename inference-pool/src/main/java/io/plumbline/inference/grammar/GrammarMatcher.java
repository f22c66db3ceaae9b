package io.plumbline.inference.grammar;

/** Where one answer stands in its grammar. For one thread at a time. */
public final class GrammarMatcher {
    private final CompiledGrammar grammar;
    private State state;

    GrammarMatcher(CompiledGrammar grammar, State state) {
        this.grammar = grammar;
        this.state = state;
    }

    /**
     * The tokens that may come next: bit {@code t % 64} of word {@code t / 64} for token t. The ends of an answer are among
     * them where the text so far is complete. Shared; not to be changed.
     *
     * @throws InvalidGrammarException if finding out takes too long
     */
    public long[] allowed() {
        return grammar.mask(state);
    }

    /**
     * Takes the next token.
     *
     * @throws IllegalArgumentException if it may not come, or ends the answer
     */
    public void accept(int token) {
        State next = grammar.after(state, token);
        if (grammar.vocabulary().text(token).length == 0 || next.isRejected()) {
            throw new IllegalArgumentException("token %d may not come here".formatted(token));
        }
        state = next;
    }

    /** Whether the text so far is complete. */
    public boolean isComplete() {
        return state.accepting;
    }

    /** Whether the text so far is complete and nothing may follow. */
    public boolean isFinal() {
        return state.isFinal();
    }
}
