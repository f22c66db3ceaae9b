package io.plumbline.inference.grammar;

import org.jspecify.annotations.Nullable;

/**
 * What is still to be matched, as a linked list: this node, then the next cell. Cells of one {@link Automaton} are
 * interned, so equal ones are the same object.
 */
final class Cell {
    final Node node;

    /** How much of the node is done: bytes of a literal, items of a sequence, rounds of a repetition. */
    final int done;

    /** Recursive rules that this cell lies within. */
    final int depth;

    final @Nullable Cell next;
    private final int hash;

    Cell(Node node, int done, int depth, @Nullable Cell next) {
        this.node = node;
        this.done = done;
        this.depth = depth;
        this.next = next;
        int h = System.identityHashCode(node);
        h = 31 * h + done;
        h = 31 * h + depth;
        this.hash = 31 * h + (next == null ? 0 : next.hash);
    }

    @Override
    public int hashCode() {
        return hash;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Cell cell
                && node == cell.node
                && done == cell.done
                && depth == cell.depth
                && next == cell.next;
    }
}
