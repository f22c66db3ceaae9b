package io.plumbline.platform.identity;

import io.plumbline.inference.TenantId;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The text of an API key: {@code pl-TENANT-ID-SECRET}. ID (50 bits) finds the row, SECRET (260 random bits) proves
 * possession. A secret of that entropy needs no slow hash: SHA-256 cannot be searched.
 *
 * @param tenant whose key it is
 * @param id 10 letters and digits
 * @param secret 52 letters and digits
 */
record ApiKeySecret(TenantId tenant, String id, String secret) {
    /** What every key begins with; no JWT does. */
    static final String PREFIX = "pl-";

    /** Base 32 without i, l, o and u, which are easily misread (Crockford). */
    private static final String ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";

    private static final int ID_LENGTH = 10;
    private static final int SECRET_LENGTH = 52;
    private static final Pattern SHAPE =
            Pattern.compile("pl-(?<tenant>[a-z0-9-]{1,63})-(?<id>[0-9a-z]{%d})-(?<secret>[0-9a-z]{%d})"
                    .formatted(ID_LENGTH, SECRET_LENGTH));

    static ApiKeySecret generate(TenantId tenant, SecureRandom random) {
        return new ApiKeySecret(tenant, letters(random, ID_LENGTH), letters(random, SECRET_LENGTH));
    }

    /** Empty if the text does not have the shape of a key. */
    static Optional<ApiKeySecret> parse(String text) {
        Matcher matcher = SHAPE.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(new ApiKeySecret(
                    TenantId.of(matcher.group("tenant")), matcher.group("id"), matcher.group("secret")));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** The whole key, shown once. */
    String text() {
        return PREFIX + tenant + "-" + id + "-" + secret;
    }

    /** What may be shown later, so that people recognise the key. */
    String visiblePrefix() {
        return PREFIX + tenant + "-" + id;
    }

    byte[] hash() {
        try {
            return MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.US_ASCII));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** In constant time. */
    boolean matches(byte[] hash) {
        return MessageDigest.isEqual(hash(), hash);
    }

    /** Never the secret: records end up in logs. */
    @Override
    public String toString() {
        return visiblePrefix() + "-…";
    }

    private static String letters(SecureRandom random, int length) {
        StringBuilder text = new StringBuilder(length);
        random.ints(length, 0, ALPHABET.length()).forEach(i -> text.append(ALPHABET.charAt(i)));
        return text.toString();
    }
}
