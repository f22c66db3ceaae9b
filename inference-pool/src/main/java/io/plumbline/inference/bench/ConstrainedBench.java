package io.plumbline.inference.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.plumbline.inference.bench.BenchModel.Facts;
import io.plumbline.inference.bench.BenchModel.Stream;
import io.plumbline.inference.bench.TimedAnswer.Timed;
import io.plumbline.inference.grammar.CompiledGrammar;
import io.plumbline.inference.pool.FinishReason;
import io.plumbline.inference.pool.OutputConstraint;
import io.plumbline.inference.pool.SamplingSettings;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What holding an answer to a JSON schema costs per token: answers of the schema and free ones of as many tokens in
 * turn, with the same sampling, after the schema was used once.
 */
final class ConstrainedBench {
    /** Bounded everywhere, so that every answer ends by itself. */
    static final String SCHEMA = """
            {"type": "object",
             "properties": {
               "title": {"type": "string", "minLength": 10, "maxLength": 60},
               "date": {"type": "string", "format": "date"},
               "severity": {"type": "integer", "minimum": 1, "maximum": 5},
               "findings": {"type": "array", "minItems": 4, "maxItems": 4, "items": {
                 "type": "object",
                 "properties": {
                   "place": {"type": "string", "minLength": 5, "maxLength": 40},
                   "part": {"enum": ["bearing", "filter", "pump", "alarm"]},
                   "repaired": {"type": "boolean"}},
                 "required": ["place", "part", "repaired"], "additionalProperties": false}},
               "summary": {"type": "string", "minLength": 160, "maxLength": 320}},
             "required": ["title", "date", "severity", "findings", "summary"], "additionalProperties": false}
            """;

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /** More tokens than an answer of the schema has, even if every one is a character. */
    private static final int MOST_TOKENS = 900;

    /** The ratio of two times needs more of them than a figure of one. */
    private static final int LEAST_ROUNDS = 5;

    private final Facts facts;
    private final ModelBench.Settings settings;
    private final FigureReport report;

    ConstrainedBench(Facts facts, ModelBench.Settings settings, FigureReport report) {
        this.facts = facts;
        this.settings = settings;
        this.report = report;
    }

    void run() throws IOException {
        report.section("%s: held to a JSON schema".formatted(facts.name()));
        try (BenchModel model =
                BenchModel.open(facts, settings.backend(), settings.threads(), ModelBench.withoutGuesses())) {
            measure(model);
        }
    }

    private void measure(BenchModel model) {
        if (model.served().engine().contextLength() < ModelBench.PROMPT + MOST_TOKENS) {
            report.note("answers of a JSON schema are left out: the model's context is too short for them");
            return;
        }
        CompiledGrammar grammar = model.served()
                .constraints()
                .compile(new OutputConstraint.JsonSchema(SCHEMA, true))
                .orElseThrow();
        measure("", 0, model, grammar);
        measure("_sampled", 1, model, grammar);
    }

    private void measure(String suffix, double temperature, BenchModel model, CompiledGrammar grammar) {
        Stream stream = model.streams(1, ModelBench.PROMPT).getFirst();
        String wrong =
                problem(model.answer(stream, sampling(model, temperature, 0), Optional.of(grammar), MOST_TOKENS));
        double constrained = Double.MAX_VALUE;
        List<Double> ratios = new ArrayList<>();
        for (int round = 1; round <= Math.max(LEAST_ROUNDS, settings.rounds()); round++) {
            // Another seed is another answer: it goes through places of the schema that no answer has been at.
            SamplingSettings sampling = sampling(model, temperature, round);
            Timed held = model.answer(stream, sampling, Optional.of(grammar), MOST_TOKENS);
            wrong = wrong.isEmpty() ? problem(held) : wrong;
            Timed other = model.answer(
                    stream, sampling, Optional.empty(), held.finished().completionTokens());
            constrained = Math.min(constrained, secondsPerToken(held));
            ratios.add(secondsPerToken(held) / secondsPerToken(other));
        }
        report.add(Figure.alone(
                "decode_json_schema" + suffix, facts.name(), "tok/s", Better.HIGHER, Samples.of(1 / constrained)));
        report.add(Figure.alone(
                        "json_schema_time" + suffix,
                        facts.name(),
                        "x free",
                        Better.LOWER,
                        Samples.of(new Samples(ratios).median()))
                .withGoal(Optional.of(Goals.constrainedTime())));
        report.check("the timed answers are JSON of the schema", facts.name(), wrong);
    }

    private static SamplingSettings sampling(BenchModel model, double temperature, long seed) {
        return new SamplingSettings(
                temperature, 0, 1, 0, 1, 0, 0, model.prompts().neverEnd(), OptionalLong.of(seed));
    }

    private static double secondsPerToken(Timed answer) {
        double seconds = (answer.times().end() - answer.times().first()) / 1e9;
        return seconds / (answer.finished().completionTokens() - 1);
    }

    private static String problem(Timed answer) {
        return answer.finished().reason() == FinishReason.STOP
                ? problem(answer.text())
                : "an answer ended by " + answer.finished().reason();
    }

    /** What keeps a text from being JSON of the schema, looked at without the grammar; empty if nothing. */
    static String problem(String text) {
        JsonNode answer;
        try {
            answer = JSON.readTree(text);
        } catch (JsonProcessingException e) {
            return "no JSON: " + e.getOriginalMessage();
        }
        boolean right = names(answer).equals(List.of("title", "date", "severity", "findings", "summary"))
                && isText(answer.path("title"), 10, 60)
                && answer.path("date").asText().matches("\\d{4}-\\d{2}-\\d{2}")
                && answer.path("severity").isIntegralNumber()
                && answer.path("severity").asInt() >= 1
                && answer.path("severity").asInt() <= 5
                && answer.path("findings").size() == 4
                && answer.path("findings").valueStream().allMatch(ConstrainedBench::isFinding)
                && isText(answer.path("summary"), 160, 320);
        return right ? "" : "JSON, but not of the schema: " + text;
    }

    private static boolean isFinding(JsonNode finding) {
        return names(finding).equals(List.of("place", "part", "repaired"))
                && isText(finding.path("place"), 5, 40)
                && List.of("bearing", "filter", "pump", "alarm")
                        .contains(finding.path("part").asText())
                && finding.path("repaired").isBoolean();
    }

    private static List<String> names(JsonNode object) {
        return object.propertyStream().map(Map.Entry::getKey).toList();
    }

    /** Lengths of JSON Schema are in code points. */
    private static boolean isText(JsonNode node, int least, int most) {
        int length = node.asText().codePointCount(0, node.asText().length());
        return node.isTextual() && length >= least && length <= most;
    }
}
