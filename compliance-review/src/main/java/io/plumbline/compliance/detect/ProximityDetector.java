package io.plumbline.compliance.detect;

import java.util.ArrayList;
import java.util.List;

/**
 * Two things within a window ({@code cx}), in either order; the span covers both.
 *
 * @param id such as {@code cx:patient-age}
 * @param window characters of {@link View#TEXT} that may lie between them
 */
public record ProximityDetector(String id, Phrases near, Phrases with, int window) implements Detector {
    @Override
    public List<Match> find(Sentence sentence, Facts facts) {
        List<int[]> left = near.ranges(sentence.text());
        List<int[]> right = left.isEmpty() ? List.of() : with.ranges(sentence.text());
        List<Match> matches = new ArrayList<>();
        for (int[] a : left) {
            for (int[] b : right) {
                int gap = Math.max(a[0], b[0]) - Math.min(a[1], b[1]);
                if (gap >= 0 && gap <= window) {
                    matches.add(sentence.match(View.TEXT, Math.min(a[0], b[0]), Math.max(a[1], b[1])));
                }
            }
        }
        return matches;
    }

    @Override
    public int reach() {
        boolean open = near.reach() == Integer.MAX_VALUE || with.reach() == Integer.MAX_VALUE;
        return open ? Integer.MAX_VALUE : near.reach() + window + with.reach();
    }
}
