package io.plumbline.compliance.audit;

import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Something that happened and has to be provable later. Fired as a CDI event inside the transaction of the act, so that
 * either both are kept or neither is. It names things and carries digests; content never enters the log.
 *
 * @param type past tense and dotted, such as {@code answer.released}, {@code case.decided}, {@code api_key.created}
 * @param actor who did it: a user's name, {@code api-key:ID}, or {@code system}
 * @param target id of what it was done to, such as {@code chatcmpl-…}, {@code case-…}, {@code file-…}
 * @param facts short names and codes that are safe to show to an auditor, such as {@code model}, {@code rule_set},
 *     {@code decision}; no free text that a user typed
 * @param digests SHA-256, lower-case hex, of contents that are kept elsewhere, by name: {@code request}, {@code answer}
 */
public record AuditableAct(
        String type, String actor, String target, Map<String, String> facts, Map<String, String> digests) {
    private static final Pattern TYPE = Pattern.compile("[a-z_]+(\\.[a-z_]+)+");
    private static final Pattern SHA_256 = Pattern.compile("[0-9a-f]{64}");
    private static final int MAX_FACT = 512;

    public AuditableAct {
        facts = Map.copyOf(facts);
        digests = Map.copyOf(digests);
        if (!TYPE.matcher(type).matches()) {
            throw new IllegalArgumentException("'%s' is no type of act, such as case.decided".formatted(type));
        }
        if (actor.isBlank() || target.isBlank()) {
            throw new IllegalArgumentException("an act names who did it and to what");
        }
        new TreeMap<>(facts).forEach((name, value) -> {
            if (value.length() > MAX_FACT) {
                throw new IllegalArgumentException(
                        "fact '%s' is longer than %d characters; log its digest".formatted(name, MAX_FACT));
            }
        });
        new TreeMap<>(digests).forEach((name, value) -> {
            if (!SHA_256.matcher(value).matches()) {
                throw new IllegalArgumentException("digest '%s' is no SHA-256 in lower-case hex".formatted(name));
            }
        });
    }

    /** A value as a fact: what is longer than a fact may be is cut, and ends in an ellipsis. */
    public static String shortened(String value) {
        return value.length() <= MAX_FACT ? value : value.substring(0, MAX_FACT - 1) + "…";
    }
}
