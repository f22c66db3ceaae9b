package io.plumbline.compliance.audit;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The Ed25519 key pair with which a log signs. Its text form never leaves the file it is kept in. */
public final class SigningKey {
    private static final Pattern PRIVATE =
            Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");
    private static final int PEM_LINE = 64;

    private final PrivateKey secret;
    private final VerificationKey verificationKey;

    private SigningKey(PrivateKey secret, VerificationKey verificationKey) {
        this.secret = secret;
        this.verificationKey = verificationKey;
    }

    public static SigningKey generate() {
        try {
            KeyPair pair =
                    KeyPairGenerator.getInstance(VerificationKey.ALGORITHM).generateKeyPair();
            return new SigningKey(pair.getPrivate(), VerificationKey.of(pair.getPublic()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has Ed25519", e);
        }
    }

    /**
     * Reads what {@link #pem} wrote: the private key (PKCS #8) and its public key.
     *
     * @throws IllegalArgumentException if a part is missing, or the two do not belong together
     */
    public static SigningKey ofPem(String pem) {
        Matcher block = PRIVATE.matcher(pem);
        var publicKeys = VerificationKey.ofPem(pem);
        if (!block.find() || publicKeys.size() != 1) {
            throw new IllegalArgumentException(
                    "no signing key: one PRIVATE KEY and its PUBLIC KEY are expected, both Ed25519 in PEM form");
        }
        SigningKey key = new SigningKey(secret(Base64.getMimeDecoder().decode(block.group(1))), publicKeys.getFirst());
        byte[] trial = "plumbline".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        if (!key.verificationKey.verifies(trial, key.sign(trial))) {
            throw new IllegalArgumentException("the PUBLIC KEY is not that of the PRIVATE KEY beside it");
        }
        return key;
    }

    private static PrivateKey secret(byte[] encoded) {
        try {
            return KeyFactory.getInstance(VerificationKey.ALGORITHM).generatePrivate(new PKCS8EncodedKeySpec(encoded));
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("the PRIVATE KEY is no Ed25519 key (PKCS #8)", e);
        }
    }

    /** Secret. The private key and the public key, as {@link #ofPem} reads them. */
    public String pem() {
        String text = Base64.getMimeEncoder(PEM_LINE, new byte[] {'\n'}).encodeToString(secret.getEncoded());
        return "-----BEGIN PRIVATE KEY-----\n" + text + "\n-----END PRIVATE KEY-----\n" + verificationKey.pem();
    }

    public VerificationKey verificationKey() {
        return verificationKey;
    }

    byte[] sign(byte[] message) {
        try {
            Signature signature = Signature.getInstance(VerificationKey.ALGORITHM);
            signature.initSign(secret);
            signature.update(message);
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the audit log cannot sign", e);
        }
    }

    @Override
    public String toString() {
        return "SigningKey " + verificationKey.id();
    }
}
