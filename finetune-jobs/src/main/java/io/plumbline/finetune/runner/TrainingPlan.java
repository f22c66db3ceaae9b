package io.plumbline.finetune.runner;

import io.plumbline.finetune.job.FineTuningJob;
import io.plumbline.finetune.job.Hyperparameters;
import io.plumbline.finetune.training.TrainingSpec;
import io.plumbline.finetune.training.TrainingSpec.OptimizerSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/** Turns a job into what its trainer needs: files in the workspace and a spec. */
final class TrainingPlan {
    /** Warm-up is a tenth of a short run, and never more than the trainer's default. */
    private static final int WARMUP_SHARE = 10;

    private final TrainingInputs inputs;
    private final String backend;
    private final int checkpointSteps;

    TrainingPlan(TrainingInputs inputs, String backend, int checkpointSteps) {
        this.inputs = inputs;
        this.backend = backend;
        this.checkpointSteps = checkpointSteps;
    }

    /** The same job always gives the same spec, so that a trainer goes on where another one ended. */
    TrainingSpec prepare(FineTuningJob job, Workspace workspace) throws IOException, MissingInputException {
        workspace.create();
        Path base = inputs.baseModel(job.files().baseModel(), job.files().baseModelSha256());
        fetchOnce(job, job.files().trainingFile(), "training_file", workspace.trainingFile());
        Optional<Path> validation = Optional.empty();
        if (job.files().validationFile().isPresent()) {
            fetchOnce(job, job.files().validationFile().get(), "validation_file", workspace.validationFile());
            validation = Optional.of(workspace.validationFile());
        }
        return new TrainingSpec(
                base,
                workspace.trainingFile(),
                validation,
                Optional.empty(),
                workspace.output(),
                job.settings().lora(),
                optimizer(job, rows(workspace.trainingFile())),
                checkpointSteps,
                job.settings().chatTemplate(),
                backend);
    }

    /** A file that was fetched for an earlier attempt serves the next one, even if the tenant deleted it since. */
    private void fetchOnce(FineTuningJob job, String fileId, String param, Path target)
            throws IOException, MissingInputException {
        if (Files.exists(target)) {
            return;
        }
        Path partial = target.resolveSibling(target.getFileName() + ".part");
        inputs.fetch(job.tenant(), fileId, param, partial);
        Files.move(partial, target, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
    }

    private static OptimizerSettings optimizer(FineTuningJob job, int rows) {
        Hyperparameters chosen = job.chosen().orElseGet(() -> job.requested().chosenFor(rows));
        int epochs = chosen.epochs().orElseThrow();
        int batch = chosen.batchSize().orElseThrow();
        OptimizerSettings defaults = OptimizerSettings.defaults();
        int steps = Math.max(1, Math.ceilDiv(rows, batch) * epochs);
        return new OptimizerSettings(
                epochs,
                Optional.empty(),
                batch,
                job.settings().maxTokens(),
                job.settings().baseLearningRate()
                        * chosen.learningRateMultiplier().orElseThrow(),
                defaults.beta1(),
                defaults.beta2(),
                defaults.epsilon(),
                defaults.weightDecay(),
                Math.min(defaults.warmupSteps(), steps / WARMUP_SHARE),
                defaults.maxGradientNorm(),
                job.settings().seed(),
                true);
    }

    private static int rows(Path file) throws IOException {
        try (Stream<String> lines = Files.lines(file)) {
            return (int) lines.filter(line -> !line.isBlank()).count();
        }
    }
}
