package io.plumbline.compliance.screen;

import java.util.ArrayList;
import java.util.List;

/** Masks and insertions for one text, applied when a part of it is released. */
final class Edits {
    private record Edit(int start, int end, String text) {
        boolean touches(Edit other) {
            return start < other.end && other.start < end;
        }
    }

    private final List<Edit> edits = new ArrayList<>();

    /** Replaces a range; ranges that overlap become one, with the mask of the widest. */
    void mask(int start, int end, String mask) {
        var merged = new Edit(start, end, mask);
        for (Edit other : List.copyOf(edits)) {
            if (merged.touches(other)) {
                edits.remove(other);
                boolean wider = other.end - other.start > merged.end - merged.start;
                merged = new Edit(
                        Math.min(merged.start, other.start),
                        Math.max(merged.end, other.end),
                        wider ? other.text : merged.text);
            }
        }
        edits.add(merged);
        edits.sort((a, b) -> Integer.compare(a.start, b.start));
    }

    /** Puts words at an index, after those that were put there before. */
    void insert(int at, String text) {
        int place = 0;
        while (place < edits.size() && edits.get(place).start <= at && edits.get(place).end <= at) {
            place++;
        }
        edits.add(place, new Edit(at, at, text));
    }

    /** The largest index up to {@code limit} that does not cut a masked range. */
    int cut(int limit) {
        int cut = limit;
        for (Edit edit : edits) {
            if (edit.start < cut && cut < edit.end) {
                cut = edit.start;
            }
        }
        return cut;
    }

    /**
     * The edited text of a range; neither end cuts a masked range.
     *
     * @param text holds at least the range
     * @param from first index
     * @param to index after the range
     * @param offset index at which {@code text} begins
     */
    String apply(String text, int from, int to, int offset) {
        var result = new StringBuilder(to - from);
        int at = from;
        for (Edit edit : edits) {
            if (edit.start >= at && edit.end <= to) {
                result.append(text, at - offset, edit.start - offset).append(edit.text);
                at = edit.end;
            }
        }
        return result.append(text, at - offset, to - offset).toString();
    }
}
