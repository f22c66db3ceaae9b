package io.plumbline.compliance.audit;

import java.util.List;

/**
 * Shows that an entry stands at its place in a tree.
 *
 * @param index of the entry
 * @param treeSize leaves of the tree
 * @param path hashes from the leaf's sibling up to the root's child, as in RFC 6962, section 2.1.1
 */
public record InclusionProof(long index, long treeSize, List<MerkleHash> path) {
    public InclusionProof {
        path = List.copyOf(path);
    }

    /** Whether the tree of that root has that leaf at {@link #index}; RFC 9162, section 2.1.3.2. */
    public boolean proves(MerkleHash leaf, MerkleHash root) {
        if (index < 0 || index >= treeSize) {
            return false;
        }
        long fn = index;
        long sn = treeSize - 1;
        MerkleHash hash = leaf;
        for (MerkleHash sibling : path) {
            if (sn == 0) {
                return false;
            }
            if ((fn & 1) == 1 || fn == sn) {
                hash = MerkleHash.node(sibling, hash);
                while ((fn & 1) == 0 && fn != 0) {
                    fn >>= 1;
                    sn >>= 1;
                }
            } else {
                hash = MerkleHash.node(hash, sibling);
            }
            fn >>= 1;
            sn >>= 1;
        }
        return sn == 0 && hash.equals(root);
    }
}
