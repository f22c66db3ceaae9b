package io.plumbline.compliance.audit;

import io.plumbline.inference.TenantId;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HexFormat;

/**
 * What a log says of itself at a moment: it has so many entries, and this is the root over them.
 *
 * @param tenant whose log
 * @param number heads of one log are numbered from 1, without a gap
 * @param size entries, at least 1
 * @param time when it was signed, to the millisecond
 * @param root {@code MTH(D[size])}
 */
public record TreeHead(TenantId tenant, long number, long size, Instant time, MerkleHash root) {
    private static final byte[] PURPOSE = "plumbline-audit-tree-head-1\0".getBytes(StandardCharsets.US_ASCII);

    public TreeHead {
        if (number < 1 || size < number) {
            throw new IllegalArgumentException("tree head %d of size %d cannot be".formatted(number, size));
        }
        time = LogTime.exact(time);
    }

    /** Signs it. */
    public SignedTreeHead sign(SigningKey key) {
        String id = key.verificationKey().id();
        return new SignedTreeHead(this, id, key.sign(signed(id)));
    }

    /**
     * The bytes that are signed: purpose, length (2 bytes) and UTF-8 of the tenant, number (8), size (8), milliseconds since
     * 1970 (8), root (32), key id (32); numbers big-endian.
     */
    byte[] signed(String keyId) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.write(PURPOSE);
            byte[] name = tenant.value().getBytes(StandardCharsets.UTF_8);
            out.writeShort(name.length);
            out.write(name);
            out.writeLong(number);
            out.writeLong(size);
            out.writeLong(time.toEpochMilli());
            out.write(root.bytes());
            out.write(HexFormat.of().parseHex(keyId));
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory failed", e);
        }
        return bytes.toByteArray();
    }
}
