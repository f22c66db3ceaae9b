package io.plumbline.inference.scheduler;

import io.plumbline.inference.TenantId;
import io.plumbline.inference.pool.Priority;
import java.util.Comparator;

/**
 * Whose turn it is: first the class of priority that is furthest behind its share, within it the tenant that has had
 * the fewest tokens.
 */
final class Turns {
    private final FairShare<TenantId> tenants = new FairShare<>();
    private final FairShare<Priority> classes = new FairShare<>();

    /** How many counts a token weighs: the less, the larger the class's share. */
    static int weight(Priority priority) {
        return switch (priority) {
            case HIGH -> 1;
            case NORMAL -> 4;
            case LOW -> 16;
        };
    }

    void enter(Sequence sequence) {
        tenants.enter(sequence.tenant());
        classes.enter(sequence.priority());
    }

    void leave(Sequence sequence) {
        tenants.leave(sequence.tenant());
        classes.leave(sequence.priority());
    }

    void charge(Sequence sequence, long tokens) {
        tenants.charge(sequence.tenant(), tokens);
        classes.charge(sequence.priority(), tokens * weight(sequence.priority()));
    }

    long served(TenantId tenant) {
        return tenants.served(tenant);
    }

    long served(Priority priority) {
        return classes.served(priority);
    }

    /** Of two sequences, the one whose turn it is comes first. */
    Comparator<Sequence> order() {
        return Comparator.<Sequence>comparingLong(s -> served(s.priority()))
                .thenComparing(Sequence::priority) // of equally served classes the higher one
                .thenComparingLong(s -> served(s.tenant()));
    }

    /** Whether a sequence of a lower class that is not behind its share has to make room for another. */
    boolean givesWay(Sequence lower, Sequence to) {
        return lower.priority().compareTo(to.priority()) > 0 && served(lower.priority()) >= served(to.priority());
    }
}
