package io.plumbline.inference.sampling;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** Which tokens a sequence contains: what penalties look at. Grows with the sequence; each step costs O(1). */
public final class TokenHistory {
    private final Map<Integer, Integer> positionOf = new HashMap<>();
    private int[] tokens = new int[16];
    private int[] generated = new int[16];
    private int size;

    /** @param prompt tokens the sequence begins with */
    public TokenHistory(int[] prompt) {
        for (int token : prompt) {
            position(token);
        }
    }

    /** Notes a generated token. */
    public void add(int token) {
        int position = position(token); // first: it may replace the array
        generated[position]++;
    }

    private int position(int token) {
        Integer known = positionOf.putIfAbsent(token, size);
        if (known != null) {
            return known;
        }
        if (size == tokens.length) {
            tokens = Arrays.copyOf(tokens, size * 2);
            generated = Arrays.copyOf(generated, size * 2);
        }
        tokens[size] = token;
        return size++;
    }

    /** Number of distinct tokens of prompt and answer. */
    int distinct() {
        return size;
    }

    /** The distinct token number {@code index}. */
    int token(int index) {
        return tokens[index];
    }

    /** How often the distinct token number {@code index} was generated. */
    int generated(int index) {
        return generated[index];
    }
}
