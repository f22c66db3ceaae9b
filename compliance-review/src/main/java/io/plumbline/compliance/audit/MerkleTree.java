package io.plumbline.compliance.audit;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Roots and proofs of RFC 6962, section 2.1, out of stored perfect subtrees: each takes one look into the store for at
 * most {@code 2 log2(size)} hashes.
 *
 * <p>The RFC splits a list of n leaves at k, the largest power of two smaller than n. All lists that come of this begin at
 * a multiple of a power of two that is no smaller than they are; so each is a row of perfect subtrees of falling size, and
 * its hash is folded from the right.
 */
public final class MerkleTree {
    private final NodeSource nodes;

    public MerkleTree(NodeSource nodes) {
        this.nodes = nodes;
    }

    /** Leaves {@code [begin, end)} whose hash is one element of a proof. */
    private record Range(long begin, long end) {
        List<NodeId> nodes() {
            return NodeId.covering(begin, end);
        }
    }

    /** A node that the store should have and does not. */
    public static final class MissingNode extends IllegalStateException {
        private static final long serialVersionUID = 1L;

        public MissingNode(NodeId node) {
            super("the hash of the leaves %d to %d is missing from the stored tree"
                    .formatted(node.begin(), node.begin() + node.size() - 1));
        }
    }

    /** {@code MTH(D[size])}. */
    public MerkleHash root(long size) {
        return size == 0
                ? MerkleHash.EMPTY_TREE
                : hashes(List.of(new Range(0, size))).getFirst();
    }

    /**
     * {@code PATH(index, D[size])}, section 2.1.1.
     *
     * @throws IllegalArgumentException unless {@code 0 <= index < size}
     */
    public InclusionProof inclusion(long index, long size) {
        if (index < 0 || index >= size) {
            throw new IllegalArgumentException("entry %d is not in a tree of %d".formatted(index, size));
        }
        List<Range> path = new ArrayList<>();
        long begin = 0;
        long end = size;
        while (end - begin > 1) {
            long middle = begin + split(end - begin);
            if (index < middle) {
                path.add(new Range(middle, end));
                end = middle;
            } else {
                path.add(new Range(begin, middle));
                begin = middle;
            }
        }
        Collections.reverse(path);
        return new InclusionProof(index, size, hashes(path));
    }

    /**
     * {@code PROOF(first, D[second])}, section 2.1.2.
     *
     * @throws IllegalArgumentException unless {@code 1 <= first <= second}
     */
    public ConsistencyProof consistency(long first, long second) {
        if (first < 1 || first > second) {
            throw new IllegalArgumentException("no consistency from %d to %d".formatted(first, second));
        }
        List<Range> path = new ArrayList<>();
        long begin = 0;
        long end = second;
        while (end != first) {
            long middle = begin + split(end - begin);
            if (first <= middle) {
                path.add(new Range(middle, end));
                end = middle;
            } else {
                path.add(new Range(begin, middle));
                begin = middle;
            }
        }
        // Where the old tree is itself a left subtree, its root is known to whoever checks.
        if (begin > 0) {
            path.add(new Range(begin, end));
        }
        Collections.reverse(path);
        return new ConsistencyProof(first, second, hashes(path));
    }

    /** The largest power of two smaller than n, for n of at least 2. */
    private static long split(long n) {
        return Long.highestOneBit(n - 1);
    }

    private List<MerkleHash> hashes(List<Range> ranges) {
        Set<NodeId> needed = new HashSet<>();
        ranges.forEach(range -> needed.addAll(range.nodes()));
        Map<NodeId, MerkleHash> found = needed.isEmpty() ? Map.of() : nodes.read(needed);
        return ranges.stream().map(range -> fold(range.nodes(), found)).toList();
    }

    private static MerkleHash fold(List<NodeId> nodes, Map<NodeId, MerkleHash> found) {
        MerkleHash hash = hash(nodes.getLast(), found);
        for (int i = nodes.size() - 2; i >= 0; i--) {
            hash = MerkleHash.node(hash(nodes.get(i), found), hash);
        }
        return hash;
    }

    private static MerkleHash hash(NodeId node, Map<NodeId, MerkleHash> found) {
        MerkleHash hash = found.get(node);
        if (hash == null) {
            throw new MissingNode(node);
        }
        return hash;
    }
}
