package io.plumbline.platform.dataset;

import io.plumbline.compliance.rule.Action;
import io.plumbline.compliance.rule.Stage;
import io.plumbline.compliance.screen.ScreenContext;
import io.plumbline.compliance.screen.Screened;
import io.plumbline.compliance.screen.Screener;
import io.plumbline.compliance.screen.Verdict;
import io.plumbline.finetune.dataset.ChatRow;
import io.plumbline.finetune.dataset.ChatRowReader;
import io.plumbline.finetune.dataset.RowResult;
import io.plumbline.finetune.dataset.ValidationReport;
import io.plumbline.platform.screening.ScreenedItem;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Puts every message of a training file before the rules of stage D. Whatever would have to be withheld, masked or
 * rewritten is a problem of its line: a stored file is exactly what was uploaded, never a changed copy.
 */
@ApplicationScoped
class DataScreening {
    /** More verdicts of one file than this say nothing new. */
    private static final int MOST_VERDICTS = 1000;

    private final Screener screener;

    @Inject
    DataScreening(Screener screener) {
        this.screener = screener;
    }

    /**
     * What the rules say.
     *
     * @param findings verdicts, at most 1000
     * @param refused lines that a rule refuses
     */
    record Outcome(List<ScreenedItem> findings, RefusedData refused) {}

    Outcome screen(ScreenContext context, Path file) throws IOException {
        Tally tally = new Tally(context);
        try (ChatRowReader rows = ChatRowReader.open(file)) {
            for (Optional<RowResult> next = rows.next(); next.isPresent(); next = rows.next()) {
                if (next.get() instanceof RowResult.Good(ChatRow row)) {
                    tally.add(row);
                }
            }
        }
        return tally.outcome();
    }

    private final class Tally {
        private final ScreenContext context;
        private final List<ScreenedItem> findings = new ArrayList<>();
        private final List<DataProblem> problems = new ArrayList<>();
        private int rows;
        private int refusedRows;
        private int problemCount;

        Tally(ScreenContext context) {
            this.context = context;
        }

        void add(ChatRow row) {
            rows++;
            int before = problemCount;
            for (int i = 0; i < row.messages().size(); i++) {
                String field = "messages[%d].content".formatted(i);
                Screened screened = screener.screen(
                        context, Stage.DATA, row.messages().get(i).content());
                for (Verdict verdict : screened.verdicts()) {
                    add(row.line(), field, verdict);
                }
            }
            refusedRows += problemCount > before ? 1 : 0;
        }

        private void add(int line, String field, Verdict verdict) {
            if (findings.size() < MOST_VERDICTS) {
                findings.add(new ScreenedItem("line %d %s".formatted(line, field), verdict));
            }
            if (refuses(verdict.action())) {
                problemCount++;
                if (problems.size() < ValidationReport.MAX_PROBLEMS) {
                    problems.add(new DataProblem(line, field, reason(verdict), Optional.of(verdict.rule())));
                }
            }
        }

        private static boolean refuses(Action action) {
            return action.withholds() || action == Action.REDACT || action == Action.REWRITE;
        }

        private static String reason(Verdict verdict) {
            String where =
                    verdict.start() < 0 ? "" : " (characters %d to %d)".formatted(verdict.start(), verdict.end());
            return "rule %s refuses this text%s".formatted(verdict.rule(), where);
        }

        Outcome outcome() {
            return new Outcome(List.copyOf(findings), new RefusedData(rows, refusedRows, problems, problemCount));
        }
    }
}
