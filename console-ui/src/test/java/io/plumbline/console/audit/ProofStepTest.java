package io.plumbline.console.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.compliance.audit.AuditEntry;
import io.plumbline.compliance.audit.AuditableAct;
import io.plumbline.compliance.audit.EntryProof;
import io.plumbline.compliance.audit.InclusionProof;
import io.plumbline.compliance.audit.MerkleHash;
import io.plumbline.compliance.audit.SignedTreeHead;
import io.plumbline.compliance.audit.SigningKey;
import io.plumbline.compliance.audit.TreeHead;
import io.plumbline.inference.TenantId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The walk that is shown ends at the root, for every entry of trees of every shape up to 33 entries. */
class ProofStepTest {
    private static final TenantId TENANT = TenantId.of("hospital");
    private static final Instant TIME = Instant.parse("2026-11-22T12:00:00Z");
    private static final int LARGEST = 33;

    private static AuditEntry entry(int index) {
        return new AuditEntry(
                index, TIME, TENANT, new AuditableAct("case.decided", "a", "case-" + index, Map.of(), Map.of()));
    }

    /** RFC 6962, section 2.1: the definition itself. */
    private static MerkleHash root(List<MerkleHash> leaves) {
        if (leaves.size() == 1) {
            return leaves.getFirst();
        }
        int split = Integer.highestOneBit(leaves.size() - 1);
        return MerkleHash.node(root(leaves.subList(0, split)), root(leaves.subList(split, leaves.size())));
    }

    /** RFC 6962, section 2.1.1: the definition itself. */
    private static List<MerkleHash> path(int index, List<MerkleHash> leaves) {
        if (leaves.size() == 1) {
            return List.of();
        }
        int split = Integer.highestOneBit(leaves.size() - 1);
        List<MerkleHash> left = leaves.subList(0, split);
        List<MerkleHash> right = leaves.subList(split, leaves.size());
        List<MerkleHash> path = new ArrayList<>(index < split ? path(index, left) : path(index - split, right));
        path.add(root(index < split ? right : left));
        return path;
    }

    @Test
    void theLastStepReachesTheRoot() {
        SigningKey key = SigningKey.generate();
        for (int size = 1; size <= LARGEST; size++) {
            List<MerkleHash> leaves =
                    IntStream.range(0, size).mapToObj(i -> entry(i).leafHash()).toList();
            SignedTreeHead head = new TreeHead(TENANT, 1, size, TIME, root(leaves)).sign(key);
            for (int index = 0; index < size; index++) {
                EntryProof proof = new EntryProof(
                        entry(index),
                        new InclusionProof(index, size, path(index, leaves)),
                        head,
                        key.verificationKey());
                assertThat(proof.problems()).isEmpty();
                List<ProofStep> steps = ProofStep.of(proof);
                MerkleHash reached = steps.isEmpty()
                        ? proof.entry().leafHash()
                        : steps.getLast().result();
                assertThat(reached)
                        .as("entry %d of %d", index, size)
                        .isEqualTo(head.head().root());
            }
        }
    }
}
