package io.plumbline.inference.tokenizer;

import java.util.Arrays;

/** Byte strings with a number each, walked byte by byte from {@link #ROOT}; edges live in one open-addressing table. */
final class ByteTrie {
    static final int ROOT = 0;

    /** No such node, or no string ends here. */
    static final int NONE = -1;

    private static final long EMPTY = -1;

    private long[] edges = new long[1 << 10];
    private int[] targets = new int[1 << 10];
    private int[] values = {NONE};
    private int nodes = 1;

    ByteTrie() {
        Arrays.fill(edges, EMPTY);
    }

    /** Adds a string; of two equal ones the first counts. */
    void add(byte[] key, int value) {
        int node = ROOT;
        for (byte b : key) {
            int next = child(node, b);
            node = next == NONE ? grow(node, b) : next;
        }
        if (values[node] == NONE) {
            values[node] = value;
        }
    }

    /** The node one byte further, or {@link #NONE}. */
    int child(int node, byte b) {
        long edge = edge(node, b);
        int slot = slot(edge);
        return edges[slot] == edge ? targets[slot] : NONE;
    }

    /** The number of the string that ends at a node, or {@link #NONE}. */
    int value(int node) {
        return values[node];
    }

    /** Length of the longest string at a position, 0 if none. */
    int longestMatch(byte[] text, int from) {
        int longest = 0;
        int node = ROOT;
        for (int i = from; i < text.length; i++) {
            node = child(node, text[i]);
            if (node == NONE) {
                break;
            }
            if (values[node] != NONE) {
                longest = i + 1 - from;
            }
        }
        return longest;
    }

    private int grow(int node, byte b) {
        if (nodes * 2 > edges.length) {
            rehash();
        }
        if (nodes == values.length) {
            values = Arrays.copyOf(values, nodes * 2);
        }
        long edge = edge(node, b);
        int slot = slot(edge);
        edges[slot] = edge;
        targets[slot] = nodes;
        values[nodes] = NONE;
        return nodes++;
    }

    private void rehash() {
        long[] oldEdges = edges;
        int[] oldTargets = targets;
        edges = new long[oldEdges.length * 2];
        targets = new int[edges.length];
        Arrays.fill(edges, EMPTY);
        for (int i = 0; i < oldEdges.length; i++) {
            if (oldEdges[i] != EMPTY) {
                int slot = slot(oldEdges[i]);
                edges[slot] = oldEdges[i];
                targets[slot] = oldTargets[i];
            }
        }
    }

    private static long edge(int node, byte b) {
        return (long) node << 8 | (b & 0xFF);
    }

    private int slot(long edge) {
        int mask = edges.length - 1;
        int slot = (int) (edge * 0x9E37_79B9_7F4A_7C15L >>> 32) & mask;
        while (edges[slot] != EMPTY && edges[slot] != edge) {
            slot = slot + 1 & mask;
        }
        return slot;
    }
}
