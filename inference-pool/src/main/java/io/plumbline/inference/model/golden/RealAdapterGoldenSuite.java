package io.plumbline.inference.model.golden;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.plumbline.inference.evaluation.SingleSequence;
import io.plumbline.inference.golden.GoldenOptions;
import io.plumbline.inference.golden.GoldenResult;
import io.plumbline.inference.golden.GoldenResult.Outcome;
import io.plumbline.inference.golden.GoldenSuite;
import io.plumbline.inference.kernel.Backend;
import io.plumbline.inference.kernel.BackendOptions;
import io.plumbline.inference.kernel.Backends;
import io.plumbline.inference.kernel.KernelException;
import io.plumbline.inference.lora.AdapterFit;
import io.plumbline.inference.lora.ResidentAdapter;
import io.plumbline.inference.model.AdapterWeights;
import io.plumbline.inference.model.LoadedModel;
import io.plumbline.inference.model.UnsupportedModelException;
import io.plumbline.inference.sampling.LogProbabilities;
import io.plumbline.inference.weights.BrokenModelFileException;
import io.plumbline.inference.weights.PeftAdapter;
import io.plumbline.inference.weights.PeftAdapterFolder;
import io.plumbline.inference.weights.SafetensorsFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A trained adapter on a real model: log-probabilities and greedy text with and without it, and the loss of the base
 * model on the first batch of the training data.
 */
public final class RealAdapterGoldenSuite implements GoldenSuite {
    private static final double LOGPROB = 3e-3;
    private static final double LOSS = 1e-3;
    private static final double LEAST_MARGIN = 5e-3;
    private static final int LARGEST_RANK = 4096;

    @Override
    public String folder() {
        return "adapter-real";
    }

    @Override
    public void run(Path directory, GoldenOptions options, Consumer<GoldenResult> report) throws IOException {
        PeftAdapter adapter = PeftAdapterFolder.read(directory.resolve("adapter"));
        Optional<Path> modelFile = modelFile(adapter.baseModel(), options.models());
        if (modelFile.isEmpty()) {
            report.accept(result(
                    "model",
                    new Outcome.Refused("no file is given for the base model %s; add --model smollm2=FILE"
                            .formatted(adapter.baseModel()))));
            return;
        }
        try (Backend backend = Backends.open(options.backend(), BackendOptions.defaults());
                LoadedModel model = LoadedModel.open(modelFile.get(), backend)) {
            List<String> misfits = AdapterFit.misfits(adapter, model.plan(), LARGEST_RANK);
            if (!misfits.isEmpty()) {
                report.accept(result("adapter", new Outcome.Refused(String.join("; ", misfits))));
                return;
            }
            try (ResidentAdapter resident = ResidentAdapter.upload(adapter, model.plan(), backend.memory())) {
                compare(directory, model, resident.weights(), report);
            }
        } catch (UnsupportedModelException e) {
            report.accept(result("model", new Outcome.Refused(String.valueOf(e.getMessage()))));
        } catch (BrokenModelFileException | KernelException e) {
            report.accept(result("model", new Outcome.Failed(String.valueOf(e.getMessage()))));
        }
    }

    private void compare(Path directory, LoadedModel model, AdapterWeights adapter, Consumer<GoldenResult> report)
            throws IOException {
        JsonNode golden =
                new JsonMapper().readTree(directory.resolve("golden.json").toFile());
        report.accept(result("loss of the first batch", firstLoss(directory, golden, model)));
        try (SafetensorsFile forced = SafetensorsFile.open(directory.resolve("teacher_forced.safetensors"))) {
            for (JsonNode prompt : golden.path("prompts")) {
                int index = prompt.path("index").asInt();
                compare(prompt, forced, "p%d.with".formatted(index), model, adapter, report);
                compare(prompt, forced, "p%d.without".formatted(index), model, null, report);
            }
        }
    }

    private void compare(
            JsonNode prompt,
            SafetensorsFile forced,
            String key,
            LoadedModel model,
            @Nullable AdapterWeights adapter,
            Consumer<GoldenResult> report) {
        if (forced.any(key + ".next_logprob").isPresent()) {
            int[] tokens = forced.require(key.substring(0, key.indexOf('.')) + ".tokens")
                    .toInts();
            float[] expected = forced.require(key + ".next_logprob").toFloats();
            report.accept(result(
                    key + " teacher-forced", Comparisons.nextLogprobs(model, adapter, tokens, expected, LOGPROB)));
        }
        JsonNode greedy = prompt.path(key.substring(key.indexOf('.') + 1));
        var expected = new Comparisons.Continuation(
                GoldenJson.ints(greedy.path("greedy_ids")), GoldenJson.floats(greedy.path("greedy_margins")));
        int[] promptIds = GoldenJson.ints(prompt.path("prompt_ids"));
        report.accept(result(key + " greedy", Comparisons.greedy(model, adapter, promptIds, expected, LEAST_MARGIN)));
    }

    /** Mean over all target tokens of the first batch; B starts at zero, so it is the base model's. */
    private static Outcome firstLoss(Path directory, JsonNode golden, LoadedModel model) throws IOException {
        int rows = golden.path("training").path("batch_size").asInt();
        List<String> lines = Files.readAllLines(directory.resolve("data.jsonl"));
        double[] sum = {0};
        int targets = 0;
        for (String line : lines.subList(0, Math.min(rows, lines.size()))) {
            JsonNode row = new JsonMapper().readTree(line);
            int[] tokens = GoldenJson.ints(row.path("ids"));
            int promptLength = row.path("prompt_len").asInt();
            targets += tokens.length - promptLength;
            try (SingleSequence sequence = new SingleSequence(model, tokens.length, null)) {
                sequence.append(tokens, (position, logits) -> {
                    if (position + 1 >= promptLength && position + 1 < tokens.length) {
                        sum[0] += LogProbabilities.logSumExp(logits) - logits[tokens[position + 1]];
                    }
                });
            }
        }
        double expected = golden.path("losses").path(0).asDouble();
        return Comparisons.compared(
                targets,
                Comparisons.worst(0, sum[0] / targets - expected),
                LOSS,
                "mean of %d target tokens".formatted(targets));
    }

    /** The file whose name in the options occurs in the name of the base model. */
    private static Optional<Path> modelFile(String baseModel, Map<String, Path> models) {
        String wanted = baseModel.toLowerCase(Locale.ROOT);
        return models.entrySet().stream()
                .filter(entry -> wanted.contains(entry.getKey().toLowerCase(Locale.ROOT)))
                .map(Map.Entry::getValue)
                .findFirst();
    }

    private GoldenResult result(String name, Outcome outcome) {
        return new GoldenResult(folder(), name, outcome);
    }
}
