package io.plumbline.inference.weights.pattern;

import java.util.ArrayList;
import java.util.List;

/**
 * A regular expression over names of modules, with the meaning of Python's {@code re}. It is not searched by trying one
 * way after the other: a part maps the set of all places where it may begin to the set of all places where it may end. So
 * nothing is tried twice, and a limit on steps cuts off what is nested too deeply.
 */
public final class NamePattern {
    private final String source;
    private final Node root;
    private final List<CharacterSet> tail;

    private NamePattern(String source, Node root) {
        this.source = source;
        this.root = root;
        this.tail = tail(root);
    }

    /** What the last characters must be, the last one first: of thousands of patterns, most end in another module. */
    private static List<CharacterSet> tail(Node root) {
        List<CharacterSet> tail = new ArrayList<>();
        if (root instanceof Node.Sequence sequence) {
            for (Node item : sequence.items().reversed()) {
                if (!(item instanceof Node.Characters(CharacterSet set))) {
                    break;
                }
                tail.add(set);
            }
        }
        return tail;
    }

    private boolean canEnd(ModuleName name, StepLimit limit) {
        limit.take(source);
        int length = name.text().length();
        for (int i = 0; i < tail.size(); i++) {
            if (i >= length || !tail.get(i).contains(name.text().charAt(length - 1 - i))) {
                return false;
            }
        }
        return true;
    }

    /** @throws InvalidPatternException if it is wrong in Python, or depends on captured text or on the way of matching */
    public static NamePattern of(String source) {
        return new NamePattern(source, new PatternParser(source).parse());
    }

    /** {@code re.fullmatch(pattern, name)}. */
    public boolean matchesAll(ModuleName name, StepLimit limit) {
        return canEnd(name, limit) && (ends(name, limit, ModuleName.START) & name.end()) != 0;
    }

    /** {@code re.match(pattern, name)}. */
    public boolean matchesStart(ModuleName name, StepLimit limit) {
        return ends(name, limit, ModuleName.START) != 0;
    }

    /** {@code re.match("(.*\.)?(pattern)$", name)}: the whole name, or what follows one of its dots. */
    public boolean matchesEnd(ModuleName name, StepLimit limit) {
        if (!canEnd(name, limit)) {
            return false;
        }
        long starts = ModuleName.START | name.before(CharacterSet.of('.')) << 1;
        return (ends(name, limit, starts) & name.end()) != 0;
    }

    private long ends(ModuleName name, StepLimit limit, long starts) {
        return new Evaluation(name, limit).ends(root, starts);
    }

    private final class Evaluation {
        private final ModuleName name;
        private final StepLimit limit;

        Evaluation(ModuleName name, StepLimit limit) {
            this.name = name;
            this.limit = limit;
        }

        /** The places where a part may end that begins at one of {@code starts}. */
        long ends(Node node, long starts) {
            if (starts == 0) {
                return 0;
            }
            limit.take(source);
            return switch (node) {
                case Node.Characters(CharacterSet set) -> (starts & name.before(set)) << 1;
                case Node.Sequence sequence -> {
                    long at = starts;
                    for (Node item : sequence.items()) {
                        at = ends(item, at);
                    }
                    yield at;
                }
                case Node.Choice choice -> {
                    long at = 0;
                    for (Node alternative : choice.alternatives()) {
                        at |= ends(alternative, starts);
                    }
                    yield at;
                }
                case Node.Repeat repeat -> repeated(repeat, starts);
                case Node.Look look -> seen(look, starts);
                case Node.Boundary boundary -> starts & places(boundary);
            };
        }

        private long repeated(Node.Repeat repeat, long starts) {
            long at = starts;
            int times = 0;
            for (; times < repeat.min() && at != 0; times++) {
                long next = ends(repeat.item(), at);
                if (next == at) { // from here on every further time gives the same
                    times = repeat.min();
                    break;
                }
                at = next;
            }
            long reached = at;
            // A place reached before was reached with more repetitions left.
            for (long newest = at; newest != 0 && times < repeat.max(); times++) {
                newest = ends(repeat.item(), newest) & ~reached;
                reached |= newest;
            }
            return reached;
        }

        private long seen(Node.Look look, long starts) {
            long found = 0;
            for (long rest = starts; rest != 0; rest &= rest - 1) {
                long place = Long.lowestOneBit(rest);
                if ((look.behind() ? endsAt(look.inner(), place) : ends(look.inner(), place) != 0) != look.negated()) {
                    found |= place;
                }
            }
            return found;
        }

        private boolean endsAt(Node node, long place) {
            return (ends(node, place | (place - 1)) & place) != 0;
        }

        private long places(Node.Boundary boundary) {
            return switch (boundary) {
                case START -> ModuleName.START;
                case END -> name.end();
                case WORD -> name.wordBoundaries();
                case NO_WORD -> name.everywhere() & ~name.wordBoundaries();
            };
        }
    }

    @Override
    public String toString() {
        return source;
    }
}
