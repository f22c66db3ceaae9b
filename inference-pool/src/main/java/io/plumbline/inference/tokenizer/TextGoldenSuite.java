package io.plumbline.inference.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.plumbline.inference.golden.GoldenOptions;
import io.plumbline.inference.golden.GoldenResult;
import io.plumbline.inference.golden.GoldenResult.Outcome;
import io.plumbline.inference.golden.GoldenSuite;
import io.plumbline.inference.tokenizer.template.ChatTemplate;
import io.plumbline.inference.tokenizer.template.TemplateException;
import io.plumbline.inference.weights.BrokenModelFileException;
import io.plumbline.inference.weights.GgufFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Real models' text: {@code <model>.tokens.jsonl} (tokens and text of many strings) and {@code chat_templates.json}. The
 * error of a case is the number of values that differ.
 */
public final class TextGoldenSuite implements GoldenSuite {
    private static final String TOKENS = ".tokens.jsonl";
    private static final Set<String> NO_VARIABLES = Set.of("template", "rendered", "error");

    private final JsonMapper json = new JsonMapper();

    @Override
    public String folder() {
        return "real";
    }

    @Override
    public void run(Path directory, GoldenOptions options, Consumer<GoldenResult> report) throws IOException {
        List<Path> tokenFiles;
        try (Stream<Path> files = Files.list(directory)) {
            tokenFiles = files.filter(file -> file.getFileName().toString().endsWith(TOKENS))
                    .sorted()
                    .toList();
        }
        for (Path file : tokenFiles) {
            String name = file.getFileName().toString();
            String model = name.substring(0, name.length() - TOKENS.length());
            tokens(model, options.model(model), file, report);
        }
        Path templates = directory.resolve("chat_templates.json");
        if (Files.exists(templates)) {
            templates(templates, report);
        }
    }

    private void tokens(String model, Optional<Path> modelFile, Path cases, Consumer<GoldenResult> report)
            throws IOException {
        if (modelFile.isEmpty()) {
            Outcome refused = new Outcome.Refused(
                    "no model file for '%s'; give it with --model %s=FILE.gguf".formatted(model, model));
            report.accept(new GoldenResult(folder(), model + " tokens", refused));
            return;
        }
        Tokenizer tokenizer;
        try (GgufFile file = GgufFile.open(modelFile.get())) {
            tokenizer = GgufTokenizers.of(file.metadata());
        } catch (BrokenModelFileException e) {
            report.accept(
                    new GoldenResult(folder(), model + " tokens", new Outcome.Failed(String.valueOf(e.getMessage()))));
            return;
        }
        for (String line : Files.readAllLines(cases)) {
            JsonNode one = json.readTree(line);
            String name = "%s tokens %s".formatted(model, one.path("index").asText());
            report.accept(new GoldenResult(folder(), name, check(tokenizer, one)));
        }
    }

    private static Outcome check(Tokenizer tokenizer, JsonNode one) {
        String text = one.path("text").asText();
        int[] plain = ints(one.path("ids"));
        int[] parsed = ints(one.path("ids_parse_special"));
        JsonNode special = one.path("detokenized_parse_special");
        List<String> different = new ArrayList<>();
        if (!Arrays.equals(tokenizer.encode(text, false, false), plain)) {
            different.add("ids");
        }
        if (!Arrays.equals(tokenizer.encode(text, true, false), parsed)) {
            different.add("ids_parse_special");
        }
        if (!Arrays.equals(tokenizer.encode(text, false, true), ints(one.path("ids_add_special")))) {
            different.add("ids_add_special");
        }
        if (!Arrays.equals(tokenizer.decodeToBytes(plain, false), bytes(one.path("detokenized")))) {
            different.add("detokenized");
        }
        if (!Arrays.equals(tokenizer.decodeToBytes(parsed, false), bytes(special.path("special_hidden")))) {
            different.add("special_hidden");
        }
        if (!Arrays.equals(tokenizer.decodeToBytes(parsed, true), bytes(special.path("special_shown")))) {
            different.add("special_shown");
        }
        String detail = different.isEmpty()
                ? "%d tokens, 6 comparisons".formatted(plain.length)
                : "different: " + String.join(", ", different);
        return new Outcome.Compared(different.size(), 0, detail);
    }

    private static int[] ints(JsonNode array) {
        int[] values = new int[array.size()];
        Arrays.setAll(values, i -> array.path(i).asInt());
        return values;
    }

    private static byte[] bytes(JsonNode value) {
        return value.path("text").isTextual()
                ? value.path("text").asText().getBytes(StandardCharsets.UTF_8)
                : Base64.getDecoder().decode(value.path("base64").asText());
    }

    private void templates(Path file, Consumer<GoldenResult> report) throws IOException {
        JsonNode root = json.readTree(file.toFile());
        Map<String, ChatTemplate> compiled = new HashMap<>();
        for (Map.Entry<String, JsonNode> template : root.path("templates").properties()) {
            try {
                compiled.put(
                        template.getKey(), ChatTemplate.of(template.getValue().asText()));
            } catch (TemplateException e) {
                report.accept(new GoldenResult(
                        folder(), "template " + template.getKey(), new Outcome.Failed(String.valueOf(e.getMessage()))));
            }
        }
        int index = 0;
        for (JsonNode one : root.path("cases")) {
            String name = one.path("template").asText();
            ChatTemplate template = compiled.get(name);
            if (template != null) {
                report.accept(
                        new GoldenResult(folder(), "template %s case %d".formatted(name, index), check(template, one)));
            }
            index++;
        }
    }

    private Outcome check(ChatTemplate template, JsonNode one) {
        Map<String, @Nullable Object> variables = new HashMap<>();
        one.properties().forEach(entry -> {
            if (!NO_VARIABLES.contains(entry.getKey())) {
                variables.put(entry.getKey(), json.convertValue(entry.getValue(), Object.class));
            }
        });
        String expected = one.path(one.has("error") ? "error" : "rendered").asText();
        String actual;
        try {
            actual = template.render(variables, Clock.systemUTC());
        } catch (TemplateException e) {
            boolean refused = e.kind() == TemplateException.Kind.REFUSED && one.has("error");
            if (!refused) {
                return new Outcome.Failed(String.valueOf(e.getMessage()));
            }
            actual = String.valueOf(e.getMessage());
        }
        boolean equal = actual.equals(expected);
        String detail = equal ? "%d characters".formatted(expected.length()) : difference(actual, expected);
        return new Outcome.Compared(equal ? 0 : 1, 0, detail);
    }

    private static String difference(String actual, String expected) {
        int at = 0;
        while (at < Math.min(actual.length(), expected.length()) && actual.charAt(at) == expected.charAt(at)) {
            at++;
        }
        return "differs at character %d: '%s' instead of '%s'"
                .formatted(at, excerpt(actual, at), excerpt(expected, at));
    }

    private static String excerpt(String text, int at) {
        return text.substring(at, Math.min(text.length(), at + 30)).replace("\n", "\\n");
    }
}
