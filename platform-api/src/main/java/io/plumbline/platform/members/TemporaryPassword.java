package io.plumbline.platform.members;

import java.security.SecureRandom;

/** Passwords that are good for one sign-in. */
final class TemporaryPassword {
    /** Base 32 without i, l, o and u, which are easily misread: 16 of them are 80 bits. */
    private static final String ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";

    private static final int GROUPS = 4;
    private static final int GROUP_LENGTH = 4;
    private static final SecureRandom RANDOM = new SecureRandom();

    private TemporaryPassword() {}

    /** As {@code 7f3k-…}, in groups that can be read out. A capital letter and a sign satisfy common password policies. */
    static String generate() {
        StringBuilder text = new StringBuilder("P");
        for (int group = 0; group < GROUPS; group++) {
            text.append(group == 0 ? "" : "-");
            RANDOM.ints(GROUP_LENGTH, 0, ALPHABET.length()).forEach(i -> text.append(ALPHABET.charAt(i)));
        }
        return text.toString();
    }
}
