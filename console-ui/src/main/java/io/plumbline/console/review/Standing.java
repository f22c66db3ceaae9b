package io.plumbline.console.review;

import io.plumbline.compliance.review.Lease;
import io.plumbline.compliance.review.ReviewCase;
import java.util.Optional;

/** How the person at the page stands to the case on it. */
sealed interface Standing {
    /** They hold it and may decide. */
    record Working(Lease lease) implements Standing {}

    /**
     * They held it, and their lease has ended.
     *
     * @param token that is no longer good
     * @param now who holds it now; empty = nobody
     */
    record Lost(long token, Optional<Lease> now) implements Standing {}

    /** A colleague works on it. */
    record Taken(Lease lease) implements Standing {}

    /** Nobody works on it, and they may claim it. */
    record Free() implements Standing {}

    /**
     * Somebody else has to decide.
     *
     * @param why in the language of the page
     */
    record Barred(String why) implements Standing {}

    /** They may look and not decide. */
    record Watching() implements Standing {}

    /** It has ended. */
    record Ended() implements Standing {}

    /** How they stand after a look at the case as it is now. */
    default Standing after(ReviewCase now) {
        if (now.state().terminal()) {
            return new Ended();
        }
        return switch (this) {
            case Working(Lease lease) -> {
                Optional<Lease> same = now.lease().filter(current -> current.token() == lease.token());
                yield same.isPresent() ? new Working(same.get()) : new Lost(lease.token(), now.lease());
            }
            case Lost(long token, Optional<Lease> ignored) -> new Lost(token, now.lease());
            case Taken ignored -> free(now);
            case Free ignored -> free(now);
            case Barred barred -> barred;
            case Watching watching -> watching;
            case Ended ended -> ended;
        };
    }

    private static Standing free(ReviewCase now) {
        return now.lease().<Standing>map(Taken::new).orElseGet(Free::new);
    }

    /** Whether texts may be typed. */
    default boolean typing() {
        return this instanceof Working || this instanceof Lost;
    }

    /** The token that goes with what is typed. */
    default Optional<Long> typingToken() {
        return switch (this) {
            case Working(Lease lease) -> Optional.of(lease.token());
            case Lost(long token, Optional<Lease> ignored) -> Optional.of(token);
            case Taken ignored -> Optional.empty();
            case Free ignored -> Optional.empty();
            case Barred ignored -> Optional.empty();
            case Watching ignored -> Optional.empty();
            case Ended ignored -> Optional.empty();
        };
    }
}
