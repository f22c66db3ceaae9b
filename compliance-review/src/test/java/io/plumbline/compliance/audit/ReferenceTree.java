package io.plumbline.compliance.audit;

import java.util.ArrayList;
import java.util.List;

/**
 * The definitions of RFC 6962, section 2.1, word by word: recursive, over a list of all leaves, every hash computed anew. The
 * oracle of {@link MerkleTree} and {@link TreeFrontier}.
 */
final class ReferenceTree {
    private ReferenceTree() {}

    /** {@code MTH(D[n])}. */
    static MerkleHash root(List<byte[]> leaves) {
        int n = leaves.size();
        if (n == 0) {
            return MerkleHash.EMPTY_TREE;
        }
        if (n == 1) {
            return MerkleHash.leaf(leaves.getFirst());
        }
        int k = split(n);
        return MerkleHash.node(root(leaves.subList(0, k)), root(leaves.subList(k, n)));
    }

    /** {@code PATH(m, D[n])}. */
    static List<MerkleHash> path(int m, List<byte[]> leaves) {
        int n = leaves.size();
        if (n == 1) {
            return List.of();
        }
        int k = split(n);
        return m < k
                ? append(path(m, leaves.subList(0, k)), root(leaves.subList(k, n)))
                : append(path(m - k, leaves.subList(k, n)), root(leaves.subList(0, k)));
    }

    /** {@code PROOF(m, D[n])}. */
    static List<MerkleHash> proof(int m, List<byte[]> leaves) {
        return subproof(m, leaves, true);
    }

    private static List<MerkleHash> subproof(int m, List<byte[]> leaves, boolean known) {
        int n = leaves.size();
        if (m == n) {
            return known ? List.of() : List.of(root(leaves));
        }
        int k = split(n);
        return m <= k
                ? append(subproof(m, leaves.subList(0, k), known), root(leaves.subList(k, n)))
                : append(subproof(m - k, leaves.subList(k, n), false), root(leaves.subList(0, k)));
    }

    private static List<MerkleHash> append(List<MerkleHash> list, MerkleHash last) {
        List<MerkleHash> longer = new ArrayList<>(list);
        longer.add(last);
        return longer;
    }

    /** The largest power of two smaller than n. */
    private static int split(int n) {
        int k = 1;
        while (2 * k < n) {
            k *= 2;
        }
        return k;
    }
}
