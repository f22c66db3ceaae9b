package io.plumbline.platform.gateway;

import io.plumbline.inference.pool.OutputConstraint;
import io.plumbline.inference.pool.ToolFunction;
import java.util.List;
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
