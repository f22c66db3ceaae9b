package io.plumbline.finetune.runner;

import io.plumbline.finetune.dataset.DatasetValidator;
import io.plumbline.finetune.dataset.ValidationReport;
import io.plumbline.finetune.job.ClaimedJob;
import io.plumbline.finetune.job.FineTuningJob;
import io.plumbline.finetune.job.JobError;
import io.plumbline.finetune.job.JobLedger;
import io.plumbline.finetune.job.JobQueue;
import io.plumbline.finetune.job.LeaseLostException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Checks every line of a job's files before it may queue for a trainer. */
final class FileCheck {
    private static final Logger LOG = LoggerFactory.getLogger(FileCheck.class);
    private static final int PROBLEMS_TOLD = 5;
    private static final Duration RETRY_PAUSE = Duration.ofSeconds(5);

    private final JobQueue queue;
    private final JobLedger ledger;
    private final TrainingInputs inputs;
    private final DatasetValidator validator = new DatasetValidator();

    FileCheck(JobQueue queue, JobLedger ledger, TrainingInputs inputs) {
        this.queue = queue;
        this.ledger = ledger;
        this.inputs = inputs;
    }

    void run(ClaimedJob claim) {
        try {
            check(claim);
        } catch (MissingInputException e) {
            ledger.fail(claim, new JobError("file_not_found", e.explanation(), Optional.of(e.param())));
        } catch (LeaseLostException e) {
            LOG.info("{}", e.getMessage());
            return;
        } catch (IOException | RuntimeException e) {
            LOG.warn("could not check the files of {}, trying again: {}", claim.job(), e.toString());
            queue.release(claim, RETRY_PAUSE);
            return;
        }
        queue.release(claim, Duration.ZERO);
    }

    private void check(ClaimedJob claim) throws IOException, MissingInputException {
        FineTuningJob job = ledger.read(claim);
        ValidationReport training = validate(job, job.files().trainingFile(), "training_file");
        if (!training.valid()) {
            ledger.fail(claim, error("training_file", job.files().trainingFile(), training));
            return;
        }
        if (job.files().validationFile().isPresent()) {
            String file = job.files().validationFile().get();
            ValidationReport validation = validate(job, file, "validation_file");
            if (!validation.valid()) {
                ledger.fail(claim, error("validation_file", file, validation));
                return;
            }
        }
        ledger.queue(
                claim,
                job.requested().chosenFor(training.rows()),
                "Training file: %d rows, %d messages, %d characters"
                        .formatted(training.rows(), training.turns(), training.characters()));
    }

    private ValidationReport validate(FineTuningJob job, String fileId, String param)
            throws IOException, MissingInputException {
        Path copy = Files.createTempFile("plumbline-check-", ".jsonl");
        try {
            inputs.fetch(job.tenant(), fileId, param, copy);
            return validator.validate(copy);
        } finally {
            Files.deleteIfExists(copy);
        }
    }

    private static JobError error(String param, String fileId, ValidationReport report) {
        String problems = report.problems().stream()
                .limit(PROBLEMS_TOLD)
                .map(p -> "line %d%s: %s".formatted(p.line(), p.field().isEmpty() ? "" : ", " + p.field(), p.reason()))
                .collect(Collectors.joining("; "));
        String more = report.problemCount() > PROBLEMS_TOLD
                ? " (and %d more)".formatted(report.problemCount() - PROBLEMS_TOLD)
                : "";
        return new JobError(
                "invalid_" + param,
                "The file %s has %d problems: %s%s. Mend the lines and upload the file again."
                        .formatted(fileId, report.problemCount(), problems, more),
                Optional.of(param));
    }
}
