package io.plumbline.console.audit;

import io.plumbline.compliance.audit.EntryProof;
import io.plumbline.compliance.audit.InclusionProof;
import io.plumbline.compliance.audit.MerkleHash;
import java.util.ArrayList;
import java.util.List;

/**
 * One step on the way from an entry to the root: two hashes become one. The walk is that of RFC 9162, section 2.1.3.2, and is
 * shown; whether a proof holds is for {@link EntryProof#problems} to say.
 *
 * @param siblingLeft whether the sibling stands before the hash so far
 * @param sibling from the path
 * @param result the hash over both
 */
record ProofStep(boolean siblingLeft, MerkleHash sibling, MerkleHash result) {
    /** The steps of a proof, from the entry's own hash up. */
    static List<ProofStep> of(EntryProof proof) {
        InclusionProof inclusion = proof.inclusion();
        List<ProofStep> steps = new ArrayList<>();
        long node = inclusion.index();
        long last = inclusion.treeSize() - 1;
        MerkleHash hash = proof.entry().leafHash();
        for (MerkleHash sibling : inclusion.path()) {
            boolean left = (node & 1) == 1 || node == last;
            hash = left ? MerkleHash.node(sibling, hash) : MerkleHash.node(hash, sibling);
            steps.add(new ProofStep(left, sibling, hash));
            while (left && (node & 1) == 0 && node != 0) {
                node >>= 1;
                last >>= 1;
            }
            node >>= 1;
            last >>= 1;
        }
        return steps;
    }
}
