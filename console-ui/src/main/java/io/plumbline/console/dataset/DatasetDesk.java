package io.plumbline.console.dataset;

import io.plumbline.compliance.rule.Rule;
import io.plumbline.console.session.ConsoleSession;
import io.plumbline.console.session.Desk;
import io.plumbline.finetune.job.FineTuningJob;
import io.plumbline.platform.dataset.DataProblem;
import io.plumbline.platform.dataset.FileRows;
import io.plumbline.platform.dataset.RefusedData;
import io.plumbline.platform.dataset.TrainingFile;
import io.plumbline.platform.dataset.TrainingFiles;
import io.plumbline.platform.dataset.Upload;
import io.plumbline.platform.finetuning.FineTuning;
import io.plumbline.platform.identity.RequiresScope;
import io.plumbline.platform.identity.Scope;
import io.plumbline.platform.screening.ActiveRules;
import io.plumbline.platform.screening.StoredVerdict;
import io.plumbline.platform.screening.Verdicts;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Data sets, for their views. */
@Desk
@ApplicationScoped
public class DatasetDesk {
    /** Findings shown of one file. */
    private static final int MOST_FINDINGS = 1000;

    private static final int JOBS_LOOKED_AT = 100;

    private final ConsoleSession session;
    private final TrainingFiles files;
    private final FileRows rows;
    private final Verdicts verdicts;
    private final ActiveRules rules;
    private final FineTuning fineTuning;

    @Inject
    DatasetDesk(
            ConsoleSession session,
            TrainingFiles files,
            FileRows rows,
            Verdicts verdicts,
            ActiveRules rules,
            FineTuning fineTuning) {
        this.session = session;
        this.files = files;
        this.rows = rows;
        this.verdicts = verdicts;
        this.rules = rules;
        this.fineTuning = fineTuning;
    }

    /**
     * What a rule found in a stored file.
     *
     * @param item where, such as {@code line 12 messages[1].content}
     * @param rule empty if the active rules have it no more
     */
    public record Finding(String item, String reference, String action, Optional<Rule> rule) {}

    /** Newest first, after another file. */
    @RequiresScope(Scope.FILES_READ)
    public List<TrainingFile> page(Optional<String> after, int limit) {
        return files.page(after, true, limit);
    }

    @RequiresScope(Scope.FILES_READ)
    public TrainingFile get(String id) {
        return files.get(id);
    }

    @RequiresScope(Scope.FILES_WRITE)
    public TrainingFile upload(Upload upload) {
        return files.upload(session.caller(), upload);
    }

    @RequiresScope(Scope.FILES_WRITE)
    public void delete(String id) {
        files.delete(session.caller(), id);
    }

    /** Rows, or those with a text in them. */
    @RequiresScope(Scope.FILES_READ)
    public FileRows.Page rows(String id, String text, int from, int limit) {
        return text.isBlank()
                ? rows.page(session.caller(), id, from, limit)
                : rows.find(session.caller(), id, text, from, limit);
    }

    /** The rules that a refusal names, by reference. */
    @RequiresScope(Scope.FILES_WRITE)
    public Map<String, Rule> rulesOf(RefusedData refused) {
        Map<String, Rule> known = new HashMap<>();
        refused.problems().stream()
                .map(DataProblem::rule)
                .flatMap(Optional::stream)
                .distinct()
                .forEach(reference ->
                        rules.rule(session.tenant(), reference).ifPresent(rule -> known.put(reference, rule)));
        return known;
    }

    /** What the rules found in a file that was stored nevertheless. */
    @RequiresScope(Scope.FILES_READ)
    public List<Finding> findings(String id) {
        Map<String, Optional<Rule>> known = new HashMap<>();
        return verdicts.newest(MOST_FINDINGS, Long.MAX_VALUE, Optional.of(id)).reversed().stream()
                .map(verdict -> finding(verdict, known))
                .toList();
    }

    private Finding finding(StoredVerdict verdict, Map<String, Optional<Rule>> known) {
        Optional<Rule> rule =
                known.computeIfAbsent(verdict.rule(), reference -> rules.rule(session.tenant(), reference));
        return new Finding(verdict.item(), verdict.rule(), verdict.action().name(), rule);
    }

    /** Jobs that have not ended and learn from the file, or are measured on it. */
    @RequiresScope(Scope.FILES_READ)
    public List<FineTuningJob> jobsUsing(String id) {
        Predicate<FineTuningJob> uses =
                job -> Stream.concat(Stream.of(job.files().trainingFile()), job.files().validationFile().stream())
                        .anyMatch(id::equals);
        return fineTuning.list(Optional.empty(), JOBS_LOOKED_AT).items().stream()
                .filter(job -> !job.state().terminal())
                .filter(uses)
                .toList();
    }
}
