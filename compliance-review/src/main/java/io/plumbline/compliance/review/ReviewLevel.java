package io.plumbline.compliance.review;

/** Who has to decide. */
public enum ReviewLevel {
    /** Any reviewer. */
    FIRST(1),
    /** A reviewer other than the one who escalated it; where a rule itself asks for escalation, cases begin here. */
    SECOND(2);

    private final int number;

    ReviewLevel(int number) {
        this.number = number;
    }

    public int number() {
        return number;
    }

    /** @throws IllegalArgumentException if there is no such level */
    public static ReviewLevel of(int number) {
        return switch (number) {
            case 1 -> FIRST;
            case 2 -> SECOND;
            default -> throw new IllegalArgumentException("there are the levels 1 and 2, not " + number);
        };
    }
}
