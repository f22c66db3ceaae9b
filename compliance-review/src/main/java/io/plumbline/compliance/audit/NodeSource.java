package io.plumbline.compliance.audit;

import java.util.Map;
import java.util.Set;

/** Where the hashes of perfect subtrees come from. */
@FunctionalInterface
public interface NodeSource {
    /** Hashes of the nodes, all in one look; a node that is missing from the answer is not there. */
    Map<NodeId, MerkleHash> read(Set<NodeId> nodes);
}
