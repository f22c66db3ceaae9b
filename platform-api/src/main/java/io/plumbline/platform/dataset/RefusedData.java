package io.plumbline.platform.dataset;

import io.plumbline.finetune.dataset.ValidationReport;
import java.util.List;

/**
 * What was found in a file that was refused.
 *
 * @param rows rows read
 * @param refusedRows rows with at least one problem
 * @param problems in file order; at most {@link ValidationReport#MAX_PROBLEMS} are listed
 * @param problemCount how many there are in all
 */
public record RefusedData(int rows, int refusedRows, List<DataProblem> problems, int problemCount) {
    public RefusedData {
        problems = List.copyOf(problems);
    }

    static RefusedData of(ValidationReport report) {
        return new RefusedData(
                report.rows(),
                report.brokenRows(),
                report.problems().stream().map(DataProblem::of).toList(),
                report.problemCount());
    }
}
