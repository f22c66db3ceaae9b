package io.plumbline.inference.model.golden;

import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.inference.golden.GoldenOptions;
import io.plumbline.inference.golden.GoldenResult;
import io.plumbline.inference.golden.GoldenResult.Outcome;
import io.plumbline.inference.model.TestModels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** That the suite passes what is right, and above all that it does not pass what is wrong. */
class ArchGoldenSuiteTest {
    @TempDir
    Path root;

    private Path model;

    @BeforeEach
    void copyModel() throws IOException {
        model = Files.createDirectory(root.resolve("llama-untied"));
        try (Stream<Path> files = Files.list(TestModels.path("llama-untied"))) {
            for (Path file : files.toList()) {
                Files.copy(file, model.resolve(file.getFileName()));
            }
        }
    }

    @Test
    void passesBothStylesOfConfiguration() throws IOException {
        List<GoldenResult> results = run();
        assertThat(results).hasSize(10).allMatch(result -> passed(result.outcome()));
        assertThat(results).anyMatch(result -> result.name().contains("config.v5.json"));
    }

    @Test
    void aChangedReferenceFails() throws IOException {
        Path golden = model.resolve("golden.safetensors");
        byte[] bytes = Files.readAllBytes(golden);
        for (int i = bytes.length / 2; i < bytes.length; i += 4) {
            bytes[i + 2] ^= 1;
        }
        Files.write(golden, bytes);
        assertThat(run()).anyMatch(result -> !passed(result.outcome()));
    }

    @Test
    void changedHyperParametersFail() throws IOException {
        Path config = model.resolve("config.json");
        Files.writeString(config, Files.readString(config).replace("10000.0", "20000.0"));
        assertThat(run())
                .filteredOn(result -> result.name().startsWith("llama-untied config.json "))
                .hasSize(5)
                .noneMatch(result -> result.name().endsWith("logits") && passed(result.outcome()));
    }

    @Test
    void anUnknownArchitectureIsRefusedWithItsReason() throws IOException {
        for (String name : List.of("config.json", "config.v5.json")) {
            Path config = model.resolve(name);
            Files.writeString(
                    config, Files.readString(config).replace("\"model_type\": \"llama\"", "\"model_type\": \"mamba\""));
        }
        assertThat(run()).hasSize(2).allSatisfy(result -> assertThat(result.outcome())
                .isInstanceOfSatisfying(Outcome.Refused.class, refused -> assertThat(refused.reason())
                        .contains("'mamba'")));
    }

    @Test
    void comparingNothingIsNoPass() {
        assertThat(passed(Comparisons.compared(0, 0, 1, "nothing"))).isFalse();
        assertThat(Comparisons.largestDifference(new float[1], new float[2])).isInfinite();
        assertThat(Comparisons.largestDifference(new float[] {Float.NaN}, new float[1]))
                .isInfinite();
    }

    private List<GoldenResult> run() throws IOException {
        List<GoldenResult> results = new ArrayList<>();
        new ArchGoldenSuite().run(root, new GoldenOptions(root, "reference", Map.of()), results::add);
        return results;
    }

    private static boolean passed(Outcome outcome) {
        return outcome instanceof Outcome.Compared compared && compared.passed();
    }
}
