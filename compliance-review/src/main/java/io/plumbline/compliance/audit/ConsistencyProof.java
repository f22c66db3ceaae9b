package io.plumbline.compliance.audit;

import java.util.List;

/**
 * Shows that a tree grew out of an earlier one: nothing of the earlier was changed, removed or moved.
 *
 * @param first leaves of the earlier tree, at least 1
 * @param second leaves of the later tree
 * @param path hashes as in RFC 6962, section 2.1.2
 */
public record ConsistencyProof(long first, long second, List<MerkleHash> path) {
    public ConsistencyProof {
        path = List.copyOf(path);
    }

    /** Whether the tree of the second root begins with that of the first; RFC 9162, section 2.1.4.2. */
    public boolean proves(MerkleHash firstRoot, MerkleHash secondRoot) {
        if (first < 1 || first > second) {
            return false;
        }
        if (first == second) {
            return path.isEmpty() && firstRoot.equals(secondRoot);
        }
        boolean known = Long.bitCount(first) == 1;
        if (!known && path.isEmpty()) {
            return false;
        }
        MerkleHash start = known ? firstRoot : path.getFirst();
        return climb(start, known ? path : path.subList(1, path.size()), firstRoot, secondRoot);
    }

    private boolean climb(MerkleHash start, List<MerkleHash> rest, MerkleHash firstRoot, MerkleHash secondRoot) {
        long fn = first - 1;
        long sn = second - 1;
        while ((fn & 1) == 1) {
            fn >>= 1;
            sn >>= 1;
        }
        MerkleHash fr = start;
        MerkleHash sr = start;
        for (MerkleHash c : rest) {
            if (sn == 0) {
                return false;
            }
            if ((fn & 1) == 1 || fn == sn) {
                fr = MerkleHash.node(c, fr);
                sr = MerkleHash.node(c, sr);
                while ((fn & 1) == 0 && fn != 0) {
                    fn >>= 1;
                    sn >>= 1;
                }
            } else {
                sr = MerkleHash.node(sr, c);
            }
            fn >>= 1;
            sn >>= 1;
        }
        return sn == 0 && fr.equals(firstRoot) && sr.equals(secondRoot);
    }
}
