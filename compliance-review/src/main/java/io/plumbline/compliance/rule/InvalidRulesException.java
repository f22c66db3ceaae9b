package io.plumbline.compliance.rule;

import java.util.List;

/** Rule files that cannot be activated, with every problem; the active bundle stays. */
public class InvalidRulesException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient List<String> problems;

    public InvalidRulesException(List<String> problems) {
        super("%d problem(s) in the rule files; nothing was activated:\n%s"
                .formatted(problems.size(), String.join("\n", problems)));
        this.problems = List.copyOf(problems);
    }

    /** Each as {@code file: field: reason}. */
    public List<String> problems() {
        return problems;
    }
}
