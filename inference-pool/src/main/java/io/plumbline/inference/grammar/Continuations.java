package io.plumbline.inference.grammar;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Names for people what a text may go on with: each way as far as it is certain, and where the ways part, one step further.
 * So {@code "colour":} is followed by {@code "red"} or {@code "blue"}, not by a quotation mark.
 */
final class Continuations {
    /** More are no help. */
    private static final int MOST = 8;

    private static final int MOST_BYTES = 60;
    private static final int MOST_FORKS = 1;
    private static final int[] DIGITS = IntStream.rangeClosed('0', '9').toArray();

    private final Automaton automaton;
    private final Set<String> found = new LinkedHashSet<>();
    private boolean tooMany;

    Continuations(Automaton automaton) {
        this.automaton = automaton;
    }

    /** Empty if nothing may follow, or too much to be named. */
    List<String> of(State state) {
        explore(state, new byte[0], MOST_FORKS);
        return tooMany || found.size() > MOST ? List.of() : List.copyOf(found);
    }

    private void explore(State from, byte[] before, int forks) {
        State state = from;
        byte[] bytes = before;
        int[] next = next(state);
        while (next.length == 1 && !(state.accepting && bytes.length > 0) && bytes.length < MOST_BYTES) {
            state = automaton.next(state, next[0]);
            bytes = with(bytes, next[0]);
            next = next(state);
        }
        boolean whole = whole(bytes);
        // Behind a quotation mark alone more has to be told; behind a name it would be noise.
        boolean little = bytes.length - before.length <= 1;
        if (next.length > 1 && ((forks > 0 && little) || !whole)) {
            fork(state, bytes, next, whole ? forks - 1 : forks);
        } else {
            add(new String(bytes, 0, wholeLength(bytes), StandardCharsets.UTF_8));
        }
    }

    private void fork(State state, byte[] bytes, int[] next, int forks) {
        List<Integer> ways = new ArrayList<>(Arrays.stream(next).boxed().toList());
        List<Integer> digits = Arrays.stream(DIGITS).boxed().toList();
        if (ways.containsAll(digits)) {
            ways.removeAll(digits);
            add(new String(bytes, StandardCharsets.UTF_8) + "0\u20139");
        }
        if (ways.size() > MOST) {
            // What was certain until here is a help all the same.
            tooMany |= bytes.length == 0;
            add(new String(bytes, 0, wholeLength(bytes), StandardCharsets.UTF_8));
            return;
        }
        for (int b : ways) {
            if (!tooMany && found.size() <= MOST) {
                explore(automaton.next(state, b), with(bytes, b), forks);
            }
        }
    }

    /** White space that may stand there or not is no news. */
    private void add(String text) {
        if (!text.isBlank()) {
            found.add(text.strip());
        }
    }

    private int[] next(State state) {
        return IntStream.range(0, 256)
                .filter(b -> !automaton.next(state, b).isRejected())
                .toArray();
    }

    private static byte[] with(byte[] bytes, int b) {
        byte[] longer = Arrays.copyOf(bytes, bytes.length + 1);
        longer[bytes.length] = (byte) b;
        return longer;
    }

    private static boolean whole(byte[] bytes) {
        return wholeLength(bytes) == bytes.length;
    }

    /** Length without a character at the end of which bytes are missing. */
    private static int wholeLength(byte[] bytes) {
        int begin = bytes.length - 1;
        while (begin >= 0 && (bytes[begin] & 0xC0) == 0x80) {
            begin--;
        }
        if (begin < 0) {
            return bytes.length;
        }
        int first = bytes[begin] & 0xFF;
        int needed = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
        return bytes.length - begin < needed ? begin : bytes.length;
    }
}
