package io.plumbline.compliance.review;

import io.plumbline.inference.constraint.Misfit;
import java.time.Instant;
import java.util.Optional;

/** Why something could not be done with a case; nothing was changed. */
public abstract sealed class ReviewException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private ReviewException(String message) {
        super(message);
    }

    /** The tenant has no such case. */
    public static final class UnknownCase extends ReviewException {
        private static final long serialVersionUID = 1L;

        public UnknownCase(String id) {
            super("No case with id '%s' exists.".formatted(id));
        }
    }

    /** Another reviewer was first. */
    public static final class ClaimedByAnother extends ReviewException {
        private static final long serialVersionUID = 1L;
        private final String holder;
        private final Instant until;

        public ClaimedByAnother(CaseId id, Lease lease) {
            super("The case '%s' is being worked on by %s until %s. Take another one, or try again then."
                    .formatted(id, lease.holder(), lease.expiresAt()));
            this.holder = lease.holder();
            this.until = lease.expiresAt();
        }

        public String holder() {
            return holder;
        }

        /** When the case is free again unless the holder renews. */
        public Instant until() {
            return until;
        }
    }

    /** The lease ran out, was given back, or a later claim took its place. What was typed is kept as a draft. */
    public static final class LeaseLost extends ReviewException {
        private static final long serialVersionUID = 1L;
        private final transient Optional<Lease> now;

        public LeaseLost(CaseId id, Optional<Lease> now) {
            super(
                    "Your lease on the case '%s' has ended%s. What you typed is kept as your draft; claim the case again%s."
                            .formatted(
                                    id,
                                    now.map(lease -> " and %s holds it until %s"
                                                    .formatted(lease.holder(), lease.expiresAt()))
                                            .orElse(""),
                                    now.isPresent() ? " then" : ""));
            this.now = now;
        }

        /** Who holds the case now; empty = nobody. */
        public Optional<Lease> now() {
            return now;
        }
    }

    /** The case has ended: a colleague decided it, or its deadline passed. */
    public static final class AlreadyDecided extends ReviewException {
        private static final long serialVersionUID = 1L;
        private final CaseState state;

        public AlreadyDecided(CaseId id, CaseState state) {
            super("The case '%s' has been decided: it is %s. What you typed is kept as your draft."
                    .formatted(id, state.wireName()));
            this.state = state;
        }

        public CaseState state() {
            return state;
        }
    }

    /** It stands at the second level already; there is no third. */
    public static final class AlreadyEscalated extends ReviewException {
        private static final long serialVersionUID = 1L;

        public AlreadyEscalated(CaseId id) {
            super("The case '%s' stands at the second level already. Approve, edit or reject it.".formatted(id));
        }
    }

    /** Somebody else has to decide: this reviewer escalated the case, or asked the question. */
    public static final class FourEyes extends ReviewException {
        private static final long serialVersionUID = 1L;

        public FourEyes(CaseId id) {
            super("The case '%s' needs another person: you escalated it, or you asked the question yourself."
                    .formatted(id));
        }
    }

    /** A text that would be released is not of the form that the caller asked for. What was typed is kept as a draft. */
    public static final class NotInForm extends ReviewException {
        private static final long serialVersionUID = 1L;
        private final int choice;
        private final transient Misfit misfit;

        public NotInForm(int choice, Misfit misfit) {
            super(
                    ("The text of choice %d is not of the form that the caller asked for. At %s. Edit it there, or reject the"
                                    + " case; what you typed is kept as your draft.")
                            .formatted(choice, misfit.describe()));
            this.choice = choice;
            this.misfit = misfit;
        }

        /** Index of the choice. */
        public int choice() {
            return choice;
        }

        /** Where and how. */
        public Misfit misfit() {
            return misfit;
        }
    }

    /** A decision that does not fit its case. */
    public static final class InvalidDecision extends ReviewException {
        private static final long serialVersionUID = 1L;
        private final String param;

        public InvalidDecision(String param, String message) {
            super(message);
            this.param = param;
        }

        /** The field that is wrong, such as {@code texts}. */
        public String param() {
            return param;
        }
    }
}
