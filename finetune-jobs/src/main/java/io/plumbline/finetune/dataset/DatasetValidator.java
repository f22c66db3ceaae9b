package io.plumbline.finetune.dataset;

import io.plumbline.finetune.dataset.ValidationReport.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Checks a whole training file in one pass, holding one line at a time.
 *
 * <p>Expected is the chat form of OpenAI's supervised fine-tuning: UTF-8 JSON Lines, each line an object whose
 * {@code messages} end with the assistant's; assistant messages may carry {@code weight} 0 or 1.
 */
public final class DatasetValidator {
    private final DatasetLimits limits;

    public DatasetValidator() {
        this(DatasetLimits.defaults());
    }

    public DatasetValidator(DatasetLimits limits) {
        this.limits = limits;
    }

    /**
     * Validates a file.
     *
     * @throws IOException if it cannot be read; problems of its content are in the report
     */
    public ValidationReport validate(Path file) throws IOException {
        try (InputStream source = Files.newInputStream(file)) {
            return validate(source);
        }
    }

    /**
     * Validates a stream to its end; the caller closes it.
     *
     * @throws IOException if it cannot be read; problems of its content are in the report
     */
    // Closing the reader would close the caller's stream.
    @SuppressWarnings("MustBeClosedChecker")
    public ValidationReport validate(InputStream source) throws IOException {
        var reader = new ChatRowReader(source, limits);
        var tally = new Tally();
        for (Optional<RowResult> next = reader.next(); next.isPresent(); next = reader.next()) {
            tally.add(next.get());
        }
        return tally.report();
    }

    private static final class Tally {
        private int rows;
        private int turns;
        private long characters;
        private int brokenRows;
        private final List<Problem> listed = new ArrayList<>();
        private int problemCount;

        void add(RowResult result) {
            rows++;
            switch (result) {
                case RowResult.Good(ChatRow row) -> {
                    turns += row.turns().size();
                    characters += row.characters();
                }
                case RowResult.Broken(List<Problem> problems) -> {
                    brokenRows++;
                    problems.forEach(this::add);
                }
            }
        }

        private void add(Problem problem) {
            problemCount++;
            if (listed.size() < ValidationReport.MAX_PROBLEMS) {
                listed.add(problem);
            }
        }

        ValidationReport report() {
            if (rows == 0) {
                add(new Problem(1, "", "the file has no rows; expected one conversation a line"));
            }
            return new ValidationReport(rows, turns, characters, brokenRows, listed, problemCount);
        }
    }
}
