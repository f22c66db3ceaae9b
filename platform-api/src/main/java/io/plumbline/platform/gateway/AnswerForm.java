package io.plumbline.platform.gateway;

import io.plumbline.compliance.screen.TextForm;
import io.plumbline.inference.constraint.ConstraintCheck;
import io.plumbline.inference.pool.OutputConstraint;
import io.plumbline.inference.pool.ToolFunction;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The form that an answer is to have.
 *
 * @param constraint what the text is held to
 * @param tools functions that the model is told of
 */
public record AnswerForm(OutputConstraint constraint, List<ToolFunction> tools) {
    public AnswerForm {
        tools = List.copyOf(tools);
    }

    /** Any text, and no tools. */
    public static AnswerForm free() {
        return new AnswerForm(OutputConstraint.free(), List.of());
    }

    /** Who reads the text, as the screening sees it. */
    TextForm textForm() {
        return switch (constraint) {
            case OutputConstraint.Free ignored -> TextForm.PROSE;
            case OutputConstraint.JsonObject ignored -> TextForm.JSON;
            case OutputConstraint.JsonSchema ignored -> TextForm.JSON;
            case OutputConstraint.Regex ignored -> TextForm.VERBATIM;
            case OutputConstraint.OneOf ignored -> TextForm.VERBATIM;
            case OutputConstraint.ToolCalls ignored -> TextForm.CALLS;
        };
    }

    /** Tells whether a text that rules changed is still of this form; empty if any text is. */
    Optional<ConstraintCheck> check() {
        return constraint instanceof OutputConstraint.Free
                ? Optional.empty()
                : Optional.of(new ConstraintCheck(constraint));
    }

    /** Whether the text may hold calls of tools. */
    boolean mayCall() {
        return constraint instanceof OutputConstraint.ToolCalls;
    }

    /** The same form with tools of the same names in other words. */
    AnswerForm withTools(List<ToolFunction> others) {
        if (!(constraint instanceof OutputConstraint.ToolCalls calls)) {
            return new AnswerForm(constraint, others);
        }
        Set<String> names = calls.tools().stream().map(ToolFunction::name).collect(Collectors.toSet());
        List<ToolFunction> callable =
                others.stream().filter(tool -> names.contains(tool.name())).toList();
        return new AnswerForm(new OutputConstraint.ToolCalls(callable, calls.use(), calls.several()), others);
    }
}
