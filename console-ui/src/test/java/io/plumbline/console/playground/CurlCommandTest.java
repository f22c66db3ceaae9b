package io.plumbline.console.playground;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.plumbline.inference.pool.ChatMessage;
import io.plumbline.inference.pool.SamplingSettings;
import io.plumbline.platform.gateway.ChatQuestion;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CurlCommandTest {
    private static final String NASTY = "it's \"quoted\" $HOME `id` \\n 儿童\nJSON\n<img src=x onerror=alert(1)>";

    @TempDir
    Path folder;

    /** A real shell reads the command; in curl's place stands a program that keeps what it was given. */
    @Test
    void aShellHandsExactlyTheQuestionToCurl() throws Exception {
        Path curl = folder.resolve("curl");
        Path body = folder.resolve("body.json");
        Path arguments = folder.resolve("arguments");
        Files.writeString(curl, "#!/bin/sh\nprintf '%%s\\n' \"$@\" > '%s'\ncat > '%s'\n".formatted(arguments, body));
        assertThat(curl.toFile().setExecutable(true)).isTrue();
        ChatQuestion question = new ChatQuestion(
                "ft:demo",
                List.of(new ChatMessage("system", "Be brief."), new ChatMessage("user", NASTY)),
                SamplingSettings.greedy(),
                1,
                OptionalInt.of(64),
                List.of(),
                OptionalInt.empty(),
                false);

        ProcessBuilder shell = new ProcessBuilder("sh", "-c", CurlCommand.of("http://127.0.0.1:8080", question));
        shell.environment().put("PATH", folder + ":" + System.getenv("PATH"));
        shell.environment().put("PLUMBLINE_API_KEY", "pl-hospital-x");
        Process run = shell.redirectErrorStream(true).start();
        String said = new String(run.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(run.waitFor()).as(said).isZero();

        JsonNode sent = new ObjectMapper().readTree(Files.readString(body));
        assertThat(sent.path("model").asText()).isEqualTo("ft:demo");
        assertThat(sent.path("messages").path(0).path("role").asText()).isEqualTo("system");
        assertThat(sent.path("messages").path(1).path("content").asText()).isEqualTo(NASTY);
        assertThat(sent.path("max_completion_tokens").asInt()).isEqualTo(64);
        assertThat(sent.path("temperature").asDouble()).isZero();
        assertThat(Files.readString(arguments))
                .contains("http://127.0.0.1:8080/v1/chat/completions\n", "Authorization: Bearer pl-hospital-x\n");
    }
}
