package io.plumbline.finetune.job;

import java.security.SecureRandom;
import java.util.regex.Pattern;

/**
 * Names a fine-tuning job, world-wide.
 *
 * @param value {@code ftjob-} and 24 lower-case letters and digits
 */
public record JobId(String value) {
    private static final String PREFIX = "ftjob-";
    private static final Pattern SHAPE = Pattern.compile("ftjob-[0-9a-z]{24}");

    public JobId {
        if (!isId(value)) {
            throw new IllegalArgumentException("not a fine-tuning job id: " + value);
        }
    }

    public static JobId generate(SecureRandom random) {
        return new JobId(PREFIX + RandomText.lowerCase(random, 24));
    }

    /** Whether a text has the shape of an id; what does not cannot name a job. */
    public static boolean isId(String text) {
        return SHAPE.matcher(text).matches();
    }

    /** The eight characters that end a model name. */
    public String shortForm() {
        return value.substring(PREFIX.length(), PREFIX.length() + 8);
    }

    @Override
    public String toString() {
        return value;
    }
}
