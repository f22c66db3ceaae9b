package io.plumbline.finetune.job;

import java.security.SecureRandom;

/** Random parts of ids. */
final class RandomText {
    private static final String ALPHABET = "0123456789abcdefghijklmnopqrstuvwxyz";

    private RandomText() {}

    static String lowerCase(SecureRandom random, int length) {
        StringBuilder text = new StringBuilder(length);
        random.ints(length, 0, ALPHABET.length()).forEach(i -> text.append(ALPHABET.charAt(i)));
        return text.toString();
    }
}
