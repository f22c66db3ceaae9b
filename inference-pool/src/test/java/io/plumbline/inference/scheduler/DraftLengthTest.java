package io.plumbline.inference.scheduler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class DraftLengthTest {
    private final DraftLength length = new DraftLength();

    @Test
    void guessesThatHoldGrowLonger() {
        int known = 100;
        for (int expected : new int[] {2, 4, 8, 16, 16}) {
            assertEquals(expected, length.at(known));
            known += expected + 1;
            length.tested(expected, expected, known);
        }
    }

    @Test
    void aGuessThatHoldsInPartIsNextTimeAsLongAsItHeld() {
        length.tested(8, 3, 100);
        assertEquals(3, length.at(100));
    }

    @Test
    void whoGoesItsOwnWayIsLeftAloneForLongerAndLonger() {
        int known = 0;
        int tests = 0;
        int guesses = 0;
        for (; known < 4000; known++) {
            int now = length.at(known);
            if (now > 0) {
                tests++;
                guesses += now;
                length.tested(now, 0, known);
            }
        }
        assertTrue(tests < 25, "%d tests, %d guesses in %d tokens".formatted(tests, guesses, known));
        assertTrue(tests > 10, "it never gives up for good");
    }

    @Test
    void aGuessCutShortByTheStepIsNotHeldAgainstIt() {
        length.tested(8, 8, 100);
        length.tested(1, 1, 110);
        assertEquals(16, length.at(110));
    }
}
