package io.plumbline.inference.grammar;

import java.util.Map;

/**
 * A language of texts.
 *
 * @param root what a whole text looks like
 * @param rules what references in it mean, by name
 */
public record Grammar(Node root, Map<String, Node> rules) {
    public Grammar {
        rules = Map.copyOf(rules);
    }

    /** A grammar without rules. */
    public static Grammar of(Node root) {
        return new Grammar(root, Map.of());
    }
}
