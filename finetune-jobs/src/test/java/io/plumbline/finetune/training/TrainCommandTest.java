package io.plumbline.finetune.training;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.plumbline.inference.weights.PeftAdapterFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The trainer as a process, over a tiny but complete model. */
class TrainCommandTest {
    private static final int STEPS = 40;

    @TempDir
    private Path folder;

    private Path model;
    private Path data;
    private Path heldOut;

    @BeforeEach
    void files() throws IOException {
        model = TinyModel.write(folder.resolve("tiny.gguf"));
        data = Files.write(folder.resolve("train.jsonl"), rows("abcdefghij"));
        heldOut = Files.write(folder.resolve("eval.jsonl"), rows("klm"));
    }

    private static List<String> rows(String questions) {
        return questions
                .chars()
                .mapToObj(c -> ("{\"messages\":[{\"role\":\"user\",\"content\":\"%c?\"},"
                                + "{\"role\":\"assistant\",\"content\":\"yes, always %c\"}]}")
                        .formatted(c, c))
                .toList();
    }

    private List<String> settings(String out, String... more) {
        List<String> all = new ArrayList<>(List.of(
                "--model", model.toString(),
                "--data", data.toString(),
                "--eval", heldOut.toString(),
                "--out", folder.resolve(out).toString(),
                "--steps", String.valueOf(STEPS),
                "--rank", "4",
                "--lr", "0.01",
                "--backend", "reference",
                "--checkpoint-every", "5"));
        all.addAll(Arrays.asList(more));
        return all;
    }

    private TrainerProcess start(List<String> settings) throws IOException {
        return new TrainerProcess(folder, settings.toArray(String[]::new));
    }

    @Test
    void aRunLearnsAndLeavesAnAdapterWithItsLineage() throws IOException, InterruptedException {
        try (TrainerProcess trainer = start(settings("run"))) {
            assertThat(trainer.awaitEnd()).isEqualTo(ExitCode.FINISHED.number());
            List<TrainingEvent.Evaluated> evaluations = trainer.seen(TrainingEvent.Evaluated.class);
            assertThat(evaluations).extracting(TrainingEvent.Evaluated::step).containsExactly(0, STEPS);
            assertThat(evaluations.getLast().loss())
                    .isLessThan(evaluations.getFirst().loss() - 1);
            assertThat(trainer.seen(TrainingEvent.Stepped.class)).hasSize(STEPS);
            assertThat(trainer.seen().getLast()).isInstanceOf(TrainingEvent.Finished.class);
        }
        Path adapter = folder.resolve("run/adapter");
        assertThat(PeftAdapterFolder.read(adapter).layers()).hasSize(7 * TinyModel.LAYERS);
        JsonNode lineage =
                new ObjectMapper().readTree(adapter.resolve("plumbline.json").toFile());
        assertThat(lineage.at("/base_model/sha256").asText()).hasSize(64);
        assertThat(lineage.at("/training_data/rows").asInt()).isEqualTo(10);
        assertThat(lineage.at("/result/steps").asInt()).isEqualTo(STEPS);
        assertThat(Files.readAllLines(folder.resolve("run/events.jsonl"))).isNotEmpty();
        assertThat(checkpoints("run")).containsExactly("step-00000035", "step-00000040");
    }

    @Test
    void aKilledRunGoesOnAndEndsBitByBitLikeAnUninterruptedOne() throws IOException, InterruptedException {
        List<Double> losses;
        try (TrainerProcess whole = start(settings("whole"))) {
            assertThat(whole.awaitEnd()).isZero();
            losses = losses(whole);
        }
        int killedAfter;
        try (TrainerProcess first = start(settings("killed"))) {
            TrainingEvent.Stepped step = (TrainingEvent.Stepped)
                    first.await(e -> e instanceof TrainingEvent.Stepped s && s.step() == STEPS / 2 + 2);
            killedAfter = step.step();
            first.kill();
        }
        try (TrainerProcess second = start(settings("killed"))) {
            assertThat(second.awaitEnd()).isZero();
            TrainingEvent.Started started =
                    second.seen(TrainingEvent.Started.class).getFirst();
            assertThat(started.firstStep()).isBetween(5, STEPS).satisfies(s -> assertThat(s % 5)
                    .isZero());
            assertThat(started.firstStep()).isLessThanOrEqualTo(killedAfter + 5);
            assertThat(losses(second)).isEqualTo(losses.subList(started.firstStep(), STEPS));
        }
        for (String file : List.of("adapter_model.safetensors", "adapter_config.json", "plumbline.json")) {
            assertThat(folder.resolve("killed/adapter").resolve(file))
                    .hasSameBinaryContentAs(folder.resolve("whole/adapter").resolve(file));
        }
    }

    @Test
    void sigtermWritesACheckpointAndTheSameCommandGoesOn() throws IOException, InterruptedException {
        List<String> settings = settings("stopped", "--checkpoint-every", "0");
        settings.remove("--checkpoint-every");
        settings.remove("5");
        int step;
        try (TrainerProcess first = start(settings)) {
            first.await(e -> e instanceof TrainingEvent.Stepped);
            first.terminate();
            assertThat(first.awaitEnd()).isEqualTo(ExitCode.STOPPED.number());
            TrainingEvent.Stopped stopped = (TrainingEvent.Stopped) first.seen().getLast();
            step = stopped.step();
            assertThat(stopped.reason()).isEqualTo("asked to end by a signal");
            assertThat(first.seen(TrainingEvent.Checkpointed.class))
                    .extracting(TrainingEvent.Checkpointed::step)
                    .containsExactly(step);
        }
        try (TrainerProcess second = start(settings)) {
            assertThat(((TrainingEvent.Started) second.await(e -> e instanceof TrainingEvent.Started)).firstStep())
                    .isEqualTo(step);
        }
    }

    @Test
    void aTrainerWhoseParentDiesEnds() throws IOException, InterruptedException {
        try (TrainerProcess trainer = start(settings("orphan", "--die-with-parent"))) {
            trainer.await(e -> e instanceof TrainingEvent.Stepped);
            trainer.closeInput();
            assertThat(trainer.awaitEnd()).isEqualTo(ExitCode.STOPPED.number());
            assertThat(trainer.seen().getLast())
                    .isEqualTo(new TrainingEvent.Stopped(
                            trainer.seen(TrainingEvent.Stepped.class).size(), "the parent process is gone"));
        }
    }

    @Test
    void brokenDataAreRefusedBeforeAnythingIsTrained() throws IOException, InterruptedException {
        Files.writeString(data, "{\"messages\":[{\"role\":\"user\",\"content\":\"\"}]}\nnonsense\n");
        try (TrainerProcess trainer = start(settings("broken"))) {
            assertThat(trainer.awaitEnd()).isEqualTo(ExitCode.DATA.number());
            assertThat(trainer.seen())
                    .singleElement()
                    .isInstanceOfSatisfying(TrainingEvent.Failed.class, e -> assertThat(e.message())
                            .contains("train.jsonl has 2 problems")
                            .contains("line 1, messages[0].content: the text is empty")
                            .contains("line 2: broken JSON at column"));
        }
        assertThat(folder.resolve("broken/checkpoints")).doesNotExist();
    }

    @Test
    void anotherRunInTheSameFolderIsRefused() throws IOException, InterruptedException {
        try (TrainerProcess first = start(settings("shared"))) {
            assertThat(first.awaitEnd()).isZero();
        }
        try (TrainerProcess second = start(settings("shared", "--seed", "1"))) {
            assertThat(second.awaitEnd()).isEqualTo(ExitCode.OUTPUT.number());
            assertThat(((TrainingEvent.Failed) second.seen().getLast()).message())
                    .contains("checkpoints of another run");
        }
    }

    @Test
    void aMissingModelIsAClearError() throws IOException, InterruptedException {
        model = folder.resolve("absent.gguf");
        try (TrainerProcess trainer = start(settings("absent"))) {
            assertThat(trainer.awaitEnd()).isEqualTo(ExitCode.INPUT.number());
            assertThat(((TrainingEvent.Failed) trainer.seen().getLast()).message())
                    .contains("there is no such file")
                    .contains("absent.gguf");
        }
    }

    @Test
    void aSpecFileDoesWhatTheOptionsDo() throws IOException, InterruptedException {
        var base = TrainingSpec.OptimizerSettings.defaults();
        var spec = new TrainingSpec(
                model,
                data,
                Optional.empty(),
                Optional.empty(),
                folder.resolve("spec"),
                TrainingSpec.LoraSettings.defaults(),
                new TrainingSpec.OptimizerSettings(
                        1,
                        Optional.empty(),
                        base.batchSize(),
                        base.maxTokens(),
                        base.learningRate(),
                        base.beta1(),
                        base.beta2(),
                        base.epsilon(),
                        base.weightDecay(),
                        base.warmupSteps(),
                        base.maxGradientNorm(),
                        base.seed(),
                        base.shuffle()),
                0,
                Optional.empty(),
                "reference");
        Path file = Files.writeString(folder.resolve("spec.json"), TrainingJson.write(spec));
        try (TrainerProcess trainer = new TrainerProcess(folder, "--spec", file.toString())) {
            assertThat(trainer.awaitEnd()).isZero();
            assertThat(trainer.seen(TrainingEvent.Stepped.class)).hasSize(3);
        }
    }

    private static List<Double> losses(TrainerProcess trainer) {
        return trainer.seen(TrainingEvent.Stepped.class).stream()
                .map(TrainingEvent.Stepped::loss)
                .toList();
    }

    private List<String> checkpoints(String out) throws IOException {
        try (Stream<Path> entries = Files.list(folder.resolve(out).resolve("checkpoints"))) {
            return entries.map(p -> p.getFileName().toString()).sorted().toList();
        }
    }
}
