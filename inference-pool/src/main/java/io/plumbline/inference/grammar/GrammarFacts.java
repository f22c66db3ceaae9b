package io.plumbline.inference.grammar;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What has to be known of a grammar before it runs: which rules are recursive, and how many recursive rules within each
 * other the shortest way through each node needs. Refuses grammars that are too large, match nothing, or recurse without
 * consuming a byte.
 */
final class GrammarFacts {
    /** Height of what no text can match. */
    static final int IMPOSSIBLE = 1 << 20;

    private final Grammar grammar;
    private final GrammarLimits limits;
    private final Map<String, Set<String>> calls = new HashMap<>();
    private final Set<String> recursive = new HashSet<>();
    private final Map<String, Integer> ruleHeights = new HashMap<>();
    private final Set<String> nullableRules = new HashSet<>();
    private final IdentityHashMap<Node, Integer> heights = new IdentityHashMap<>();
    private final Set<Node> measured = Collections.newSetFromMap(new IdentityHashMap<>());
    private int nodes;

    private GrammarFacts(Grammar grammar, GrammarLimits limits) {
        this.grammar = grammar;
        this.limits = limits;
    }

    /** @throws InvalidGrammarException if the grammar cannot be used */
    static GrammarFacts of(Grammar grammar, GrammarLimits limits) {
        GrammarFacts facts = new GrammarFacts(grammar, limits);
        facts.measure();
        facts.findRecursion();
        facts.findNullable();
        facts.refuseLeftRecursion();
        facts.computeHeights();
        if (facts.height(grammar.root()) > limits.recursion()) {
            throw new InvalidGrammarException(
                    "No finite text satisfies the schema or grammar; check for contradictory bounds and for a '$ref' that"
                            + " always needs itself.");
        }
        return facts;
    }

    boolean isRecursive(String rule) {
        return recursive.contains(rule);
    }

    /** Recursive rules within each other that the shortest text of a node needs; {@link #IMPOSSIBLE} if there is none. */
    int height(Node node) {
        Integer known = heights.get(node);
        if (known != null) {
            return known;
        }
        int height = computeHeight(node);
        heights.put(node, height);
        return height;
    }

    private void measure() {
        measure(grammar.root(), new HashSet<>(), 0);
        grammar.rules().forEach((name, body) -> {
            measured.clear(); // what a rule calls is asked of each rule; shared parts count once in each
            Set<String> called = new LinkedHashSet<>();
            measure(body, called, 0);
            calls.put(name, called);
        });
    }

    private void measure(Node node, Set<String> called, int depth) {
        if (node instanceof Node.Reference(String rule)) {
            called.add(rule);
        }
        if (!measured.add(node)) {
            return;
        }
        if ((nodes += size(node)) > limits.nodes()) {
            throw new InvalidGrammarException("The schema or grammar is too large: more than %d parts. Make it smaller."
                    .formatted(limits.nodes()));
        }
        if (depth > limits.nesting()) {
            throw new InvalidGrammarException(
                    "The schema or grammar is nested deeper than %d levels; flatten it.".formatted(limits.nesting()));
        }
        switch (node) {
            case ByteSet ignored -> {}
            case Node.Literal ignored -> {}
            case Node.Sequence(List<Node> items) -> items.forEach(item -> measure(item, called, depth + 1));
            case Node.Choice(List<Node> alternatives) -> alternatives.forEach(a -> measure(a, called, depth + 1));
            case Node.Repeat repeat -> measure(repeat.item(), called, depth + 1);
            case Node.Reference(String rule) -> {
                if (!grammar.rules().containsKey(rule)) {
                    throw new InvalidGrammarException("There is no rule '%s'.".formatted(rule));
                }
            }
        }
    }

    private static int size(Node node) {
        return switch (node) {
            case ByteSet ignored -> 1;
            case Node.Literal literal -> literal.length();
            case Node.Sequence(List<Node> items) -> 1 + items.size();
            case Node.Choice(List<Node> alternatives) -> 1 + alternatives.size();
            case Node.Repeat ignored -> 1;
            case Node.Reference ignored -> 1;
        };
    }

    private void findRecursion() {
        for (String rule : grammar.rules().keySet()) {
            if (reaches(calls, rule, rule)) {
                recursive.add(rule);
            }
        }
    }

    private static boolean reaches(Map<String, Set<String>> edges, String from, String to) {
        Set<String> seen = new HashSet<>();
        Deque<String> open = new ArrayDeque<>(edges.getOrDefault(from, Set.of()));
        while (!open.isEmpty()) {
            String rule = open.pop();
            if (rule.equals(to)) {
                return true;
            }
            if (seen.add(rule)) {
                open.addAll(edges.getOrDefault(rule, Set.of()));
            }
        }
        return false;
    }

    private void findNullable() {
        boolean changed = true;
        while (changed) {
            changed = false;
            for (Map.Entry<String, Node> rule : grammar.rules().entrySet()) {
                if (!nullableRules.contains(rule.getKey()) && nullable(rule.getValue())) {
                    changed |= nullableRules.add(rule.getKey());
                }
            }
        }
    }

    private boolean nullable(Node node) {
        return switch (node) {
            case ByteSet ignored -> false;
            case Node.Literal ignored -> false;
            case Node.Sequence(List<Node> items) -> items.stream().allMatch(this::nullable);
            case Node.Choice(List<Node> alternatives) -> alternatives.stream().anyMatch(this::nullable);
            case Node.Repeat repeat -> repeat.min() == 0 || nullable(repeat.item());
            case Node.Reference(String rule) -> nullableRules.contains(rule);
        };
    }

    /** A rule that may begin with itself, with more behind it, would grow for ever without consuming a byte. */
    private void refuseLeftRecursion() {
        Map<String, Set<String>> leftmost = new HashMap<>();
        Map<String, Set<String>> followed = new HashMap<>();
        for (String rule : recursive) {
            Set<String> all = new HashSet<>();
            Set<String> withMoreBehind = new HashSet<>();
            leftmost(grammar.rules().get(rule), false, all, withMoreBehind);
            leftmost.put(rule, all);
            followed.put(rule, withMoreBehind);
        }
        followed.forEach((rule, callees) -> {
            for (String callee : callees) {
                if (callee.equals(rule) || reaches(leftmost, callee, rule)) {
                    throw new InvalidGrammarException("The rule '%s' begins with itself.".formatted(rule));
                }
            }
        });
    }

    private void leftmost(@Nullable Node node, boolean more, Set<String> all, Set<String> followed) {
        switch (node) {
            case null -> {}
            case ByteSet ignored -> {}
            case Node.Literal ignored -> {}
            case Node.Sequence(List<Node> items) -> {
                for (int i = 0; i < items.size(); i++) {
                    leftmost(items.get(i), more || i < items.size() - 1, all, followed);
                    if (!nullable(items.get(i))) {
                        break;
                    }
                }
            }
            case Node.Choice(List<Node> alternatives) ->
                alternatives.forEach(alternative -> leftmost(alternative, more, all, followed));
            case Node.Repeat repeat -> leftmost(repeat.item(), more || repeat.max() != 1, all, followed);
            case Node.Reference(String rule) -> {
                all.add(rule);
                if (more) {
                    followed.add(rule);
                }
            }
        }
    }

    private void computeHeights() {
        List<String> rules = new ArrayList<>(grammar.rules().keySet());
        rules.forEach(rule -> ruleHeights.put(rule, IMPOSSIBLE));
        boolean changed = true;
        while (changed) {
            changed = false;
            for (String rule : rules) {
                heights.clear();
                int height = height(grammar.rules().getOrDefault(rule, Node.IMPOSSIBLE));
                if (height < ruleHeights.getOrDefault(rule, IMPOSSIBLE)) {
                    ruleHeights.put(rule, height);
                    changed = true;
                }
            }
        }
        heights.clear();
    }

    private int computeHeight(Node node) {
        return switch (node) {
            case ByteSet set -> set.isEmpty() ? IMPOSSIBLE : 0;
            case Node.Literal ignored -> 0;
            case Node.Sequence(List<Node> items) ->
                items.stream().mapToInt(this::height).max().orElse(0);
            case Node.Choice(List<Node> alternatives) ->
                alternatives.stream().mapToInt(this::height).min().orElse(IMPOSSIBLE);
            case Node.Repeat repeat -> repeat.min() == 0 ? 0 : height(repeat.item());
            case Node.Reference(String rule) -> {
                int body = ruleHeights.getOrDefault(rule, IMPOSSIBLE);
                yield body >= IMPOSSIBLE ? IMPOSSIBLE : body + (recursive.contains(rule) ? 1 : 0);
            }
        };
    }
}
