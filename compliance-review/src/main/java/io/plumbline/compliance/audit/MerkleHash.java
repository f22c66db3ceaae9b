package io.plumbline.compliance.audit;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/** A node of the Merkle tree: 32 bytes of SHA-256 (RFC 6962, section 2.1). Immutable. */
public final class MerkleHash {
    /** Bytes of a hash. */
    public static final int BYTES = 32;

    /** {@code MTH({}) = SHA-256()}. */
    public static final MerkleHash EMPTY_TREE = new MerkleHash(sha256().digest());

    // Different first bytes keep a leaf from passing for a node (second preimage).
    private static final byte LEAF_PREFIX = 0;
    private static final byte NODE_PREFIX = 1;

    private final byte[] bytes;

    private MerkleHash(byte[] bytes) {
        this.bytes = bytes;
    }

    /** {@code SHA-256(0x00 || data)}. */
    public static MerkleHash leaf(byte[] data) {
        MessageDigest digest = sha256();
        digest.update(LEAF_PREFIX);
        return new MerkleHash(digest.digest(data));
    }

    /** {@code SHA-256(0x01 || left || right)}. */
    public static MerkleHash node(MerkleHash left, MerkleHash right) {
        MessageDigest digest = sha256();
        digest.update(NODE_PREFIX);
        digest.update(left.bytes);
        return new MerkleHash(digest.digest(right.bytes));
    }

    /** @throws IllegalArgumentException unless these are 32 bytes */
    public static MerkleHash of(byte[] bytes) {
        if (bytes.length != BYTES) {
            throw new IllegalArgumentException("a hash has %d bytes, not %d".formatted(BYTES, bytes.length));
        }
        return new MerkleHash(bytes.clone());
    }

    /** @throws IllegalArgumentException unless this is 64 lower-case hexadecimal digits */
    public static MerkleHash ofHex(String hex) {
        if (hex.length() != 2 * BYTES || !hex.chars().allMatch(c -> c >= '0' && c <= '9' || c >= 'a' && c <= 'f')) {
            throw new IllegalArgumentException("no hash: 64 lower-case hexadecimal digits are expected");
        }
        return new MerkleHash(HexFormat.of().parseHex(hex));
    }

    public byte[] bytes() {
        return bytes.clone();
    }

    /** 64 lower-case hexadecimal digits. */
    public String hex() {
        return HexFormat.of().formatHex(bytes);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof MerkleHash hash && Arrays.equals(bytes, hash.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return hex();
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
