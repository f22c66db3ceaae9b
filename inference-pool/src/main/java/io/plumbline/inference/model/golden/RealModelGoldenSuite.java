package io.plumbline.inference.model.golden;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.plumbline.inference.golden.GoldenOptions;
import io.plumbline.inference.golden.GoldenResult;
import io.plumbline.inference.golden.GoldenResult.Outcome;
import io.plumbline.inference.golden.GoldenSuite;
import io.plumbline.inference.kernel.ActivationPrecision;
import io.plumbline.inference.kernel.Backend;
import io.plumbline.inference.kernel.BackendOptions;
import io.plumbline.inference.kernel.Backends;
import io.plumbline.inference.kernel.KernelException;
import io.plumbline.inference.model.Architecture;
import io.plumbline.inference.model.LoadedModel;
import io.plumbline.inference.model.UnsupportedModelException;
import io.plumbline.inference.weights.BrokenModelFileException;
import io.plumbline.inference.weights.SafetensorsFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Real models: log-probabilities under teacher forcing ({@code <model>.teacher_forced.safetensors}) and greedy text
 * ({@code <model>.greedy.json}), against float32 arithmetic on the same quantised weights; then the log-probabilities of
 * serving, whose activations have 8 bits, against the error of llama.cpp.
 */
public final class RealModelGoldenSuite implements GoldenSuite {
    private static final String SUFFIX = ".teacher_forced.safetensors";
    /** Below it rounding may choose another token. */
    private static final double LEAST_MARGIN = 5e-3;

    @Override
    public String folder() {
        return "real";
    }

    @Override
    public void run(Path directory, GoldenOptions options, Consumer<GoldenResult> report) throws IOException {
        for (Path file : teacherForced(directory)) {
            String name = file.getFileName().toString().replace(SUFFIX, "");
            Optional<Path> modelFile = options.model(name);
            if (modelFile.isEmpty()) {
                report.accept(result(
                        name + " model",
                        new Outcome.Refused("no file is given for the model; add --model %s=FILE".formatted(name))));
                continue;
            }
            try (Backend backend = Backends.open(options.backend(), BackendOptions.defaults());
                    SafetensorsFile golden = SafetensorsFile.open(file)) {
                try (LoadedModel model = LoadedModel.open(modelFile.get(), backend)) {
                    teacherForced(name, model, golden, report);
                    greedy(name, model, directory.resolve(name + ".greedy.json"), report);
                }
                if (golden.any("p0.next_logprob.llamacpp").isPresent()) {
                    try (LoadedModel served = LoadedModel.open(modelFile.get(), backend, ActivationPrecision.INT8)) {
                        new EightBitComparison(served, golden)
                                .outcomes()
                                .forEach((what, outcome) -> report.accept(result(name + " " + what, outcome)));
                    }
                }
            } catch (UnsupportedModelException e) {
                report.accept(result(name + " model", new Outcome.Refused(String.valueOf(e.getMessage()))));
            } catch (BrokenModelFileException | KernelException e) {
                report.accept(result(name + " model", new Outcome.Failed(String.valueOf(e.getMessage()))));
            }
        }
    }

    private void teacherForced(String name, LoadedModel model, SafetensorsFile golden, Consumer<GoldenResult> report) {
        // Gemma's embeddings are scaled by √hidden and its activations are larger, and so is the rounding.
        double tolerance = model.plan().architecture() == Architecture.GEMMA3 ? 5e-3 : 2e-3;
        for (int i = 0; golden.any("p%d.tokens".formatted(i)).isPresent(); i++) {
            int[] tokens = golden.require("p%d.tokens".formatted(i)).toInts();
            float[] expected =
                    golden.require("p%d.next_logprob.exact".formatted(i)).toFloats();
            report.accept(result(
                    "%s teacher-forced %d".formatted(name, i),
                    Comparisons.nextLogprobs(model, null, tokens, expected, tolerance)));
        }
    }

    private void greedy(String name, LoadedModel model, Path file, Consumer<GoldenResult> report) throws IOException {
        if (!Files.exists(file)) {
            return;
        }
        for (JsonNode one : new JsonMapper().readTree(file.toFile())) {
            if (!one.has("exact_greedy_ids")) {
                continue;
            }
            var expected = new Comparisons.Continuation(
                    GoldenJson.ints(one.path("exact_greedy_ids")), GoldenJson.floats(one.path("exact_greedy_margins")));
            report.accept(result(
                    "%s greedy %d".formatted(name, one.path("index").asInt()),
                    Comparisons.greedy(model, null, GoldenJson.ints(one.path("prompt_ids")), expected, LEAST_MARGIN)));
        }
    }

    private GoldenResult result(String name, Outcome outcome) {
        return new GoldenResult(folder(), name, outcome);
    }

    private static List<Path> teacherForced(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.getFileName().toString().endsWith(SUFFIX))
                    .sorted()
                    .toList();
        }
    }
}
