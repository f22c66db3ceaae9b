package io.plumbline.inference.scheduler;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PromptLookupTest {
    private final PromptLookup lookup = new PromptLookup();

    @Test
    void continuesAsTheSameWordsWentOnBefore() {
        assertArrayEquals(new int[] {4, 5, 6}, guess(3, 1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3));
    }

    @Test
    void guessesNothingWithoutAPrecedent() {
        assertArrayEquals(new int[0], guess(3, 1, 2, 3, 4, 5, 6, 7, 2, 3));
        assertArrayEquals(new int[0], guess(3, 1));
        assertArrayEquals(new int[0], guess(3, 1, 2, 3));
    }

    @Test
    void aPeriodGoesOnForEver() {
        assertArrayEquals(new int[] {2, 3, 1, 2, 3, 1, 2, 3}, guess(8, 9, 1, 2, 3, 1, 2, 3, 1));
        assertArrayEquals(new int[] {5, 5, 5, 5}, guess(4, 5, 5, 5, 5));
    }

    @Test
    void theLongestAgreementWinsAndOfEqualOnesTheLatest() {
        assertArrayEquals(new int[] {40}, guess(1, 7, 1, 2, 3, 40, 8, 1, 2, 3, 50, 7, 1, 2, 3));
        assertArrayEquals(new int[] {50}, guess(1, 7, 1, 2, 3, 40, 8, 1, 2, 3, 50, 9, 1, 2, 3));
    }

    @Test
    void itFollowsASequenceAsItGrows() {
        Random random = new Random(3);
        int[] tokens = random.ints(3000, 0, 12).toArray();
        for (int known = 1; known < 2900; known++) {
            int[] room = Arrays.copyOf(tokens, 3000);
            int[] fresh = Arrays.copyOf(tokens, 3000);
            int guesses = lookup.guess(room, known, 4);
            assertEquals(new PromptLookup().guess(fresh, known, 4), guesses, "with " + known + " tokens");
            if (guesses > 0) {
                assertEquals(4, guesses);
            }
        }
    }

    private static int[] guess(int most, int... tokens) {
        int[] room = Arrays.copyOf(tokens, tokens.length + most);
        int guesses = new PromptLookup().guess(room, tokens.length, most);
        return Arrays.copyOfRange(room, tokens.length, tokens.length + guesses);
    }
}
