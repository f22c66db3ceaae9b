package io.plumbline.compliance.review;

/**
 * How much waits.
 *
 * @param pending cases nobody works on
 * @param claimed cases under a lease
 * @param escalated those of both that stand at the second level
 */
public record CaseCounts(long pending, long claimed, long escalated) {
    public static final CaseCounts NONE = new CaseCounts(0, 0, 0);

    public CaseCounts plus(CaseCounts other) {
        return new CaseCounts(pending + other.pending, claimed + other.claimed, escalated + other.escalated);
    }
}
