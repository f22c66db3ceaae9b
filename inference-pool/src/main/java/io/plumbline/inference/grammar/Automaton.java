package io.plumbline.inference.grammar;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Runs a grammar byte by byte. A state is the set of all ways in which the text can go on, each a stack of what is still
 * to be matched (partial derivatives of Antimirov, 1996, extended by rule calls); states are computed when first needed
 * and kept, so that what was seen before costs one table look-up per byte.
 *
 * <p>Not thread-safe.
 */
final class Automaton {
    /** Objects with their entries in the tables, on a 64-bit machine with compressed references. */
    private static final int STATE_BYTES = 160;

    private static final int CELL_BYTES = 80;
    private static final int REFERENCE_BYTES = 4;

    private final Grammar grammar;
    private final GrammarLimits limits;
    private final GrammarFacts facts;
    private final int[] classOfByte;
    private final int[] byteOfClass;
    private final Map<Cell, Cell> cells = new HashMap<>();
    private final Map<State, State> states = new HashMap<>();
    private long work;

    /** @throws InvalidGrammarException if the grammar cannot be used */
    Automaton(Grammar grammar, GrammarLimits limits) {
        this.grammar = grammar;
        this.limits = limits;
        this.facts = GrammarFacts.of(grammar, limits);
        this.classOfByte = ByteClasses.of(grammar);
        this.byteOfClass = ByteClasses.representatives(classOfByte);
    }

    /** The state before any text. */
    State start() {
        Ways ways = new Ways();
        ways.add(intern(grammar.root(), 0, 0, null));
        return ways.state();
    }

    /** The state after one more byte; rejected if it may not come. */
    State next(State state, int b) {
        return nextOfClass(state, classOfByte[b]);
    }

    /** As {@link #next} for any byte of a class. */
    State nextOfClass(State state, int byteClass) {
        State known = state.next[byteClass];
        if (known != null) {
            return known;
        }
        State computed = step(state, byteOfClass[byteClass]);
        state.next[byteClass] = computed;
        return computed;
    }

    /** Kinds of bytes that the grammar tells apart. */
    int classes() {
        return byteOfClass.length;
    }

    int classOf(int b) {
        return classOfByte[b];
    }

    /** States that are kept. */
    int states() {
        return states.size();
    }

    /** Roughly what they take in memory. */
    long bytes() {
        return (long) states.size() * (STATE_BYTES + REFERENCE_BYTES * classes()) + (long) cells.size() * CELL_BYTES;
    }

    /** Begins to count work anew. */
    void resetWork() {
        work = 0;
    }

    /** Forgets all states, and takes one over. */
    State forgetAllBut(State state) {
        cells.clear();
        states.clear();
        Cell[] kept = new Cell[state.cells.length];
        for (int i = 0; i < kept.length; i++) {
            kept[i] = internAgain(state.cells[i]);
        }
        return intern(new State(kept, state.accepting, classes()));
    }

    private State step(State state, int b) {
        Ways ways = new Ways();
        for (Cell cell : state.cells) {
            if (++work > limits.work()) {
                throw new InvalidGrammarException("The schema or grammar is too ambiguous to be checked in time; "
                        + "make alternatives differ earlier, and repetitions within repetitions fewer.");
            }
            switch (cell.node) {
                case ByteSet set -> {
                    if (set.contains(b)) {
                        ways.add(cell.next);
                    }
                }
                case Node.Literal literal -> {
                    if (literal.at(cell.done) == b) {
                        boolean last = cell.done + 1 == literal.length();
                        ways.add(last ? cell.next : intern(literal, cell.done + 1, cell.depth, cell.next));
                    }
                }
                case Node.Sequence ignored -> throw new IllegalStateException("a way begins with bytes");
                case Node.Choice ignored -> throw new IllegalStateException("a way begins with bytes");
                case Node.Repeat ignored -> throw new IllegalStateException("a way begins with bytes");
                case Node.Reference ignored -> throw new IllegalStateException("a way begins with bytes");
            }
        }
        return ways.state();
    }

    private Cell intern(Node node, int done, int depth, @Nullable Cell next) {
        Cell cell = new Cell(node, done, depth, next);
        Cell known = cells.putIfAbsent(cell, cell);
        return known == null ? cell : known;
    }

    private Cell internAgain(Cell cell) {
        Deque<Cell> chain = new ArrayDeque<>();
        for (Cell c = cell.next; c != null; c = c.next) {
            chain.push(c);
        }
        @Nullable Cell next = null;
        for (Cell c : chain) {
            next = intern(c.node, c.done, c.depth, next);
        }
        return intern(cell.node, cell.done, cell.depth, next);
    }

    private State intern(State state) {
        State known = states.putIfAbsent(state, state);
        return known == null ? state : known;
    }

    /** Collects the ways of a state: follows everything that needs no byte. */
    private final class Ways {
        private final Set<Cell> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        private final List<Cell> found = new ArrayList<>();
        private final Deque<Cell> open = new ArrayDeque<>();
        private boolean accepting;

        void add(@Nullable Cell cell) {
            push(cell);
            while (!open.isEmpty()) {
                expand(open.pop());
            }
        }

        State state() {
            return intern(new State(found.toArray(Cell[]::new), accepting, classes()));
        }

        private void push(@Nullable Cell cell) {
            if (cell == null) {
                accepting = true;
            } else if (seen.add(cell)) {
                if (seen.size() > limits.threads()) {
                    throw new InvalidGrammarException(
                            ("The schema or grammar is too ambiguous: a text can be understood"
                                            + " in more than %d ways at once. Make alternatives differ earlier.")
                                    .formatted(limits.threads()));
                }
                open.push(cell);
            }
        }

        private void expand(Cell cell) {
            switch (cell.node) {
                case ByteSet ignored -> found.add(cell);
                case Node.Literal ignored -> found.add(cell);
                case Node.Sequence(List<Node> items) -> {
                    if (items.isEmpty()) {
                        push(cell.next);
                    } else {
                        boolean last = cell.done + 1 == items.size();
                        Cell rest = last ? cell.next : intern(cell.node, cell.done + 1, cell.depth, cell.next);
                        push(intern(items.get(cell.done), 0, cell.depth, rest));
                    }
                }
                case Node.Choice(List<Node> alternatives) -> {
                    for (Node alternative : alternatives) {
                        if (fits(alternative, cell)) {
                            push(intern(alternative, 0, cell.depth, cell.next));
                        }
                    }
                }
                case Node.Repeat repeat -> expand(repeat, cell);
                case Node.Reference(String rule) -> {
                    // What lies behind a call in tail position is its caller's caller's: loops by tail calls are not
                    // deep.
                    int outer = cell.next == null ? 0 : cell.next.depth;
                    int depth = facts.isRecursive(rule) ? outer + 1 : cell.depth;
                    push(intern(grammar.rules().getOrDefault(rule, Node.IMPOSSIBLE), 0, depth, cell.next));
                }
            }
        }

        private void expand(Node.Repeat repeat, Cell cell) {
            if (cell.done >= repeat.min()) {
                push(cell.next);
            }
            if (repeat.mayGoOn(cell.done) && (cell.done < repeat.min() || fits(repeat.item(), cell))) {
                int done =
                        repeat.max() == Node.Repeat.UNBOUNDED ? Math.min(cell.done + 1, repeat.min()) : cell.done + 1;
                Cell rest = done == repeat.max() ? cell.next : intern(repeat, done, cell.depth, cell.next);
                push(intern(repeat.item(), 0, cell.depth, rest));
            }
        }

        /** Whether a text of the node exists that stays within the depth of recursion. */
        private boolean fits(Node node, Cell at) {
            return at.depth + facts.height(node) <= limits.recursion();
        }
    }

    @Override
    public String toString() {
        return "automaton of %d states, classes %s".formatted(states.size(), Arrays.toString(byteOfClass));
    }
}
