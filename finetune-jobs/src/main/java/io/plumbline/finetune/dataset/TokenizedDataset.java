package io.plumbline.finetune.dataset;

import io.plumbline.finetune.dataset.ValidationReport.Problem;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A whole file, ready to train on.
 *
 * @param rows in file order; those of {@code cutOff} are there too, without targets, so that batches are those of the
 *     file
 * @param cutOff lines from which nothing is learnt because all of it lies behind the token limit
 * @param longest tokens of the longest of those before the cut, 0 = there is none
 * @param problems everything wrong with the file, at most {@link ValidationReport#MAX_PROBLEMS}; not usable unless empty
 * @param problemCount how many problems there are in all
 */
public record TokenizedDataset(
        List<TokenizedRow> rows, List<Integer> cutOff, int longest, List<Problem> problems, int problemCount) {
    public TokenizedDataset {
        rows = List.copyOf(rows);
        cutOff = List.copyOf(cutOff);
        problems = List.copyOf(problems);
    }

    /**
     * Reads, validates and tokenises a file to its end, so that every problem is known at once.
     *
     * @throws IOException if it cannot be read
     */
    public static TokenizedDataset read(Path file, RowTokenizer tokenizer) throws IOException {
        var collector = new Collector();
        try (ChatRowReader reader = ChatRowReader.open(file)) {
            for (Optional<RowResult> next = reader.next(); next.isPresent(); next = reader.next()) {
                switch (next.get()) {
                    case RowResult.Good(ChatRow row) -> collector.add(tokenizer.tokenize(row));
                    case RowResult.Broken(List<Problem> problems) -> problems.forEach(collector::add);
                }
            }
        }
        return collector.dataset();
    }

    /** Rows from which something is learnt. */
    public int usableRows() {
        return rows.size() - cutOff.size();
    }

    /** Target tokens of all rows. */
    public long targetTokens() {
        return rows.stream().mapToLong(TokenizedRow::targetCount).sum();
    }

    private static final class Collector {
        private final List<TokenizedRow> rows = new ArrayList<>();
        private final List<Integer> cutOff = new ArrayList<>();
        private final List<Problem> problems = new ArrayList<>();
        private int problemCount;
        private int longest;

        void add(RowTokenizer.Result result) {
            switch (result) {
                case RowTokenizer.Result.Usable(TokenizedRow row) -> rows.add(row);
                case RowTokenizer.Result.CutOff(TokenizedRow row, int tokens) -> {
                    rows.add(row);
                    cutOff.add(row.line());
                    longest = Math.max(longest, tokens);
                }
                case RowTokenizer.Result.Refused(Problem problem) -> add(problem);
            }
        }

        void add(Problem problem) {
            problemCount++;
            if (problems.size() < ValidationReport.MAX_PROBLEMS) {
                problems.add(problem);
            }
        }

        TokenizedDataset dataset() {
            if (rows.size() == cutOff.size() && problems.isEmpty()) {
                add(new Problem(
                        1,
                        "",
                        cutOff.isEmpty()
                                ? "the file has no rows; expected one conversation a line"
                                : "in every row all that should be learnt lies behind the token limit (the longest has"
                                        + " %,d tokens); raise the limit or shorten the rows".formatted(longest)));
            }
            return new TokenizedDataset(rows, cutOff, longest, problems, problemCount);
        }
    }
}
