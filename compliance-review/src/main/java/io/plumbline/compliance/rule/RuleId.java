package io.plumbline.compliance.rule;

import java.util.regex.Pattern;

/**
 * A rule's name, never reused.
 *
 * @param value {@code DOM-NNN}
 */
public record RuleId(String value) implements Comparable<RuleId> {
    private static final Pattern FORM = Pattern.compile("(GEN|PRI|SEC|MED|FIN|IND|LBL|TRN)-\\d{3}");

    public RuleId {
        if (!FORM.matcher(value).matches()) {
            throw new IllegalArgumentException("not a rule id: '%s' (such as PRI-001)".formatted(value));
        }
    }

    public Domain domain() {
        return Domain.valueOf(value.substring(0, 3));
    }

    @Override
    public int compareTo(RuleId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
