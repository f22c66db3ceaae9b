package io.plumbline.platform.dataset;

import io.plumbline.finetune.dataset.ValidationReport.Problem;
import java.util.Optional;

/**
 * Why one line of a training file was refused.
 *
 * @param line line number, from 1
 * @param field JSON path within the line; empty for the line itself
 * @param reason what is wrong and what is expected
 * @param rule the rule that refuses it, such as {@code TRN-004@1}; empty if the line is broken
 */
public record DataProblem(int line, String field, String reason, Optional<String> rule) {
    static DataProblem of(Problem problem) {
        return new DataProblem(problem.line(), problem.field(), problem.reason(), Optional.empty());
    }
}
