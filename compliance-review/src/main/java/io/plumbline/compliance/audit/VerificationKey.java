package io.plumbline.compliance.audit;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An Ed25519 public key (RFC 8032) that checks signatures of the log. Two keys are equal if their ids are. */
public final class VerificationKey {
    static final String ALGORITHM = "Ed25519";

    private static final Pattern PEM =
            Pattern.compile("-----BEGIN PUBLIC KEY-----([A-Za-z0-9+/=\\s]+)-----END PUBLIC KEY-----");
    private static final int PEM_LINE = 64;

    private final PublicKey key;
    private final byte[] encoded;
    private final String id;

    private VerificationKey(PublicKey key) {
        this.key = key;
        this.encoded = key.getEncoded();
        this.id = HexFormat.of().formatHex(MerkleHash.sha256().digest(encoded));
    }

    public static VerificationKey of(PublicKey key) {
        return ofEncoded(key.getEncoded());
    }

    /**
     * @param encoded X.509 SubjectPublicKeyInfo (RFC 8410)
     * @throws IllegalArgumentException if this is no Ed25519 key in its one encoding
     */
    public static VerificationKey ofEncoded(byte[] encoded) {
        try {
            PublicKey key = KeyFactory.getInstance(ALGORITHM).generatePublic(new X509EncodedKeySpec(encoded));
            if (!Arrays.equals(key.getEncoded(), encoded)) {
                throw new IllegalArgumentException("not the usual encoding of an Ed25519 public key");
            }
            return new VerificationKey(key);
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("no Ed25519 public key (X.509 SubjectPublicKeyInfo)", e);
        }
    }

    /** All keys of a PEM file, as {@code openssl pkey -pubout} writes it. */
    public static List<VerificationKey> ofPem(String pem) {
        List<VerificationKey> keys = new ArrayList<>();
        Matcher block = PEM.matcher(pem);
        while (block.find()) {
            keys.add(ofEncoded(Base64.getMimeDecoder().decode(block.group(1))));
        }
        return List.copyOf(keys);
    }

    /** The fingerprint: SHA-256 of {@link #encoded}, 64 lower-case hexadecimal digits. */
    public String id() {
        return id;
    }

    /** X.509 SubjectPublicKeyInfo. */
    public byte[] encoded() {
        return encoded.clone();
    }

    public String pem() {
        String text = Base64.getMimeEncoder(PEM_LINE, new byte[] {'\n'}).encodeToString(encoded);
        return "-----BEGIN PUBLIC KEY-----\n" + text + "\n-----END PUBLIC KEY-----\n";
    }

    boolean verifies(byte[] message, byte[] signature) {
        try {
            Signature check = Signature.getInstance(ALGORITHM);
            check.initVerify(key);
            check.update(message);
            return check.verify(signature);
        } catch (GeneralSecurityException e) {
            return false; // a signature of the wrong length or form
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof VerificationKey that && id.equals(that.id);
    }

    @Override
    public int hashCode() {
        return id.hashCode();
    }

    @Override
    public String toString() {
        return id;
    }
}
