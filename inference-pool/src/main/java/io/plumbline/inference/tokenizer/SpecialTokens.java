package io.plumbline.inference.tokenizer;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntConsumer;

/**
 * Finds special tokens in text as llama.cpp does: the longest token first, everywhere; then the next longest in what is
 * left. A first pass through a trie finds which tokens occur at all, so that a vocabulary with thousands of special
 * tokens costs one pass over ordinary text.
 */
final class SpecialTokens {
    private final ByteTrie trie = new ByteTrie();
    private final Vocabulary vocabulary;

    /** A stretch of text, or a token if {@code token >= 0}. */
    private record Fragment(int start, int end, int token) {}

    /** @param userDefined whether user-defined tokens are looked for at all */
    SpecialTokens(Vocabulary vocabulary, boolean userDefined) {
        this.vocabulary = vocabulary;
        for (int id = 0; id < vocabulary.size(); id++) {
            TokenKind kind = vocabulary.kind(id);
            boolean special = kind.isSpecial() || (userDefined && kind == TokenKind.USER_DEFINED);
            if (special && vocabulary.spellings().length(id) > 0) {
                trie.add(vocabulary.text(id).getBytes(StandardCharsets.UTF_8), id);
            }
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
        List<Fragment> fragments = List.of(new Fragment(0, text.length(), -1));
        for (int id : longestFirst(present(text.getBytes(StandardCharsets.UTF_8), parseSpecial))) {
            fragments = split(text, fragments, id);
        }
        for (Fragment fragment : fragments) {
            if (fragment.token() >= 0) {
                onToken.accept(fragment.token());
            } else if (fragment.end() > fragment.start()) {
                onText.accept(text.substring(fragment.start(), fragment.end()));
            }
        }
    }

    /** Of equally long tokens the first in the vocabulary comes first. */
    private List<Integer> longestFirst(BitSet tokens) {
        Comparator<Integer> byLength = Comparator.comparing(vocabulary.spellings()::length);
        return tokens.stream().boxed().sorted(byLength.reversed()).toList();
    }

    private BitSet present(byte[] text, boolean parseSpecial) {
        BitSet present = new BitSet();
        for (int start = 0; start < text.length; start++) {
            int node = ByteTrie.ROOT;
            for (int i = start; i < text.length; i++) {
                node = trie.child(node, text[i]);
                if (node == ByteTrie.NONE) {
                    break;
                }
                int token = trie.value(node);
                if (token != ByteTrie.NONE && (parseSpecial || vocabulary.kind(token) == TokenKind.USER_DEFINED)) {
                    present.set(token);
                }
            }
        }
        return present;
    }

    private List<Fragment> split(String text, List<Fragment> fragments, int id) {
        String spelling = vocabulary.text(id);
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
