package io.plumbline.inference.grammar;

import java.util.Arrays;
import java.util.List;

/**
 * The texts of tokens as a prefix tree, in one row: each node stands right before the nodes below it, so that a walk is a
 * loop and leaving out a whole branch is a jump.
 */
final class TokenTrie {
    /** Last byte of a node's text. */
    private final byte[] label;

    /** Length of a node's text, at least 1. */
    private final int[] depth;

    /** Index of the first node that is not below a node. */
    private final int[] end;

    /** The token of that text, or -1. */
    private final int[] token;

    /** Another token of the same text, by token, or -1. */
    private final int[] twin;

    private final int deepest;
    private int size;

    /**
     * @param texts bytes by token
     * @param tokens those to be in the trie; none of an empty text
     */
    TokenTrie(List<byte[]> texts, int[] tokens) {
        Integer[] sorted = Arrays.stream(tokens).boxed().toArray(Integer[]::new);
        Arrays.sort(sorted, (a, b) -> Arrays.compareUnsigned(texts.get(a), texts.get(b)));
        int nodes = countNodes(texts, sorted);
        label = new byte[nodes];
        depth = new int[nodes];
        end = new int[nodes];
        token = new int[nodes];
        twin = new int[texts.size()];
        Arrays.fill(twin, -1);
        int deep = 0;
        int[] path = new int[sorted.length == 0 ? 1 : longest(texts, sorted) + 1]; // nodes by depth
        byte[] previous = {};
        for (int id : sorted) {
            byte[] text = texts.get(id);
            int shared = Math.max(0, Arrays.mismatch(previous, text));
            if (Arrays.equals(previous, text)) {
                twin[id] = token[path[text.length]];
                token[path[text.length]] = id;
                continue;
            }
            close(path, shared, previous.length);
            for (int i = shared; i < text.length; i++) {
                label[size] = text[i];
                depth[size] = i + 1;
                token[size] = -1;
                path[i + 1] = size++;
            }
            token[size - 1] = id;
            deep = Math.max(deep, text.length);
            previous = text;
        }
        close(path, 0, previous.length);
        deepest = deep;
    }

    private void close(int[] path, int shared, int length) {
        for (int d = shared + 1; d <= length; d++) {
            end[path[d]] = size;
        }
    }

    private static int longest(List<byte[]> texts, Integer[] tokens) {
        return Arrays.stream(tokens).mapToInt(id -> texts.get(id).length).max().orElse(0);
    }

    private static int countNodes(List<byte[]> texts, Integer[] sorted) {
        int nodes = 0;
        byte[] previous = {};
        for (int id : sorted) {
            byte[] text = texts.get(id);
            int shared = Arrays.mismatch(previous, text);
            nodes += shared < 0 ? 0 : text.length - shared;
            previous = text;
        }
        return nodes;
    }

    /**
     * Adds the tokens that a grammar takes after a state.
     *
     * @param bits bit by token; those of taken tokens are set
     */
    void walk(Automaton automaton, State from, long[] bits) {
        State[] path = new State[deepest + 1];
        path[0] = from;
        int i = 0;
        while (i < size) {
            State state = automaton.next(path[depth[i] - 1], label[i] & 0xFF);
            if (state.isRejected()) {
                i = end[i];
                continue;
            }
            path[depth[i]] = state;
            for (int id = token[i]; id >= 0; id = twin[id]) {
                bits[id >> 6] |= 1L << id;
            }
            i++;
        }
    }

    /** Number of nodes. */
    int size() {
        return size;
    }
}
