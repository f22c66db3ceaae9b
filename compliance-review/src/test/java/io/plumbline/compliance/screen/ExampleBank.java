package io.plumbline.compliance.screen;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.plumbline.compliance.rule.Stage;
import io.plumbline.inference.TenantId;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * The examples of one rule. All numbers, names and keys in the files are SYNTHETIC: constructed, or public specimens. The
 * mark {@code ¦} stands inside keys so that secret scanners of code hosts stay quiet; it is removed here.
 */
record ExampleBank(String rule, List<Example> examples) {
    /** The day on which all examples are screened. */
    static final Clock CLOCK = Clock.fixed(Instant.parse("2026-03-01T04:00:00Z"), ZoneOffset.UTC);

    /** What the rule must do with an example. */
    enum Kind {
        POSITIVE,
        NEGATIVE,
        HARD_NEGATIVE
    }

    /** One example and the context it stands in. */
    record Example(String rule, String language, Kind kind, Stage stage, ScreenContext context, String text) {
        @Override
        public String toString() {
            return "%s %s %s: %s".formatted(rule, language, kind, text);
        }
    }

    static ExampleBank of(String rule) {
        try (InputStream in = ExampleBank.class.getResourceAsStream("/compliance/examples/" + rule + ".yaml")) {
            if (in == null) {
                throw new IllegalStateException("rule %s has no examples".formatted(rule));
            }
            JsonNode root = new YAMLMapper().readTree(in);
            List<Example> examples = new ArrayList<>();
            for (String language : List.of("zh", "en")) {
                for (Kind kind : Kind.values()) {
                    for (JsonNode node : root.path(language).path(kind.name().toLowerCase(Locale.ROOT))) {
                        examples.add(example(rule, language, kind, root, node));
                    }
                }
            }
            return new ExampleBank(rule, examples);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Example example(String rule, String language, Kind kind, JsonNode root, JsonNode node) {
        Map<String, String> metadata = new HashMap<>();
        root.path("meta")
                .properties()
                .forEach(entry -> metadata.put(entry.getKey(), entry.getValue().asText()));
        node.path("meta")
                .properties()
                .forEach(entry -> metadata.put(entry.getKey(), entry.getValue().asText()));
        Set<String> packs = new HashSet<>(Set.of(rule));
        root.path("packs").forEach(pack -> packs.add(pack.asText()));
        var context = new ScreenContext(
                TenantId.of("synthetic"),
                packs,
                Audience.PUBLIC,
                metadata,
                node.path("dialogue").asText(""));
        String text = (node.isTextual() ? node : node.path("text")).asText().replace("¦", "");
        String letter = node.path("stage").asText(root.path("stage").asText());
        Stage stage = List.of(Stage.values()).stream()
                .filter(candidate -> String.valueOf(candidate.letter()).equals(letter))
                .findFirst()
                .orElseThrow();
        return new Example(rule, language, kind, stage, context, text);
    }

    long count(String language, Kind kind) {
        return examples.stream()
                .filter(example -> example.language().equals(language) && example.kind() == kind)
                .count();
    }
}
