package io.plumbline.platform.moderation;

/**
 * A rule bundle as callers name it.
 *
 * @param hash SHA-256 of its files, lower-case hex
 */
public record RuleSetName(String hash) {
    private static final String PREFIX = "plumbline-rules";
    private static final int SHOWN = 12;

    /** Such as {@code plumbline-rules-3f09a1c2b4d5}. */
    public String value() {
        return PREFIX + "-" + hash.substring(0, SHOWN);
    }

    /** Whether a caller's model name means this rule set: its own name, the name of the newest, or one of OpenAI's. */
    public boolean isMeantBy(String model) {
        return switch (model) {
            case PREFIX, "omni-moderation-latest", "text-moderation-latest", "text-moderation-stable" -> true;
            default -> model.equals(value());
        };
    }
}
