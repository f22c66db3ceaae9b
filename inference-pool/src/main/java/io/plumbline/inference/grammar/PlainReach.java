package io.plumbline.inference.grammar;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/** Finds out whether any plain text of some length may follow a state. */
final class PlainReach {
    /** Enough for every slice. */
    private static final int FAR = 1 << 20;

    private final Automaton automaton;

    /** Classes of the bytes of a plain character; shape: form of a character, place, class. */
    private final List<int[][]> forms = new ArrayList<>();

    PlainReach(Automaton automaton) {
        this.automaton = automaton;
        for (int[] ranges : PlainText.CHARACTER) {
            int[][] form = new int[ranges.length / 2][];
            for (int i = 0; i < form.length; i++) {
                form[i] = IntStream.rangeClosed(ranges[2 * i], ranges[2 * i + 1])
                        .map(automaton::classOf)
                        .distinct()
                        .toArray();
            }
            if (forms.stream().noneMatch(other -> Arrays.deepEquals(other, form))) {
                forms.add(form);
            }
        }
    }

    /** Whether all plain texts of up to {@code characters} characters may follow. */
    boolean takesAll(State state, int characters) {
        if (characters <= state.plainAtLeast) {
            return true;
        }
        if (state.plainExact) {
            return false;
        }
        Set<State> after = afterOne(state);
        if (after.isEmpty()) {
            state.plainExact = true;
            return false;
        }
        if (after.size() == 1 && after.contains(state)) {
            state.plainAtLeast = FAR;
            return true;
        }
        for (State next : after) {
            if (!takesAll(next, characters - 1)) {
                state.plainAtLeast =
                        after.stream().mapToInt(s -> s.plainAtLeast + 1).min().orElse(0);
                state.plainExact =
                        after.stream().allMatch(s -> s.plainExact || s.plainAtLeast + 1 > state.plainAtLeast);
                return false;
            }
        }
        state.plainAtLeast = characters;
        return true;
    }

    /** The states after one more plain character, whichever it is; empty if one may not come. */
    private Set<State> afterOne(State state) {
        Set<State> all = Collections.newSetFromMap(new IdentityHashMap<>());
        for (int[][] form : forms) {
            Set<State> reached = Collections.newSetFromMap(new IdentityHashMap<>());
            reached.add(state);
            for (int[] classes : form) {
                Set<State> further = Collections.newSetFromMap(new IdentityHashMap<>());
                for (State before : reached) {
                    for (int byteClass : classes) {
                        State next = automaton.nextOfClass(before, byteClass);
                        if (next.isRejected()) {
                            return Set.of();
                        }
                        further.add(next);
                    }
                }
                reached = further;
            }
            all.addAll(reached);
        }
        return all;
    }
}
