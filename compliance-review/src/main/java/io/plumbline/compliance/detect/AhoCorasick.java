package io.plumbline.compliance.detect;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;

/**
 * Finds all occurrences of many words in one pass, linear in the text plus the hits (Aho and Corasick, "Efficient string
 * matching: an aid to bibliographic search", CACM 18(6), 1975). Transitions are one open-addressed table keyed by
 * (state, character), so that 12,000 Chinese keywords take a few megabytes.
 */
final class AhoCorasick {
    /** Called for each occurrence. */
    @FunctionalInterface
    interface Hit {
        /** Returns false to stop the search. */
        boolean found(int start, int end);
    }

    private static final int ROOT = 0;

    private long[] keys = new long[64];
    private int[] targets = new int[64];
    private int used;
    private int states = 1;
    /** (states) length of the word that ends in this state; 0 = none. */
    private int[] wordLength = new int[16];
    /** (states) the longest proper suffix that is also a prefix. */
    private int[] fail;
    /** (states) the nearest state on the suffix chain in which a word ends; -1 = none. */
    private int[] output;

    private final int longest;

    AhoCorasick(Collection<String> words) {
        int max = 0;
        for (String word : words) {
            if (word.isEmpty()) {
                throw new IllegalArgumentException("an empty keyword matches everywhere");
            }
            add(word);
            max = Math.max(max, word.length());
        }
        longest = max;
        fail = new int[states];
        output = new int[states];
        link(children());
    }

    /** Length of the longest word. */
    int longest() {
        return longest;
    }

    void search(String text, Hit hit) {
        int state = ROOT;
        for (int i = 0; i < text.length(); i++) {
            state = step(state, text.charAt(i));
            for (int end = wordLength[state] > 0 ? state : output[state]; end >= 0; end = output[end]) {
                if (!hit.found(i + 1 - wordLength[end], i + 1)) {
                    return;
                }
            }
        }
    }

    private int step(int state, char c) {
        int from = state;
        while (true) {
            int next = child(from, c);
            if (next >= 0) {
                return next;
            }
            if (from == ROOT) {
                return ROOT;
            }
            from = fail[from];
        }
    }

    private void add(String word) {
        int state = ROOT;
        for (int i = 0; i < word.length(); i++) {
            int next = child(state, word.charAt(i));
            if (next < 0) {
                next = states++;
                if (next == wordLength.length) {
                    wordLength = Arrays.copyOf(wordLength, next * 2);
                }
                put(state, word.charAt(i), next);
            }
            state = next;
        }
        wordLength[state] = word.length();
    }

    private List<List<long[]>> children() {
        List<List<long[]>> children = new ArrayList<>(states);
        for (int i = 0; i < states; i++) {
            children.add(new ArrayList<>(1));
        }
        for (int i = 0; i < keys.length; i++) {
            if (keys[i] != 0) {
                children.get((int) (keys[i] >>> 17)).add(new long[] {keys[i] & 0xFFFF, targets[i]});
            }
        }
        return children;
    }

    private void link(List<List<long[]>> children) {
        Arrays.fill(output, -1);
        var queue = new ArrayDeque<Integer>();
        queue.add(ROOT);
        while (!queue.isEmpty()) {
            int state = queue.remove();
            for (long[] edge : children.get(state)) {
                int next = (int) edge[1];
                fail[next] = state == ROOT ? ROOT : step(fail[state], (char) edge[0]);
                output[next] = wordLength[fail[next]] > 0 ? fail[next] : output[fail[next]];
                queue.add(next);
            }
        }
    }

    /** Bit 16 marks a used slot, so that state 0 with character 0 is not taken for an empty one. */
    private static long key(int state, char c) {
        return ((long) state << 17) | 0x10000 | c;
    }

    private static int slot(long key, int capacity) {
        return (int) ((key * 0x9E3779B97F4A7C15L) >>> 32) & (capacity - 1);
    }

    private int child(int state, char c) {
        long key = key(state, c);
        for (int i = slot(key, keys.length); keys[i] != 0; i = (i + 1) & (keys.length - 1)) {
            if (keys[i] == key) {
                return targets[i];
            }
        }
        return -1;
    }

    private void put(int state, char c, int target) {
        if (++used * 2 > keys.length) {
            grow();
        }
        insert(key(state, c), target);
    }

    private void grow() {
        long[] oldKeys = keys;
        int[] oldTargets = targets;
        keys = new long[oldKeys.length * 2];
        targets = new int[keys.length];
        for (int i = 0; i < oldKeys.length; i++) {
            if (oldKeys[i] != 0) {
                insert(oldKeys[i], oldTargets[i]);
            }
        }
    }

    private void insert(long key, int target) {
        int i = slot(key, keys.length);
        while (keys[i] != 0) {
            i = (i + 1) & (keys.length - 1);
        }
        keys[i] = key;
        targets[i] = target;
    }
}
