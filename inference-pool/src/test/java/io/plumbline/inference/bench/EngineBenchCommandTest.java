package io.plumbline.inference.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.plumbline.inference.model.TestModels;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The whole benchmark on a tiny model, with a peer that claims a speed. */
class EngineBenchCommandTest {
    private static final String MODEL =
            TestModels.path("llama-untied.Q8_0.gguf").toString();

    private final PrintStream realOut = System.out;
    private final PrintStream realErr = System.err;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

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
    void everyFigureIsMeasuredBesideThePeerAndEveryOutputChecked() throws IOException {
        List<String> arguments = new ArrayList<>(List.of("--model", MODEL, "--rounds", "1", "--json"));
        PeerProcessTest.driver("{\"seconds\": 0.25, \"tokens_per_second\": 10}")
                .forEach(word -> arguments.add("--peer=" + word));
        assertThat(run(arguments)).as(err.toString(StandardCharsets.UTF_8)).isZero();
        Map<String, JsonNode> figures = lines().stream()
                .filter(line -> line.has("figure"))
                .collect(Collectors.toMap(line -> line.path("figure").asText(), Function.identity()));
        assertThat(figures)
                .containsKeys(
                        "load_to_first_token", "memory_beyond", "decode", "decode_8_streams", "decode_8_adapters");
        JsonNode decode = Objects.requireNonNull(figures.get("decode"));
        assertThat(decode.path("value").asDouble()).isPositive();
        assertThat(decode.path("ratio").asDouble())
                .isEqualTo(decode.path("value").asDouble() / 10);
        assertThat(Objects.requireNonNull(figures.get("load_to_first_token"))
                        .path("peer_value")
                        .asDouble())
                .isEqualTo(0.25);
        List<JsonNode> checks =
                lines().stream().filter(line -> line.has("check")).toList();
        assertThat(checks).hasSizeGreaterThan(4).allMatch(line -> line.path("passed")
                .asBoolean());
    }

    @Test
    void ourFiguresStandWithoutThePeer() throws IOException {
        List<String> arguments = List.of("--model", MODEL, "--rounds", "1", "--json", "--peer=/no/such/python");
        assertThat(run(arguments)).isZero();
        assertThat(lines()).anyMatch(line -> line.path("note").asText().contains("cannot be started"));
        assertThat(lines())
                .filteredOn(line -> line.path("figure").asText().equals("decode"))
                .singleElement()
                .matches(line -> line.path("value").asDouble() > 0 && !line.has("peer_value"));
    }

    @Test
    void aMissingFileAndAFileThatIsNoModelAreTold() {
        assertThat(run(List.of("--model", "/no/such.gguf", "--json"))).isEqualTo(1);
        String config = TestModels.path("llama-untied/config.json").toString();
        assertThat(run(List.of("--model", config, "--json"))).isEqualTo(1);
        assertThat(err.toString(StandardCharsets.UTF_8))
                .contains("there is no file /no/such.gguf")
                .contains("config.json")
                .doesNotContain("Exception");
    }

    @Test
    void aPartCanBeMeasuredAlone() throws IOException {
        assertThat(run(List.of("--model", MODEL, "--only", "Context", "--json")))
                .isZero();
        List<String> figures = lines().stream()
                .filter(line -> line.has("model"))
                .map(line -> line.path("figure").asText())
                .toList();
        // This model's context is that short, and its end is measured.
        assertThat(figures)
                .contains("context_128_prefill", "context_128_decode", "context_128_memory")
                .allMatch(figure -> figure.startsWith("context_"));
        assertThat(run(List.of("--model", MODEL, "--only", "contexts"))).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("there is no part 'contexts'", "batch, tenants");
    }

    private List<JsonNode> lines() throws IOException {
        List<JsonNode> lines = new ArrayList<>();
        for (String line : out.toString(StandardCharsets.UTF_8).lines().toList()) {
            lines.add(new JsonMapper().readTree(line));
        }
        return lines;
    }

    private static int run(List<String> arguments) {
        return EngineBenchCommand.commandLine().execute(arguments.toArray(String[]::new));
    }
}
