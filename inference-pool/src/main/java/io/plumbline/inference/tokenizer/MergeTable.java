package io.plumbline.inference.tokenizer;

import java.util.Arrays;

/** Which two tokens merge into which, and how early; an open hash table over primitive arrays, filled once. */
final class MergeTable {
    private static final long EMPTY = -1;

    private final long[] pairs;
    private final int[] ranks;
    private final int[] results;
    private final int mask;

    /** @param expected number of merges that will be added */
    MergeTable(int expected) {
        int capacity = Integer.highestOneBit(Math.max(16, expected * 2)) * 2;
        pairs = new long[capacity];
        Arrays.fill(pairs, EMPTY);
        ranks = new int[capacity];
        results = new int[capacity];
        mask = capacity - 1;
    }

    /** Adds a merge; of two for the same pair the first counts. */
    void add(int left, int right, int rank, int result) {
        int slot = slot(left, right);
        if (pairs[slot] == EMPTY) {
            pairs[slot] = pair(left, right);
            ranks[slot] = rank;
            results[slot] = result;
        }
    }

    /** Adds a merge unless one of its three tokens does not exist (-1), as in a cut-down vocabulary. */
    void addKnown(int left, int right, int rank, int result) {
        if (left >= 0 && right >= 0 && result >= 0) {
            add(left, right, rank, result);
        }
    }

    /** Where the pair is, or -1. */
    int find(int left, int right) {
        int slot = slot(left, right);
        return pairs[slot] == EMPTY ? -1 : slot;
    }

    int rank(int slot) {
        return ranks[slot];
    }

    int result(int slot) {
        return results[slot];
    }

    private int slot(int left, int right) {
        long pair = pair(left, right);
        int slot = (int) ((pair * 0x9E3779B97F4A7C15L) >>> 32) & mask;
        while (pairs[slot] != EMPTY && pairs[slot] != pair) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }

    private static long pair(int left, int right) {
        return ((long) left << 32) | right;
    }
}
