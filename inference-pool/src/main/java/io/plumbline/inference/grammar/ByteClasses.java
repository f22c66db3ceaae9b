package io.plumbline.inference.grammar;

import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Bytes that a grammar never tells apart form a class: tables have one column per class. */
final class ByteClasses {
    private ByteClasses() {}

    /** The class of each byte; classes are numbered from 0. */
    static int[] of(Grammar grammar) {
        Set<Node> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        int[] classOfByte = new int[256];
        collect(grammar.root(), seen, classOfByte);
        grammar.rules().values().forEach(rule -> collect(rule, seen, classOfByte));
        return classOfByte;
    }

    /** One byte of each class. */
    static int[] representatives(int[] classOfByte) {
        int[] byteOfClass = new int[Arrays.stream(classOfByte).max().orElse(0) + 1];
        for (int b = 255; b >= 0; b--) {
            byteOfClass[classOfByte[b]] = b;
        }
        return byteOfClass;
    }

    private static void collect(Node node, Set<Node> seen, int[] classOfByte) {
        if (!seen.add(node)) {
            return;
        }
        switch (node) {
            case ByteSet set -> split(classOfByte, set);
            case Node.Literal literal -> {
                for (int i = 0; i < literal.length(); i++) {
                    split(classOfByte, ByteSet.range(literal.at(i), literal.at(i)));
                }
            }
            case Node.Sequence(List<Node> items) -> items.forEach(item -> collect(item, seen, classOfByte));
            case Node.Choice(List<Node> alternatives) -> alternatives.forEach(a -> collect(a, seen, classOfByte));
            case Node.Repeat repeat -> collect(repeat.item(), seen, classOfByte);
            case Node.Reference ignored -> {}
        }
    }

    /** Parts every class into what is in the set and what is not. */
    private static void split(int[] classOfByte, ByteSet set) {
        Map<Integer, Integer> renumbered = new HashMap<>();
        for (int b = 0; b < 256; b++) {
            int key = classOfByte[b] * 2 + (set.contains(b) ? 1 : 0);
            classOfByte[b] = renumbered.computeIfAbsent(key, ignored -> renumbered.size());
        }
    }
}
