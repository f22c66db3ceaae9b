package io.plumbline.compliance.review;

import java.security.SecureRandom;
import java.util.regex.Pattern;

/**
 * Names a case, world-wide.
 *
 * @param value {@code case-} and 24 lower-case letters and digits
 */
public record CaseId(String value) {
    private static final String PREFIX = "case-";
    private static final String ALPHABET = "0123456789abcdefghijklmnopqrstuvwxyz";
    private static final int LENGTH = 24;
    private static final Pattern SHAPE = Pattern.compile("case-[0-9a-z]{24}");
    private static final SecureRandom RANDOM = new SecureRandom();

    public CaseId {
        if (!isId(value)) {
            throw new IllegalArgumentException("not a case id: " + value);
        }
    }

    public static CaseId create() {
        StringBuilder id = new StringBuilder(PREFIX.length() + LENGTH).append(PREFIX);
        RANDOM.ints(LENGTH, 0, ALPHABET.length()).forEach(i -> id.append(ALPHABET.charAt(i)));
        return new CaseId(id.toString());
    }

    /** Whether a text has the shape of an id; what does not cannot name a case. */
    public static boolean isId(String text) {
        return SHAPE.matcher(text).matches();
    }

    @Override
    public String toString() {
        return value;
    }
}
