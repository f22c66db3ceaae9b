package io.plumbline.inference.tokenizer;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Finds special tokens in text as llama.cpp does: the longest token first, everywhere; then the next longest in what is
 * left. A first pass through a trie finds which tokens occur at all, so that a vocabulary with thousands of special
 * tokens costs one pass over ordinary text.
 */
final class SpecialTokens {
    private final Node root = new Node();

    /** Ids of special tokens, longest spelling first. */
    private final List<Integer> longestFirst = new ArrayList<>();

    private final Vocabulary vocabulary;

    private static final class Node {
        private final Map<Character, Node> children = new HashMap<>();
        private int token = -1;
    }

    /** A stretch of text, or a token if {@code token >= 0}. */
    private record Fragment(int start, int end, int token) {}

    /** @param userDefined whether user-defined tokens are looked for at all */
    SpecialTokens(Vocabulary vocabulary, boolean userDefined) {
        this.vocabulary = vocabulary;
        for (int id = 0; id < vocabulary.size(); id++) {
            TokenKind kind = vocabulary.kinds()[id];
            String text = vocabulary.texts().get(id);
            if ((kind.isSpecial() || (userDefined && kind == TokenKind.USER_DEFINED)) && !text.isEmpty()) {
                longestFirst.add(id);
                insert(text, id);
            }
        }
        longestFirst.sort(
                Comparator.comparingInt(id -> -vocabulary.texts().get(id).getBytes(StandardCharsets.UTF_8).length));
    }

    private void insert(String text, int id) {
        Node node = root;
        for (int i = 0; i < text.length(); i++) {
            node = node.children.computeIfAbsent(text.charAt(i), c -> new Node());
        }
        if (node.token < 0) {
            node.token = id;
        }
    }

    /**
     * Takes a text apart.
     *
     * @param parseSpecial whether control tokens are recognised; user-defined ones always are
     * @param onText called for every stretch of plain text
     * @param onToken called for every special token
     */
    void split(String text, boolean parseSpecial, Consumer<String> onText, IntConsumer onToken) {
        BitSet present = present(text, parseSpecial);
        List<Fragment> fragments = List.of(new Fragment(0, text.length(), -1));
        if (!present.isEmpty()) {
            for (int id : longestFirst) {
                if (present.get(id)) {
                    fragments = split(text, fragments, id);
                }
            }
        }
        for (Fragment fragment : fragments) {
            if (fragment.token() >= 0) {
                onToken.accept(fragment.token());
            } else if (fragment.end() > fragment.start()) {
                onText.accept(text.substring(fragment.start(), fragment.end()));
            }
        }
    }

    private BitSet present(String text, boolean parseSpecial) {
        BitSet present = new BitSet();
        for (int start = 0; start < text.length(); start++) {
            @Nullable Node node = root;
            for (int i = start; i < text.length(); i++) {
                node = node.children.get(text.charAt(i));
                if (node == null) {
                    break;
                }
                if (node.token >= 0 && (parseSpecial || vocabulary.kinds()[node.token] == TokenKind.USER_DEFINED)) {
                    present.set(node.token);
                }
            }
        }
        return present;
    }

    private List<Fragment> split(String text, List<Fragment> fragments, int id) {
        String spelling = vocabulary.texts().get(id);
        List<Fragment> finer = new ArrayList<>(fragments.size() + 2);
        for (Fragment fragment : fragments) {
            if (fragment.token() >= 0) {
                finer.add(fragment);
                continue;
            }
            int position = fragment.start();
            int found = text.indexOf(spelling, position, fragment.end());
            while (found >= 0) {
                if (found > position) {
                    finer.add(new Fragment(position, found, -1));
                }
                position = found + spelling.length();
                finer.add(new Fragment(found, position, id));
                found = text.indexOf(spelling, position, fragment.end());
            }
            if (position < fragment.end()) {
                finer.add(new Fragment(position, fragment.end(), -1));
            }
        }
        return finer;
    }
}
