package io.plumbline.finetune.golden;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.plumbline.finetune.training.StopSignal;
import io.plumbline.finetune.training.TrainingEvent;
import io.plumbline.finetune.training.TrainingException;
import io.plumbline.finetune.training.TrainingRun;
import io.plumbline.finetune.training.TrainingSpec;
import io.plumbline.inference.golden.GoldenOptions;
import io.plumbline.inference.golden.GoldenResult;
import io.plumbline.inference.golden.GoldenResult.Outcome;
import io.plumbline.inference.golden.GoldenSuite;
import io.plumbline.inference.kernel.BackendOptions;
import io.plumbline.inference.weights.PeftAdapterFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * {@code domain-runs/}: whole runs on real rows, computed with PEFT over the dequantised base. They take minutes each, so
 * they run only when the rows are named: {@code --model smollm2=FILE --model data=FOLDER}.
 */
public final class DomainRunsSuite implements GoldenSuite {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final double HELD_OUT = 0.01;

    @Override
    public String folder() {
        return "domain-runs";
    }

    @Override
    public void run(Path directory, GoldenOptions options, Consumer<GoldenResult> report) throws IOException {
        for (Path file : references(directory)) {
            String domain = file.getFileName().toString().replace(".json", "");
            Optional<Path> model = options.model("smollm2");
            Optional<Path> data = options.model("data");
            if (model.isEmpty() || data.isEmpty()) {
                report.accept(new GoldenResult(
                        folder(),
                        domain,
                        new Outcome.Refused(
                                "takes minutes and needs files that are not part of the folder: give --model"
                                        + " smollm2=FILE.gguf and --model data=FOLDER with DOMAIN.train.jsonl and"
                                        + " DOMAIN.eval.jsonl")));
                continue;
            }
            JsonNode reference = JSON.readTree(file.toFile());
            var files = new RunFiles(model.get(), data.get(), directory.resolve("init_adapter"));
            int steps = reference.path("steps").asInt();
            check(domain, reference, spec(domain, steps, files, options.backend()), report);
        }
    }

    private static List<Path> references(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(f -> f.getFileName().toString().endsWith(".json"))
                    .sorted()
                    .toList();
        }
    }

    /**
     * The files of one run.
     *
     * @param model base model
     * @param data folder of the rows
     * @param initial the adapter all runs start from
     */
    private record RunFiles(Path model, Path data, Path initial) {}

    /** What {@code README.md} of the folder says about all its runs. */
    private static TrainingSpec spec(String domain, int steps, RunFiles files, String backend) throws IOException {
        Path initial = files.initial();
        var lora = TrainingSpec.LoraSettings.of(PeftAdapterFolder.read(initial));
        var optimizer = new TrainingSpec.OptimizerSettings(
                1, Optional.of(steps), 4, 512, 2e-4, 0.9, 0.999, 1e-8, 0, 10, 1, 0, false);
        return new TrainingSpec(
                files.model(),
                files.data().resolve(domain + ".train.jsonl"),
                Optional.of(files.data().resolve(domain + ".eval.jsonl")),
                Optional.of(initial),
                Files.createTempDirectory("plumbline-golden-"),
                lora,
                optimizer,
                0,
                Optional.empty(),
                backend);
    }

    private void check(String domain, JsonNode reference, TrainingSpec spec, Consumer<GoldenResult> report)
            throws IOException {
        List<TrainingEvent> events = new ArrayList<>();
        try {
            var run = new TrainingRun(spec, BackendOptions.defaults(), events::add, new StopSignal());
            run.run();
            report.accept(new GoldenResult(folder(), domain + ": losses", losses(reference, events)));
            report.accept(new GoldenResult(
                    folder(),
                    domain + ": held-out loss before",
                    heldOut(reference.path("held_out_before"), events, 0)));
            report.accept(new GoldenResult(
                    folder(), domain + ": held-out loss after", heldOut(reference.path("held_out_after"), events, 1)));
        } catch (TrainingException e) {
            report.accept(new GoldenResult(folder(), domain, new Outcome.Failed(String.valueOf(e.getMessage()))));
        } finally {
            delete(spec.outputDirectory());
        }
    }

    private static Outcome losses(JsonNode reference, List<TrainingEvent> events) {
        JsonNode expected = reference.path("train_losses");
        double worst = 0;
        int compared = 0;
        for (TrainingEvent event : events) {
            if (event instanceof TrainingEvent.Stepped step && expected.has(step.step())) {
                double loss = expected.get(step.step()).asDouble();
                worst = Math.max(worst, Math.abs(step.loss() - loss) / Math.max(0.02 * loss, 0.01));
                compared++;
            }
        }
        if (compared != expected.size()) {
            return new Outcome.Failed("%d steps where the reference has %d".formatted(compared, expected.size()));
        }
        return new Outcome.Compared(worst, 1, "fraction of max(2 %%, 0.01), largest of %d steps".formatted(compared));
    }

    private static Outcome heldOut(JsonNode expected, List<TrainingEvent> events, int index) {
        List<TrainingEvent.Evaluated> evaluations = events.stream()
                .filter(TrainingEvent.Evaluated.class::isInstance)
                .map(TrainingEvent.Evaluated.class::cast)
                .toList();
        TrainingEvent.Evaluated actual = evaluations.get(index);
        if (actual.targetTokens() != expected.path(1).asLong()) {
            return new Outcome.Failed("%d target tokens where the reference has %d"
                    .formatted(actual.targetTokens(), expected.path(1).asLong()));
        }
        double loss = expected.path(0).asDouble();
        return new Outcome.Compared(Math.abs(actual.loss() - loss) / loss, HELD_OUT, "relative");
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> entries = Files.walk(folder)) {
            for (Path entry : entries.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(entry);
            }
        }
    }
}
