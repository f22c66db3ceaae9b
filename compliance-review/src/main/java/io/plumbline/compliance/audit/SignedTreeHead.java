package io.plumbline.compliance.audit;

import com.fasterxml.jackson.databind.JsonNode;
import io.plumbline.inference.TenantId;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Objects;

/**
 * A tree head and the signature of the log's key. Whoever keeps one can later prove what was or was not in the log then.
 *
 * @param keyId {@link VerificationKey#id}
 * @param signature Ed25519, 64 bytes
 */
public record SignedTreeHead(TreeHead head, String keyId, byte[] signature) {
    private static final List<String> MEMBERS = List.of("tenant", "number", "size", "time", "root", "key", "signature");

    public SignedTreeHead {
        MerkleHash.ofHex(keyId);
        signature = signature.clone();
    }

    @Override
    public byte[] signature() {
        return signature.clone();
    }

    /** Whether that key signed this head. */
    public boolean signedBy(VerificationKey key) {
        return key.id().equals(keyId) && key.verifies(head.signed(keyId), signature);
    }

    /** The one form in which heads are exported; a JSON object on one line. */
    public String json() {
        return new CanonicalJson()
                .string("tenant", head.tenant().value())
                .number("number", head.number())
                .number("size", head.size())
                .string("time", LogTime.text(head.time()))
                .string("root", head.root().hex())
                .string("key", keyId)
                .string("signature", Base64.getEncoder().encodeToString(signature))
                .text();
    }

    /**
     * Reads {@link #json}, whatever its white space and order.
     *
     * @throws IllegalArgumentException if this is no tree head
     */
    public static SignedTreeHead parse(byte[] json) {
        return of(JsonMembers.parse(json));
    }

    static SignedTreeHead of(JsonNode json) {
        JsonMembers members = JsonMembers.of(json, MEMBERS);
        TreeHead head = new TreeHead(
                TenantId.of(members.string("tenant")),
                members.number("number"),
                members.number("size"),
                members.time("time"),
                members.hash("root"));
        return new SignedTreeHead(head, members.hash("key").hex(), members.bytes("signature"));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SignedTreeHead that
                && head.equals(that.head)
                && keyId.equals(that.keyId)
                && Arrays.equals(signature, that.signature);
    }

    @Override
    public int hashCode() {
        return Objects.hash(head, keyId, Arrays.hashCode(signature));
    }

    @Override
    public String toString() {
        return json();
    }
}
