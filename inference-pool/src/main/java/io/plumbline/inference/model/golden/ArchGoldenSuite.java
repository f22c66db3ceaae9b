package io.plumbline.inference.model.golden;

import io.plumbline.inference.evaluation.SingleSequence;
import io.plumbline.inference.golden.GoldenOptions;
import io.plumbline.inference.golden.GoldenResult;
import io.plumbline.inference.golden.GoldenResult.Outcome;
import io.plumbline.inference.golden.GoldenSuite;
import io.plumbline.inference.kernel.Backend;
import io.plumbline.inference.kernel.BackendOptions;
import io.plumbline.inference.kernel.Backends;
import io.plumbline.inference.kernel.Buffer;
import io.plumbline.inference.model.Activations;
import io.plumbline.inference.model.AdapterRows;
import io.plumbline.inference.model.AttentionStep;
import io.plumbline.inference.model.ForwardPass;
import io.plumbline.inference.model.LoadedModel;
import io.plumbline.inference.model.ModelStep;
import io.plumbline.inference.model.UnsupportedModelException;
import io.plumbline.inference.weights.SafetensorsFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Tiny models of every architecture: folders in Hugging Face layout with either style of {@code config.json}, and GGUF
 * files below {@code gguf}. Logits, greedy continuations and the residual stream behind every layer.
 */
public final class ArchGoldenSuite implements GoldenSuite {
    private static final double LOGITS = 2e-4;
    private static final double GGUF_LOGITS = 5e-4;
    /** Two logits that are nearer than this cannot be told apart. */
    private static final double LEAST_MARGIN = 2e-3;

    @Override
    public String folder() {
        return "arch";
    }

    @Override
    public void run(Path directory, GoldenOptions options, Consumer<GoldenResult> report) throws IOException {
        try (Backend backend = Backends.open(options.backend(), BackendOptions.defaults())) {
            for (Path folder : sorted(directory, "")) {
                for (Path config : sorted(folder, ".json")) {
                    if (config.getFileName().toString().startsWith("config")) {
                        checkFolder(folder, config, backend, report);
                    }
                }
            }
            for (Path file : sorted(directory.resolve("gguf"), ".gguf")) {
                checkGguf(file, backend, report);
            }
        }
    }

    private void checkFolder(Path folder, Path config, Backend backend, Consumer<GoldenResult> report)
            throws IOException {
        String name = folder.getFileName() + " " + config.getFileName();
        Path weights = folder.resolve("model.safetensors");
        try (LoadedModel model = LoadedModel.open(config, weights, backend);
                SafetensorsFile golden = SafetensorsFile.open(folder.resolve("golden.safetensors"))) {
            report.accept(result(name + " logits", logits(model, golden, "", LOGITS)));
            report.accept(result(name + " argmax", argmax(model, golden, "")));
            for (int i = 0; golden.any("greedy%d.prompt".formatted(i)).isPresent(); i++) {
                String key = "greedy%d.".formatted(i);
                int[] prompt = golden.require(key + "prompt").toInts();
                var expected = new Comparisons.Continuation(
                        golden.require(key + "tokens").toInts(),
                        golden.require(key + "margin").toFloats());
                report.accept(
                        result(name + " greedy " + i, Comparisons.greedy(model, null, prompt, expected, LEAST_MARGIN)));
            }
            report.accept(result(name + " layers", layers(model, golden)));
        } catch (UnsupportedModelException e) {
            report.accept(result(name, new Outcome.Refused(String.valueOf(e.getMessage()))));
        } catch (RuntimeException e) {
            report.accept(result(name, new Outcome.Failed(String.valueOf(e.getMessage()))));
        }
    }

    private void checkGguf(Path file, Backend backend, Consumer<GoldenResult> report) throws IOException {
        String name = "gguf " + file.getFileName();
        Path reference = file.resolveSibling(file.getFileName().toString().replace(".gguf", ".golden.safetensors"));
        try (LoadedModel model = LoadedModel.open(file, backend);
                SafetensorsFile golden = SafetensorsFile.open(reference)) {
            report.accept(result(name + " logits", logits(model, golden, ".exact", GGUF_LOGITS)));
            report.accept(result(name + " argmax", argmax(model, golden, ".exact")));
        } catch (UnsupportedModelException e) {
            report.accept(result(name, new Outcome.Refused(String.valueOf(e.getMessage()))));
        } catch (RuntimeException e) {
            report.accept(result(name, new Outcome.Failed(String.valueOf(e.getMessage()))));
        }
    }

    /** The logits of each sequence's last positions, as serving computes them. */
    private static Outcome logits(LoadedModel model, SafetensorsFile golden, String oracle, double tolerance) {
        int vocabulary = model.plan().vocabulary();
        double error = 0;
        int sequences = 0;
        for (; golden.any("seq%d.tokens".formatted(sequences)).isPresent(); sequences++) {
            int[] tokens = golden.require("seq%d.tokens".formatted(sequences)).toInts();
            float[] expected = golden.require("seq%d.logits_last4%s".formatted(sequences, oracle))
                    .toFloats();
            int rows = expected.length / vocabulary;
            float[] actual = new float[expected.length];
            try (SingleSequence sequence = new SingleSequence(model, tokens.length, null)) {
                sequence.append(tokens, (position, logits) -> {
                    int row = position - (tokens.length - rows);
                    if (row >= 0) {
                        System.arraycopy(logits, 0, actual, row * vocabulary, vocabulary);
                    }
                });
            }
            error = Comparisons.worst(error, Comparisons.largestDifference(actual, expected));
        }
        return Comparisons.compared(sequences, error, tolerance, "logits, %d sequences".formatted(sequences));
    }

    /** The likeliest token at every position, where it can be told apart from the second. */
    private static Outcome argmax(LoadedModel model, SafetensorsFile golden, String oracle) {
        int[] wrong = {0};
        int positions = 0;
        for (int s = 0; golden.any("seq%d.tokens".formatted(s)).isPresent(); s++) {
            int[] tokens = golden.require("seq%d.tokens".formatted(s)).toInts();
            int[] expected =
                    golden.require("seq%d.argmax%s".formatted(s, oracle)).toInts();
            positions += tokens.length;
            try (SingleSequence sequence = new SingleSequence(model, tokens.length, null)) {
                sequence.append(tokens, (position, logits) -> {
                    float best = logits[SingleSequence.argmax(logits)];
                    if (!(best - logits[expected[position]] <= LEAST_MARGIN)) { // so written, not a number is wrong too
                        wrong[0]++;
                    }
                });
            }
        }
        return Comparisons.compared(positions, wrong[0], 0, "likeliest token, %d positions".formatted(positions));
    }

    /** The residual stream, as training computes it; relative to its largest value where that exceeds 1. */
    private static Outcome layers(LoadedModel model, SafetensorsFile golden) {
        int[] tokens = golden.require("hidden.tokens").toInts();
        int rows = tokens.length;
        int[] all = IntStream.range(0, rows).toArray();
        double error = 0;
        try (Activations activations = Activations.forTraining(
                model.plan(), model.backend().memory(), new Activations.Capacity(rows, rows, 0))) {
            ForwardPass pass = model.forwardPass();
            pass.run(
                    new ModelStep(tokens, new AttentionStep.Sequences(new int[] {0, rows}), AdapterRows.none(rows)),
                    activations);
            pass.head(all, activations);
            error = Comparisons.worst(error, hiddenError(model, activations.embedded(), golden, "embed"));
            for (int layer = 0; layer < model.plan().layers().size(); layer++) {
                var output = activations.layer(layer).feedForward().output();
                error = Comparisons.worst(error, hiddenError(model, output, golden, "layer" + layer));
            }
            if (model.plan().headScale() == 1) { // the reference is taken before the scale, our buffer after it
                var normed = activations.head().normed();
                error = Comparisons.worst(error, hiddenError(model, normed, golden, "final_norm"));
            }
        }
        return new Outcome.Compared(
                error,
                LOGITS,
                "residual stream, %d layers".formatted(model.plan().layers().size()));
    }

    private static double hiddenError(LoadedModel model, Buffer buffer, SafetensorsFile golden, String name) {
        float[] expected = golden.require("hidden." + name).toFloats();
        float[] actual = new float[expected.length];
        model.backend().memory().read(buffer, 0, actual, 0, actual.length);
        double largest = 1;
        for (float value : expected) {
            largest = Math.max(largest, Math.abs(value));
        }
        return Comparisons.largestDifference(actual, expected) / largest;
    }

    private GoldenResult result(String name, Outcome outcome) {
        return new GoldenResult(folder(), name, outcome);
    }

    private static List<Path> sorted(Path directory, String suffix) throws IOException {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.getFileName().toString().endsWith(suffix))
                    .filter(file -> !suffix.isEmpty() || Files.isDirectory(file))
                    .sorted()
                    .toList();
        }
    }
}
