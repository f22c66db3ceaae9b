package io.plumbline.compliance.audit;

import java.util.ArrayList;
import java.util.List;

/**
 * A perfect subtree: that over the {@code 2^level} leaves from {@code index * 2^level} on. Its hash never changes once its
 * leaves are there, whatever is appended later; so it can be stored.
 *
 * @param level 0 = a leaf
 * @param index counted within its level, from the left
 */
public record NodeId(int level, long index) {
    private static final int MAX_LEVEL = 62;

    public NodeId {
        if (level < 0 || level > MAX_LEVEL || index < 0) {
            throw new IllegalArgumentException("no node: level %d, index %d".formatted(level, index));
        }
    }

    /** First leaf below it. */
    public long begin() {
        return index << level;
    }

    /** Leaves below it. */
    public long size() {
        return 1L << level;
    }

    /**
     * The fewest perfect subtrees that cover the leaves {@code [begin, end)}, from left to right: at most two a level.
     *
     * @throws IllegalArgumentException unless {@code 0 <= begin <= end}
     */
    public static List<NodeId> covering(long begin, long end) {
        if (begin < 0 || begin > end) {
            throw new IllegalArgumentException("no range of leaves: [%d, %d)".formatted(begin, end));
        }
        List<NodeId> nodes = new ArrayList<>();
        long at = begin;
        while (at < end) {
            int aligned = at == 0 ? MAX_LEVEL : Long.numberOfTrailingZeros(at);
            int fits = Long.SIZE - 1 - Long.numberOfLeadingZeros(end - at);
            int level = Math.min(Math.min(aligned, fits), MAX_LEVEL);
            nodes.add(new NodeId(level, at >> level));
            at += 1L << level;
        }
        return nodes;
    }
}
