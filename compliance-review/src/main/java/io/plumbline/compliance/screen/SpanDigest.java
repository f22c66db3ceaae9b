package io.plumbline.compliance.screen;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Keyed digests of matched spans: equal spans can be recognised, but an identity number cannot be guessed from its digest
 * without the key.
 */
public final class SpanDigest {
    private static final String ALGORITHM = "HmacSHA256";
    private static final int KEY_BYTES = 32;

    private final SecretKeySpec key;

    private SpanDigest(byte[] key) {
        this.key = new SecretKeySpec(key, ALGORITHM);
    }

    /** Digests that stay comparable as long as the same key is used. */
    public static SpanDigest withKey(byte[] key) {
        if (key.length < KEY_BYTES) {
            throw new IllegalArgumentException(
                    "the key needs at least %d bytes, has %d".formatted(KEY_BYTES, key.length));
        }
        return new SpanDigest(key);
    }

    /** Digests that are comparable within this process only. */
    public static SpanDigest ofThisProcess() {
        byte[] key = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(key);
        return new SpanDigest(key);
    }

    /** Lower-case hex. */
    String of(String span) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            return HexFormat.of().formatHex(mac.doFinal(span.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java runtime has " + ALGORITHM, e);
        }
    }
}
