package io.plumbline.inference.golden;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.plumbline.inference.kernel.Backend;
import io.plumbline.inference.kernel.BackendOptions;
import io.plumbline.inference.kernel.Backends;
import io.plumbline.inference.quant.QuantFormat;
import io.plumbline.inference.weights.BrokenModelFileException;
import io.plumbline.inference.weights.SafetensorsFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Block formats and quantised products: {@code <format>.safetensors} with {@code random.*} (unpacking), {@code
 * special.*} (infinities and NaN), {@code quantize.*} (packing) and {@code mm<i>.*} (products); {@code index.json} says
 * which formats there are.
 */
public final class QuantGoldenSuite implements GoldenSuite {
    private static final String FILE_ENDING = ".safetensors";

    @Override
    public String folder() {
        return "quant";
    }

    @Override
    public void run(Path directory, GoldenOptions options, Consumer<GoldenResult> report) throws IOException {
        Path indexFile = directory.resolve("index.json");
        JsonNode index = Files.exists(indexFile)
                ? new ObjectMapper().readTree(indexFile.toFile()).path("formats")
                : new ObjectMapper().createObjectNode();
        try (Backend backend = Backends.open(options.backend(), BackendOptions.defaults())) {
            for (String name : formatNames(directory, index)) {
                runFormat(directory, name, backend, report);
            }
        }
    }

    /** Upper-case names from the index and from the files. */
    private static TreeSet<String> formatNames(Path directory, JsonNode index) throws IOException {
        TreeSet<String> names = new TreeSet<>();
        index.fieldNames().forEachRemaining(names::add);
        try (Stream<Path> files = Files.list(directory)) {
            files.map(file -> file.getFileName().toString())
                    .filter(file -> file.endsWith(FILE_ENDING))
                    .map(file -> file.substring(0, file.length() - FILE_ENDING.length()))
                    .forEach(file -> names.add(file.toUpperCase(Locale.ROOT)));
        }
        return names;
    }

    private static void runFormat(Path directory, String name, Backend backend, Consumer<GoldenResult> report)
            throws IOException {
        String shown = name.toLowerCase(Locale.ROOT);
        Optional<QuantFormat> format = Arrays.stream(QuantFormat.values())
                .filter(candidate -> candidate.name().equals(name))
                .findFirst();
        if (format.isEmpty()) {
            report.accept(new GoldenResult(
                    "quant",
                    shown,
                    new GoldenResult.Outcome.Refused(
                            "this format is not read; formats: " + List.of(QuantFormat.values()))));
            return;
        }
        try (SafetensorsFile file = SafetensorsFile.open(directory.resolve(shown + FILE_ENDING))) {
            new QuantGoldenCases(format.get(), file, backend, report).run();
        } catch (BrokenModelFileException | IllegalArgumentException e) {
            report.accept(
                    new GoldenResult("quant", shown, new GoldenResult.Outcome.Failed(String.valueOf(e.getMessage()))));
        }
    }
}
