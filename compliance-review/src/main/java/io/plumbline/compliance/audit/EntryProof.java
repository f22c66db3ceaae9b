package io.plumbline.compliance.audit;

import java.util.List;
import java.util.stream.Collectors;

/**
 * All that is needed to show, away from the system, that an entry is in the log: the entry, its path, and a signed head.
 *
 * @param entry what is proved
 * @param inclusion its path in the tree of the head
 * @param head signed
 * @param key that signed the head; says who signed only to those who know it from elsewhere
 */
public record EntryProof(AuditEntry entry, InclusionProof inclusion, SignedTreeHead head, VerificationKey key) {
    /** {@code format} of the JSON form. */
    public static final String FORMAT = "plumbline-audit-proof";

    private static final int VERSION = 1;
    private static final List<String> MEMBERS =
            List.of("format", "version", "entry", "leaf_hash", "inclusion", "tree_head", "key");

    /** Everything that is wrong with it; empty = the entry is in the log that this key signed. */
    public List<String> problems() {
        java.util.ArrayList<String> problems = new java.util.ArrayList<>();
        TreeHead tree = head.head();
        if (!head.signedBy(key)) {
            problems.add("tree_head: the signature is not that of key %s over this tree head".formatted(key.id()));
        }
        if (!entry.tenant().equals(tree.tenant())) {
            problems.add("entry.tenant: the entry is of %s, the tree head of %s"
                    .formatted(entry.tenant().value(), tree.tenant().value()));
        }
        if (entry.index() != inclusion.index()) {
            problems.add("inclusion.index: the path is that of entry %d, the entry is number %d"
                    .formatted(inclusion.index(), entry.index()));
        }
        if (inclusion.treeSize() != tree.size()) {
            problems.add("inclusion.tree_size: the path is for %d entries, the tree head has %d"
                    .formatted(inclusion.treeSize(), tree.size()));
        }
        if (!inclusion.proves(entry.leafHash(), tree.root())) {
            problems.add(
                    "inclusion.path: it does not lead from this entry to the root of the tree head; the entry, the path"
                            + " or the root was changed");
        }
        return problems;
    }

    /** The JSON form, on one line. */
    public String json() {
        String path = inclusion.path().stream()
                .map(hash -> '"' + hash.hex() + '"')
                .collect(Collectors.joining(",", "[", "]"));
        return new CanonicalJson()
                .string("format", FORMAT)
                .number("version", VERSION)
                .raw("entry", entry.json())
                .string("leaf_hash", entry.leafHash().hex())
                .raw(
                        "inclusion",
                        new CanonicalJson()
                                .number("index", inclusion.index())
                                .number("tree_size", inclusion.treeSize())
                                .raw("path", path)
                                .text())
                .raw("tree_head", head.json())
                .raw("key", ExportHeader.json(key))
                .text();
    }

    /**
     * Reads {@link #json}, whatever its white space and order.
     *
     * @throws IllegalArgumentException if this is no proof, with the member that is wrong
     */
    public static EntryProof parse(byte[] json) {
        JsonMembers members = JsonMembers.of(json, MEMBERS);
        if (!members.string("format").equals(FORMAT) || members.number("version") != VERSION) {
            throw new IllegalArgumentException("not a proof of version %d".formatted(VERSION));
        }
        AuditEntry entry = AuditEntry.of(members.node("entry"));
        if (!members.hash("leaf_hash").equals(entry.leafHash())) {
            throw new IllegalArgumentException(
                    "leaf_hash: it is not the hash of the entry; one of the two was changed");
        }
        JsonMembers inclusion = JsonMembers.of(members.node("inclusion"), List.of("index", "tree_size", "path"));
        return new EntryProof(
                entry,
                new InclusionProof(inclusion.number("index"), inclusion.number("tree_size"), inclusion.hashes("path")),
                SignedTreeHead.of(members.node("tree_head")),
                ExportHeader.key(members.node("key")));
    }
}
