package io.plumbline.finetune.dataset;

import io.plumbline.finetune.dataset.ValidationReport.Problem;
import java.util.List;

/** What one line of a training file turned out to be. */
public sealed interface RowResult {
    /** A usable row. */
    record Good(ChatRow row) implements RowResult {}

    /** A line that cannot be used; at least one problem. */
    record Broken(List<Problem> problems) implements RowResult {
        public Broken {
            problems = List.copyOf(problems);
            if (problems.isEmpty()) {
                throw new IllegalArgumentException("a broken line has at least one problem");
            }
        }
    }
}
