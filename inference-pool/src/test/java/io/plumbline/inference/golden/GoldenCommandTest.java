package io.plumbline.inference.golden;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The command and its quant suite on a small folder of reference results. */
class GoldenCommandTest {
    @TempDir
    private Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... arguments) {
        return new CommandLine(new GoldenCommand())
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
    }

    private static Path fixtures() throws URISyntaxException {
        return Path.of(Objects.requireNonNull(GoldenCommandTest.class.getResource("/golden"))
                .toURI());
    }

    @Test
    void everyCaseOfTheQuantSuitePasses() throws Exception {
        assertThat(run(fixtures().toString(), "--suite", "quant"))
                .as(out.toString())
                .isZero();
        assertThat(out.toString())
                .contains("q4_1 dequantise ")
                .contains("q4_1 quantise ")
                .contains("bf16 special")
                .contains("q6_k matmul mm0")
                .contains("q6_k quantise error")
                .contains("iq4_xs quantise error")
                .contains(" 0 failed, ")
                .doesNotContain("FAIL");
    }

    @Test
    void theReferenceBackendPassesTooAndJsonHasTheTotals() throws Exception {
        assertThat(run(fixtures().toString(), "--suite", "quant", "--backend", "reference", "--json"))
                .isZero();
        String[] lines = out.toString().split("\\R");
        JsonNode first = new ObjectMapper().readTree(lines[0]);
        assertThat(first.path("suite").asText()).isEqualTo("quant");
        assertThat(first.path("outcome").asText()).isEqualTo("pass");
        JsonNode totals = new ObjectMapper().readTree(lines[lines.length - 1]);
        assertThat(totals.path("failed").asInt()).isZero();
        assertThat(totals.path("passed").asInt())
                .isEqualTo(lines.length - 1 - totals.path("refused").asInt());
    }

    @Test
    void aWrongValueFails() throws Exception {
        Path quant = copyOfFixtures().resolve("quant");
        byte[] file = Files.readAllBytes(quant.resolve("q8_0.safetensors"));
        // The last tensor is random.bytes, 40 blocks of 34 bytes, of which the first is an ordinary one.
        file[file.length - 40 * 34 + 10] ^= 0x40;
        Files.write(quant.resolve("q8_0.safetensors"), file);
        assertThat(run(folder.toString())).isEqualTo(1);
        assertThat(out.toString()).contains("q8_0 dequantise ").contains("FAIL").contains(" failed, ");
    }

    @Test
    void aTruncatedFileFailsAloneAndAnUnknownFormatIsRefused() throws Exception {
        Path quant = copyOfFixtures().resolve("quant");
        byte[] file = Files.readAllBytes(quant.resolve("q4_0.safetensors"));
        Files.write(quant.resolve("q4_0.safetensors"), Arrays.copyOf(file, 100));
        Files.write(quant.resolve("mxfp4.safetensors"), file);
        assertThat(run(folder.toString())).isEqualTo(1);
        assertThat(out.toString())
                .containsPattern("q4_0 +FAIL: ")
                .containsPattern("mxfp4 +refused: this format is not read")
                .containsPattern("q4_1 dequantise .*pass");
    }

    private Path copyOfFixtures() throws IOException, URISyntaxException {
        Path quant = Files.createDirectory(folder.resolve("quant"));
        try (Stream<Path> files = Files.list(fixtures().resolve("quant"))) {
            for (Path file : files.toList()) {
                Files.copy(file, quant.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
            }
        }
        return folder;
    }

    @Test
    void wrongArgumentsAreOneClearLine() {
        assertThat(run(folder.resolve("nowhere").toString())).isEqualTo(2);
        assertThat(run(folder.toString())).isEqualTo(2);
        assertThat(run(folder.toString(), "--backend", "abacus")).isEqualTo(2);
        assertThat(run(folder.toString(), "--suite", "nope")).isEqualTo(2);
        assertThat(run(folder.toString(), "--model", "smollm2=" + folder.resolve("none.gguf")))
                .isEqualTo(2);
        assertThat(err.toString())
                .contains("there is no folder ")
                .contains("holds none of the folders that suites read: ")
                .contains("there is no backend 'abacus'; choose one of: auto, ")
                .contains("there is no suite 'nope'; choose from: ")
                .contains("the model smollm2 is not there")
                .doesNotContain("Exception");
    }
}
