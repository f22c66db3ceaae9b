package io.plumbline.inference.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.plumbline.inference.model.TestModels;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class GenerateCommandTest {
    private final PrintStream realOut = System.out;
    private final PrintStream realErr = System.err;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @TempDir
    Path folder;

    @BeforeEach
    void capture() {
        System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
    }

    @AfterEach
    void restore() {
        System.setOut(realOut);
        System.setErr(realErr);
    }

    @Test
    void theStreamedTextIsTheTextOfTheJsonObject() throws IOException {
        String model = TestModels.path("llama-untied.F32.gguf").toString();
        assertThat(run("--model", model, "--prompt", "abc", "--max-tokens", "6", "--temperature", "0.9", "--seed", "3"))
                .isZero();
        String text = out.toString(StandardCharsets.UTF_8);
        out.reset();
        assertThat(run(
                        "--model",
                        model,
                        "--prompt",
                        "abc",
                        "--max-tokens",
                        "6",
                        "--temperature",
                        "0.9",
                        "--seed",
                        "3",
                        "--top-logprobs",
                        "2",
                        "--json"))
                .isZero();
        JsonNode json = new JsonMapper().readTree(out.toByteArray());
        assertThat(json.path("text").asText() + System.lineSeparator()).isEqualTo(text);
        assertThat(json.path("logprobs").size())
                .isEqualTo(json.path("ids").size())
                .isPositive();
        assertThat(json.path("logprobs").path(0).path("top").size()).isEqualTo(2);
        assertThat(json.path("timings").path("load_seconds").asDouble()).isPositive();
    }

    @Test
    void errorsAreOneLineWithTheRemedyAndNoStackTrace() throws IOException {
        Path broken = folder.resolve("broken.gguf");
        Files.writeString(broken, "this is no model");
        String good = TestModels.path("llama-untied.F32.gguf").toString();
        assertRefused("nothing.gguf", "--model", folder.resolve("nothing.gguf").toString(), "--prompt", "a");
        assertRefused("broken.gguf", "--model", broken.toString(), "--prompt", "a");
        assertRefused("no chat template", "--model", good, "--chat", "a");
        assertRefused("temperature", "--model", good, "--prompt", "a", "--temperature", "-1");
        assertRefused("--system needs --chat", "--model", good, "--prompt", "a", "--system", "b");
        assertRefused("adapter_config.json", "--model", good, "--prompt", "a", "--adapter", folder.toString());
    }

    @Test
    void keysAndValuesAreKeptAsToldOrRefused() {
        String wide = TestModels.path("gemma3-p6.Q8_0.gguf").toString();
        assertThat(run("--model", wide, "--prompt", "abc", "--max-tokens", "4", "--kv", "int8"))
                .isZero();
        String narrow = TestModels.path("llama-untied.F32.gguf").toString();
        assertRefused("set the key/value precision to float32", "--model", narrow, "--prompt", "a", "--kv", "int8");
        err.reset();
        assertThat(run("--model", wide, "--prompt", "abc", "--kv", "int4")).isEqualTo(CommandLine.ExitCode.USAGE);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("'int4'; choose one of float32, int8");
    }

    private void assertRefused(String fault, String... arguments) {
        err.reset();
        assertThat(run(arguments)).isNotZero();
        String message = err.toString(StandardCharsets.UTF_8);
        String line = message.lines()
                .filter(l -> l.startsWith("generate: "))
                .findFirst()
                .orElse("");
        assertThat(line).as(message).contains(fault);
        assertThat(message).doesNotContain("\tat ");
    }

    private static int run(String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--backend", "reference", "--threads", "1"));
        return new CommandLine(new GenerateCommand()).execute(all.toArray(String[]::new));
    }
}
