package io.plumbline.compliance.audit;

import com.fasterxml.jackson.databind.JsonNode;
import io.plumbline.inference.TenantId;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The first line of an export: what is in the file, and what a verifier needs beside the entries.
 *
 * @param tenant whose log
 * @param exportedAt when
 * @param range which part of it
 * @param outside the rest of the tree
 * @param keys all public keys that the log was ever signed with
 */
public record ExportHeader(
        TenantId tenant, Instant exportedAt, Range range, Outside outside, List<VerificationKey> keys) {
    /** {@code format} of the JSON form. */
    public static final String FORMAT = "plumbline-audit-log";

    static final int VERSION = 1;
    private static final String PURPOSE = "plumbline-audit-export-1\0";
    private static final List<String> MEMBERS = List.of(
            "format",
            "version",
            "tenant",
            "exported_at",
            "from",
            "to",
            "tree_size",
            "first_head",
            "last_head",
            "before",
            "after",
            "keys",
            "signed_by",
            "signature");

    /**
     * Which part of a log.
     *
     * @param from first entry
     * @param to behind the last entry
     * @param treeSize entries under the last tree head of the file, at least {@code to}
     * @param firstHead number of its first tree head
     * @param lastHead number of its last
     */
    public record Range(long from, long to, long treeSize, long firstHead, long lastHead) {
        public Range {
            if (from < 0 || from >= to || to > treeSize || firstHead < 1 || firstHead > lastHead) {
                throw new IllegalArgumentException(
                        "entries %d to %d of %d under the tree heads %d to %d are no part of a log"
                                .formatted(from, to, treeSize, firstHead, lastHead));
            }
        }
    }

    /**
     * The tree left and right of a part, as the hashes of perfect subtrees; wrong ones cannot lead to a signed root.
     *
     * @param before of {@code NodeId.covering(0, from)}
     * @param after of {@code NodeId.covering(to, treeSize)}
     */
    public record Outside(List<MerkleHash> before, List<MerkleHash> after) {
        public Outside {
            before = List.copyOf(before);
            after = List.copyOf(after);
        }
    }

    /** A header as it stands in a file. */
    record Signed(ExportHeader header, String keyId, byte[] signature) {
        boolean signedBy(VerificationKey key) {
            return key.id().equals(keyId) && key.verifies(header.signed(keyId), signature);
        }
    }

    public ExportHeader {
        if (outside.before().size() != NodeId.covering(0, range.from()).size()
                || outside.after().size()
                        != NodeId.covering(range.to(), range.treeSize()).size()) {
            throw new IllegalArgumentException("'before' and 'after' do not cover the rest of the tree");
        }
        exportedAt = LogTime.exact(exportedAt);
        keys = List.copyOf(keys);
    }

    /** The signed line, without its end. */
    public String json(SigningKey key) {
        String id = key.verificationKey().id();
        return json(id, key.sign(signed(id)));
    }

    private String json(String keyId, byte[] signature) {
        return body(keyId)
                .string("signature", Base64.getEncoder().encodeToString(signature))
                .text();
    }

    /** The purpose, and the line without its signature. */
    private byte[] signed(String keyId) {
        return (PURPOSE + body(keyId).text()).getBytes(StandardCharsets.UTF_8);
    }

    private CanonicalJson body(String keyId) {
        return new CanonicalJson()
                .string("format", FORMAT)
                .number("version", VERSION)
                .string("tenant", tenant.value())
                .string("exported_at", LogTime.text(exportedAt))
                .number("from", range.from())
                .number("to", range.to())
                .number("tree_size", range.treeSize())
                .number("first_head", range.firstHead())
                .number("last_head", range.lastHead())
                .raw("before", list(outside.before()))
                .raw("after", list(outside.after()))
                .raw("keys", keys.stream().map(ExportHeader::json).collect(Collectors.joining(",", "[", "]")))
                .string("signed_by", keyId);
    }

    static String list(List<MerkleHash> hashes) {
        return hashes.stream().map(hash -> '"' + hash.hex() + '"').collect(Collectors.joining(",", "[", "]"));
    }

    static String json(VerificationKey key) {
        return new CanonicalJson()
                .string("id", key.id())
                .string("public_key", Base64.getEncoder().encodeToString(key.encoded()))
                .text();
    }

    static VerificationKey key(JsonNode json) {
        JsonMembers members = JsonMembers.of(json, List.of("id", "public_key"));
        VerificationKey key = VerificationKey.ofEncoded(members.bytes("public_key"));
        if (!key.id().equals(members.string("id"))) {
            throw new IllegalArgumentException("keys: the id is not the SHA-256 of the public key beside it");
        }
        return key;
    }

    /** @throws IllegalArgumentException if this is no header in its one form */
    static Signed parse(String line) {
        JsonMembers members = JsonMembers.of(line.getBytes(StandardCharsets.UTF_8), MEMBERS);
        if (!members.string("format").equals(FORMAT)) {
            throw new IllegalArgumentException("'format' is not " + FORMAT);
        }
        if (members.number("version") != VERSION) {
            throw new IllegalArgumentException("version %d of the format; this program reads version %d"
                    .formatted(members.number("version"), VERSION));
        }
        ExportHeader header = new ExportHeader(
                TenantId.of(members.string("tenant")),
                members.time("exported_at"),
                new Range(
                        members.number("from"),
                        members.number("to"),
                        members.number("tree_size"),
                        members.number("first_head"),
                        members.number("last_head")),
                new Outside(members.hashes("before"), members.hashes("after")),
                members.list("keys", ExportHeader::key));
        Signed signed = new Signed(header, members.hash("signed_by").hex(), members.bytes("signature"));
        if (!header.json(signed.keyId(), signed.signature()).equals(line)) {
            throw new IllegalArgumentException("the line is not in its canonical form");
        }
        return signed;
    }
}
