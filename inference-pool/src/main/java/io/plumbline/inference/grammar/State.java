package io.plumbline.inference.grammar;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** All ways in which the text so far can go on. States of one {@link Automaton} are interned. */
final class State {
    /** Each begins with the bytes that may come next. */
    final Cell[] cells;

    /** Whether the text so far is complete. */
    final boolean accepting;

    /** State after a byte, by class of bytes; null = not computed yet. */
    final @Nullable State[] next;

    /** Which tokens may come; null = not computed yet. */
    long @Nullable [] mask;

    /** Any text of up to so many plain characters may follow; a lower bound. */
    int plainAtLeast;

    /** Whether no text with more plain characters may follow. */
    boolean plainExact;

    private final int hash;

    /** @param cells interned, in order of their discovery */
    State(Cell[] cells, boolean accepting, int classes) {
        this.cells = cells;
        this.accepting = accepting;
        this.next = new State[classes];
        int h = accepting ? 1 : 0;
        for (Cell cell : cells) {
            h += System.identityHashCode(cell); // the order does not matter
        }
        this.hash = h;
    }

    /** Whether no text of the language begins like that. */
    boolean isRejected() {
        return cells.length == 0 && !accepting;
    }

    /** Whether the text is complete and nothing may follow. */
    boolean isFinal() {
        return cells.length == 0 && accepting;
    }

    @Override
    public int hashCode() {
        return hash;
    }

    /** The same cells in another order are another state: rare, and only costs a little time. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof State state && accepting == state.accepting && Arrays.equals(cells, state.cells);
    }
}
