package io.plumbline.inference.constraint;

import io.plumbline.inference.grammar.GrammarLimits;
import io.plumbline.inference.grammar.GrammarReader;
import io.plumbline.inference.grammar.GrammarReader.Standing;
import io.plumbline.inference.grammar.InvalidGrammarException;
import io.plumbline.inference.pool.OutputConstraint;
import org.jspecify.annotations.Nullable;

/**
 * Tells whether a text that was changed after it was generated still satisfies the constraint that it was generated under, by
 * the same grammar, which is built when it is first needed. Not thread-safe.
 */
public final class ConstraintCheck {
    private final OutputConstraint constraint;
    private @Nullable GrammarReader reader;

    /** @param constraint anything but free text */
    public ConstraintCheck(OutputConstraint constraint) {
        this.constraint = constraint;
    }

    /**
     * Whether the beginning of a text, with its changes, can still become one of the form.
     *
     * @param original the text as generated so far
     * @param changed what is to be read of it so far
     */
    public boolean canGoOn(String original, String changed) {
        try {
            return standing(changed) != Standing.OUTSIDE || (standing(original) == Standing.OUTSIDE && structured());
        } catch (InvalidGrammarException e) {
            return structured();
        }
    }

    /**
     * Whether a whole text, with its changes, is as much of the form as it was: complete if it was complete, and broken off at
     * most where the original is.
     */
    public boolean holds(String original, String changed) {
        try {
            Standing after = standing(changed);
            return after == Standing.COMPLETE
                    || switch (standing(original)) {
                        case COMPLETE -> false;
                        case BEGUN -> after == Standing.BEGUN;
                        case OUTSIDE -> structured();
                    };
        } catch (InvalidGrammarException e) {
            return structured();
        }
    }

    /**
     * Other engines lay JSON out differently, so the grammar may know not even the original. Then it cannot judge the change,
     * and being JSON has to do.
     */
    private boolean structured() {
        return switch (constraint) {
            case OutputConstraint.JsonObject ignored -> true;
            case OutputConstraint.JsonSchema ignored -> true;
            case OutputConstraint.ToolCalls ignored -> true;
            case OutputConstraint.Free ignored -> true;
            case OutputConstraint.Regex ignored -> false;
            case OutputConstraint.OneOf ignored -> false;
        };
    }

    private Standing standing(String text) {
        GrammarReader known = reader;
        if (known == null) {
            known = new GrammarReader(ConstraintCompiler.grammar(constraint), GrammarLimits.defaults());
            reader = known;
        }
        return known.standing(text);
    }
}
