package io.plumbline.inference.constraint;

import io.plumbline.inference.grammar.GrammarLimits;
import io.plumbline.inference.grammar.GrammarReader;
import io.plumbline.inference.grammar.GrammarReader.Reading;
import io.plumbline.inference.grammar.GrammarReader.Standing;
import io.plumbline.inference.grammar.InvalidGrammarException;
import io.plumbline.inference.pool.OutputConstraint;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Tells whether a text that rules or people changed after it was generated still satisfies the constraint that it was
 * generated under, by the same grammar, which is built when it is first needed. What means nothing in JSON is free: white
 * space, and the order of members in answers of a schema. Not thread-safe.
 */
public final class ConstraintCheck {
    private static final OutputConstraint ANY_JSON = new OutputConstraint.JsonSchema("{}", true);
    private static final Pattern BEYOND_A_VALUE = Pattern.compile("[{}\\[\\],:\"]");

    private final OutputConstraint constraint;
    private @Nullable GrammarReader reader;
    private @Nullable MemberOrder order;

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

    /** Whether the text is all of the form; {@code false} where that cannot be told. */
    public boolean complete(String text) {
        try {
            return standing(text) == Standing.COMPLETE;
        } catch (InvalidGrammarException e) {
            return false;
        }
    }

    /**
     * Where a text that a person wrote instead is not of the form; empty if it is as much of the form as the original. As in
     * {@link #holds}, where the grammar does not know the original, JSON has only to be well-formed.
     */
    public Optional<Misfit> misfit(String original, String written) {
        try {
            Standing before = standing(original);
            JudgedText judged = judged(written);
            Reading reading = reader().read(judged.text());
            if (reading.standing() == Standing.COMPLETE
                    || (reading.standing() == Standing.BEGUN && before == Standing.BEGUN)) {
                return Optional.empty();
            }
            if (before == Standing.OUTSIDE && structured()) {
                return WellFormed.misfit(constraint, written);
            }
            Reading told = brokenJson(judged, reading).orElse(reading);
            return Optional.of(misfit(written, judged.origin(told.length()), told));
        } catch (InvalidGrammarException e) {
            return structured()
                    ? WellFormed.misfit(constraint, written)
                    : Optional.of(Misfit.at(Misfit.Kind.UNJUDGED, written, 0, List.of()));
        }
    }

    /**
     * How far a text is JSON, if it is none and a schema's grammar stops a member or more before, as it does where members come
     * in another order.
     */
    private Optional<Reading> brokenJson(JudgedText judged, Reading ofSchema) {
        if (!(constraint instanceof OutputConstraint.JsonSchema)
                || ofSchema.standing() != Standing.OUTSIDE
                || WellFormed.holds(judged.text())) {
            return Optional.empty();
        }
        Reading reading =
                new GrammarReader(ConstraintCompiler.grammar(ANY_JSON), GrammarLimits.defaults()).read(judged.text());
        return Optional.of(reading)
                .filter(plain -> plain.length() > ofSchema.length())
                .filter(plain -> BEYOND_A_VALUE
                        .matcher(judged.text().substring(ofSchema.length(), plain.length()))
                        .find());
    }

    private static Misfit misfit(String written, int at, Reading reading) {
        if (reading.standing() == Standing.BEGUN) {
            return Misfit.at(Misfit.Kind.UNFINISHED, written, at, reading.next());
        }
        boolean over = reading.mayEnd() && reading.next().isEmpty();
        return Misfit.at(over ? Misfit.Kind.SURPLUS : Misfit.Kind.UNEXPECTED, written, at, reading.next());
    }

    /**
     * Other engines may write numbers longer than ours, so the grammar may know not even the original. Then it cannot judge the change, and being JSON has to do.
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
        return reader().standing(judged(text).text());
    }

    private GrammarReader reader() {
        GrammarReader known = reader;
        if (known == null) {
            known = new GrammarReader(ConstraintCompiler.grammar(constraint), GrammarLimits.defaults());
            reader = known;
        }
        return known;
    }

    private JudgedText judged(String text) {
        return switch (constraint) {
            case OutputConstraint.JsonObject ignored -> JudgedText.json(text);
            case OutputConstraint.JsonSchema(String schema, boolean ignored) -> ordered(JudgedText.json(text), schema);
            case OutputConstraint.ToolCalls ignored -> JudgedText.verbatim(text);
            case OutputConstraint.Free ignored -> JudgedText.verbatim(text);
            case OutputConstraint.Regex ignored -> JudgedText.verbatim(text);
            case OutputConstraint.OneOf ignored -> JudgedText.verbatim(text);
        };
    }

    /** As it is, if the grammar takes it so; else with the members of objects in the order of the schema. */
    private JudgedText ordered(JudgedText text, String schema) {
        if (reader().standing(text.text()) != Standing.OUTSIDE || !WellFormed.holds(text.text())) {
            return text;
        }
        MemberOrder known = order;
        if (known == null) {
            known = new MemberOrder(schema);
            order = known;
        }
        return known.sort(text);
    }
}
