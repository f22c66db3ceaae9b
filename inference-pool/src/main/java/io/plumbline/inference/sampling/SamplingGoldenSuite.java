package io.plumbline.inference.sampling;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.plumbline.inference.golden.GoldenOptions;
import io.plumbline.inference.golden.GoldenResult;
import io.plumbline.inference.golden.GoldenResult.Outcome;
import io.plumbline.inference.golden.GoldenSuite;
import io.plumbline.inference.pool.SamplingSettings;
import io.plumbline.inference.weights.SafetensorsFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Consumer;

/** Logits and settings against exact probabilities: {@code cases.json} and {@code sampling.safetensors}. */
public final class SamplingGoldenSuite implements GoldenSuite {
    private static final double TOLERANCE = 1e-12; // the sampler computes in double precision, as the reference does

    @Override
    public String folder() {
        return "sampling";
    }

    @Override
    public void run(Path directory, GoldenOptions options, Consumer<GoldenResult> report) throws IOException {
        JsonNode cases =
                new JsonMapper().readTree(directory.resolve("cases.json").toFile());
        try (SafetensorsFile file = SafetensorsFile.open(directory.resolve("sampling.safetensors"))) {
            var logits = file.require("logits");
            int vocabulary = Math.toIntExact(logits.shape().getLast());
            float[] allLogits = logits.toFloats();
            double[] allProbabilities = file.require("probs").toDoubles();
            Sampler sampler = new Sampler(vocabulary);
            for (JsonNode one : cases) {
                int row = one.path("index").asInt() * vocabulary;
                Outcome outcome = check(
                        sampler,
                        one,
                        Arrays.copyOfRange(allLogits, row, row + vocabulary),
                        Arrays.copyOfRange(allProbabilities, row, row + vocabulary));
                report.accept(
                        new GoldenResult(folder(), "case " + one.path("index").asInt(), outcome));
            }
        }
    }

    private static Outcome check(Sampler sampler, JsonNode one, float[] logits, double[] expected) {
        TokenHistory history = new TokenHistory(ints(one.path("prompt_tokens")));
        Arrays.stream(ints(one.path("generated_tokens"))).forEach(history::add);
        SamplingSettings settings;
        try {
            settings = settings(one.path("settings"));
        } catch (IllegalArgumentException e) {
            return new Outcome.Refused(String.valueOf(e.getMessage()));
        }
        TokenDistribution distribution = sampler.distribution(logits, settings, history);
        double[] actual = new double[expected.length];
        for (int i = 0; i < distribution.size(); i++) {
            actual[distribution.token(i)] = distribution.probability(i);
        }
        double error = 0;
        for (int token = 0; token < expected.length; token++) {
            if ((actual[token] > 0) != (expected[token] > 0)) {
                return new Outcome.Compared(
                        Double.POSITIVE_INFINITY, TOLERANCE, "token %d is kept by one only".formatted(token));
            }
            error = Math.max(error, Math.abs(actual[token] - expected[token]));
        }
        return new Outcome.Compared(
                error,
                TOLERANCE,
                "probabilities, %d of %d tokens kept".formatted(distribution.size(), expected.length));
    }

    private static SamplingSettings settings(JsonNode json) {
        Map<Integer, Double> bias = new HashMap<>();
        json.path("logit_bias")
                .properties()
                .forEach(entry -> bias.put(
                        Integer.valueOf(entry.getKey()), entry.getValue().asDouble()));
        return new SamplingSettings(
                json.path("temperature").asDouble(1),
                json.path("top_k").asInt(0),
                json.path("top_p").asDouble(1),
                json.path("min_p").asDouble(0),
                json.path("repetition_penalty").asDouble(1),
                json.path("presence_penalty").asDouble(0),
                json.path("frequency_penalty").asDouble(0),
                bias,
                OptionalLong.empty());
    }

    private static int[] ints(JsonNode array) {
        int[] values = new int[array.size()];
        Arrays.setAll(values, i -> array.path(i).asInt());
        return values;
    }
}
