package io.plumbline.compliance.audit;

import io.plumbline.inference.TenantId;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Goes through a log from its beginning and recomputes everything: each leaf hash, each index, and at each tree head the
 * root and the signature. Since every root is computed over the same growing tree, equal roots also mean that each head
 * is consistent with those before it. Memory does not grow with the log. For one thread.
 */
public final class LogVerifier {
    private final TenantId tenant;
    private final Map<String, VerificationKey> keys = new HashMap<>();
    private final TreeFrontier frontier;
    private long nextHead;
    private long lastSize;

    /** @param keys whose signatures count */
    public LogVerifier(TenantId tenant, Collection<VerificationKey> keys) {
        this(tenant, keys, TreeFrontier.empty(), 1);
    }

    /**
     * Begins in the middle of a log.
     *
     * @param frontier the tree over the entries before
     * @param nextHead number of the first tree head that is to come
     */
    LogVerifier(TenantId tenant, Collection<VerificationKey> keys, TreeFrontier frontier, long nextHead) {
        this.tenant = tenant;
        keys.forEach(key -> this.keys.put(key.id(), key));
        this.frontier = frontier;
        this.nextHead = nextHead;
        this.lastSize = frontier.size();
    }

    /** Entries so far. */
    public long size() {
        return frontier.size();
    }

    /** The root over the entries so far. */
    public MerkleHash root() {
        return frontier.root();
    }

    /** Number of the tree head that has to come next. */
    public long nextHead() {
        return nextHead;
    }

    /**
     * The next entry.
     *
     * @param bytes as stored
     * @param leafHash as stored beside it
     * @return the entry, and the inner nodes that it completes
     */
    public Checked entry(byte[] bytes, MerkleHash leafHash) throws DamageFound {
        long expected = frontier.size();
        if (!MerkleHash.leaf(bytes).equals(leafHash)) {
            throw new DamageFound(Damage.ofEntry(
                    expected,
                    "entry",
                    "its bytes do not have the leaf hash beside it; the entry or the hash was changed"));
        }
        AuditEntry entry = parse(bytes, expected);
        if (entry.index() != expected) {
            throw new DamageFound(Damage.ofEntry(
                    expected,
                    "index",
                    "entry %d is expected here and entry %d stands here; entries were removed, added or moved"
                            .formatted(expected, entry.index())));
        }
        if (!entry.tenant().equals(tenant)) {
            throw new DamageFound(Damage.ofEntry(
                    expected,
                    "tenant",
                    "the entry is from the log of %s and this is the log of %s".formatted(entry.tenant(), tenant)));
        }
        return new Checked(entry, frontier.append(leafHash));
    }

    /**
     * An entry that is as it should be, as far as can be said before the next tree head.
     *
     * @param completed inner nodes over it and entries before, from below
     */
    public record Checked(AuditEntry entry, List<TreeFrontier.Subtree> completed) {}

    private static AuditEntry parse(byte[] bytes, long index) throws DamageFound {
        try {
            return AuditEntry.parse(bytes);
        } catch (IllegalArgumentException e) {
            throw new DamageFound(Damage.ofEntry(index, "entry", "this is no entry of a log: " + e.getMessage()));
        }
    }

    /** Takes leaves that are known by their subtrees alone, up to the end of the tree. */
    void skip(long end, List<MerkleHash> subtrees) {
        frontier.skip(end, subtrees);
    }

    /** The next tree head; it stands right after the last entry that it covers. */
    public void head(SignedTreeHead signed) throws DamageFound {
        TreeHead head = signed.head();
        VerificationKey key = keys.get(signed.keyId());
        if (key == null) {
            throw broken(
                    head,
                    "it is signed by key %s, which is none of those that are trusted here: %s"
                            .formatted(signed.keyId(), String.join(", ", keys.keySet())));
        }
        if (!signed.signedBy(key)) {
            throw broken(head, "its signature does not fit; the tree head was changed after it was signed");
        }
        if (!head.tenant().equals(tenant)) {
            throw broken(head, "it is of the log of %s, and this is the log of %s".formatted(head.tenant(), tenant));
        }
        if (head.number() != nextHead) {
            throw broken(
                    head, "number %d is expected here; tree heads were removed, doubled or moved".formatted(nextHead));
        }
        if (head.size() != frontier.size()) {
            throw broken(
                    head,
                    "it covers %d entries and comes after %d; entries were removed, added or moved"
                            .formatted(head.size(), frontier.size()));
        }
        if (!head.root().equals(frontier.root())) {
            throw broken(
                    head,
                    ("the entries between the tree head at size %d and this one at size %d do not add up to its"
                                    + " root; at least one of them was changed together with its leaf hash, or an inner hash of a"
                                    + " partial export was")
                            .formatted(lastSize, head.size()));
        }
        nextHead++;
        lastSize = head.size();
    }

    private static DamageFound broken(TreeHead head, String message) {
        return new DamageFound(
                Damage.of("tree_head", "tree head %d (size %d): %s".formatted(head.number(), head.size(), message)));
    }
}
