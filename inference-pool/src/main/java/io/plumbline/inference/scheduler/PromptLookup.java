package io.plumbline.inference.scheduler;

import java.util.Arrays;

/**
 * Guesses how a sequence goes on by looking up its last tokens in what it has already said (Saxena 2023, Prompt Lookup
 * Decoding): answers quote their prompt, and lists, code and JSON repeat themselves. The guess costs no model.
 *
 * <p>An index by the last {@value #GRAM} tokens finds earlier places; of the most recent few, the one that agrees
 * longest with the end of the sequence is continued. A continuation that reaches the end of the sequence goes on in the
 * guess itself, so that something periodic is guessed to any length.
 */
final class PromptLookup {
    private static final int GRAM = 3;
    /** Places looked at; in text that repeats itself much the recent ones are as good as all. */
    private static final int CANDIDATES = 8;
    /** Agreement beyond this says nothing more. */
    private static final int LONGEST_AGREEMENT = 32;

    private static final int NONE = -1;

    /** Hash of a gram → position of its last token, the most recent one; grams that share a hash share a chain. */
    private int[] latest = new int[0];
    /** Position of a gram's last token → that of the one before it in the chain. */
    private int[] earlier = new int[0];
    /** Grams that end before this position are in the index. */
    private int indexed;

    /**
     * Guesses the next tokens.
     *
     * @param tokens the sequence's tokens; the guess is written behind the known ones
     * @param known how many there are
     * @param most how many to guess; there is room for them in {@code tokens}
     * @return how many were guessed: {@code most}, or 0 if nothing like the end was found
     */
    int guess(int[] tokens, int known, int most) {
        index(tokens, known - 1);
        int place = known < GRAM + 1 ? NONE : bestPlace(tokens, known - 1);
        if (place == NONE) {
            return 0;
        }
        for (int i = 0; i < most; i++) {
            tokens[known + i] = tokens[place + 1 + i];
        }
        return most;
    }

    /** Where the sequence has been as it is at its end; the longest agreement wins, of equal ones the latest. */
    private int bestPlace(int[] tokens, int last) {
        int best = NONE;
        int longest = GRAM - 1;
        int place = latest[slot(tokens, last)];
        for (int i = 0; i < CANDIDATES && place != NONE; i++) {
            int agreement = agreement(tokens, place, last);
            if (agreement > longest) {
                longest = agreement;
                best = place;
            }
            place = earlier[place];
        }
        return best;
    }

    private static int agreement(int[] tokens, int place, int last) {
        int length = 0;
        while (length < LONGEST_AGREEMENT && length <= place && tokens[place - length] == tokens[last - length]) {
            length++;
        }
        return length;
    }

    /** Enters the grams that end before a position. */
    private void index(int[] tokens, int end) {
        if (latest.length < end) {
            latest = new int[Math.max(256, Integer.highestOneBit(end) * 4)];
            Arrays.fill(latest, NONE);
            earlier = new int[latest.length];
            indexed = 0; // slots depend on the size
        }
        for (int position = Math.max(indexed, GRAM - 1); position < end; position++) {
            int slot = slot(tokens, position);
            earlier[position] = latest[slot];
            latest[slot] = position;
        }
        indexed = Math.max(indexed, end);
    }

    private int slot(int[] tokens, int position) {
        int hash = 0;
        for (int i = 0; i < GRAM; i++) {
            hash = (hash + tokens[position - i]) * 0x9E3779B1;
        }
        return hash >>> Integer.numberOfLeadingZeros(latest.length - 1);
    }
}
