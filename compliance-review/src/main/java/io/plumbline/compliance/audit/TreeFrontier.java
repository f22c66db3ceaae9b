package io.plumbline.compliance.audit;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;

/**
 * The right edge of a growing tree: the perfect subtrees that cover its leaves, largest first. It is all that appending and
 * the root need, {@code log2(size)} hashes. For one thread.
 */
public final class TreeFrontier {
    private final Deque<Subtree> subtrees = new ArrayDeque<>();
    private long size;

    /**
     * A perfect subtree and its hash.
     *
     * @param node which one
     */
    public record Subtree(NodeId node, MerkleHash hash) {}

    /** The tree without leaves. */
    public static TreeFrontier empty() {
        return new TreeFrontier();
    }

    /**
     * A tree whose leaves are known by their subtrees alone.
     *
     * @param hashes of {@link NodeId#covering covering(0, size)}, in that order
     * @throws IllegalArgumentException unless there is one hash for each of those subtrees
     */
    public static TreeFrontier at(long size, List<MerkleHash> hashes) {
        TreeFrontier frontier = new TreeFrontier();
        frontier.skip(size, hashes);
        return frontier;
    }

    /** Leaves so far. */
    public long size() {
        return size;
    }

    /** Appends a leaf; the inner subtrees that it completes, from below. */
    public List<Subtree> append(MerkleHash leaf) {
        return append(new Subtree(new NodeId(0, size), leaf));
    }

    /**
     * Appends leaves that are known by their subtrees alone.
     *
     * @param end leaves afterwards
     * @param hashes of {@code covering(size(), end)}, in that order
     * @throws IllegalArgumentException unless there is one hash for each of those subtrees
     */
    public void skip(long end, List<MerkleHash> hashes) {
        List<NodeId> nodes = NodeId.covering(size, end);
        if (nodes.size() != hashes.size()) {
            throw new IllegalArgumentException("the leaves %d to %d are covered by %d subtrees, and %d hashes are given"
                    .formatted(size, end - 1, nodes.size(), hashes.size()));
        }
        for (int i = 0; i < nodes.size(); i++) {
            append(new Subtree(nodes.get(i), hashes.get(i)));
        }
    }

    private List<Subtree> append(Subtree added) {
        List<Subtree> completed = new ArrayList<>();
        Subtree subtree = added;
        while (!subtrees.isEmpty()
                && subtrees.peekLast().node().level() == subtree.node().level()) {
            Subtree left = subtrees.removeLast();
            subtree = new Subtree(
                    new NodeId(left.node().level() + 1, left.node().index() >> 1),
                    MerkleHash.node(left.hash(), subtree.hash()));
            completed.add(subtree);
        }
        subtrees.addLast(subtree);
        size += added.node().size();
        return completed;
    }

    /** {@code MTH(D[size])}. */
    public MerkleHash root() {
        if (subtrees.isEmpty()) {
            return MerkleHash.EMPTY_TREE;
        }
        Iterator<Subtree> fromRight = subtrees.descendingIterator();
        MerkleHash hash = fromRight.next().hash();
        while (fromRight.hasNext()) {
            hash = MerkleHash.node(fromRight.next().hash(), hash);
        }
        return hash;
    }
}
