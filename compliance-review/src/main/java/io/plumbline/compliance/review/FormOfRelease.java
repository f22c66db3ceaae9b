package io.plumbline.compliance.review;

import io.plumbline.inference.constraint.ConstraintCheck;
import io.plumbline.inference.constraint.Misfit;
import io.plumbline.inference.pool.OutputConstraint;
import java.util.Optional;

/**
 * Tells whether a text may be released as far as its form goes: a caller who asked for JSON gets JSON, whoever wrote it. The
 * judge is the grammar that held the model. Not thread-safe.
 */
public final class FormOfRelease {
    private final Optional<ConstraintCheck> check;

    private FormOfRelease(Optional<ConstraintCheck> check) {
        this.check = check;
    }

    public static FormOfRelease of(ReviewCase held) {
        return new FormOfRelease(
                held.form() instanceof OutputConstraint.Free
                        ? Optional.empty()
                        : Optional.of(new ConstraintCheck(held.form())));
    }

    /** Where a text is not of the form that the caller asked for; empty if it may be released for the choice. */
    public Optional<Misfit> misfit(HeldChoice choice, String text) {
        return check.filter(known -> !asTheRulesMayLeaveIt(known, choice, text))
                .flatMap(known -> known.misfit(choice.generated(), text));
    }

    /** What rules masked is judged as in an answer that nobody holds. */
    private static boolean asTheRulesMayLeaveIt(ConstraintCheck check, HeldChoice choice, String text) {
        return text.equals(choice.generated())
                || (text.equals(choice.releasable()) && check.holds(choice.generated(), text));
    }

    /** Whether nothing is missing of the form; {@code false} if any text would do. */
    public boolean complete(String text) {
        return check.filter(known -> known.complete(text)).isPresent();
    }
}
