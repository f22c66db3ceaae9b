package io.plumbline.inference.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.plumbline.inference.bench.BenchModel.Facts;
import io.plumbline.inference.model.TestModels;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Answers timed over real HTTP, from a server that counts a token for every four characters. */
class HttpBenchTest {
    private static final String KEY = "sk-bench";

    private final List<String> prompts = new CopyOnWriteArrayList<>();
    private final StringWriter written = new StringWriter();
    private final FigureReport report = new FigureReport(new PrintWriter(written), true, "");
    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/v1/chat/completions", this::answer);
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void everyPromptIsNewAndTheTimesAreThoseOfFirstTextAndEnd() throws IOException {
        bench(KEY).run(Facts.of(TestModels.path("llama-untied.Q8_0.gguf")), 2);
        Set<String> beginnings = new HashSet<>();
        prompts.forEach(prompt -> beginnings.add(prompt.substring(0, 10)));
        assertThat(beginnings).hasSameSizeAs(prompts);
        JsonNode first = figure("http_first_token");
        JsonNode whole = figure("http_20_token_answer");
        assertThat(first.path("value").asDouble()).isPositive();
        assertThat(whole.path("value").asDouble())
                .isGreaterThanOrEqualTo(first.path("value").asDouble());
        assertThat(first.path("target").asDouble()).isEqualTo(0.35);
    }

    @Test
    void aRefusalIsToldWithTheServersWords() {
        assertThatIOException()
                .isThrownBy(() -> bench("sk-other").run(Facts.of(TestModels.path("llama-untied.Q8_0.gguf")), 1))
                .withMessageContaining("401")
                .withMessageContaining("no such key");
    }

    private HttpBench bench(String key) {
        return new HttpBench("http://127.0.0.1:" + server.getAddress().getPort() + "/", key, "tiny", report);
    }

    private JsonNode figure(String name) throws IOException {
        for (String line : written.toString().lines().toList()) {
            JsonNode figure = new JsonMapper().readTree(line);
            if (figure.path("figure").asText().equals(name)) {
                return figure;
            }
        }
        throw new AssertionError("no figure " + name + " in " + written);
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            JsonNode body = new JsonMapper().readTree(exchange.getRequestBody().readAllBytes());
            boolean known =
                    ("Bearer " + KEY).equals(exchange.getRequestHeaders().getFirst("Authorization"));
            String prompt = body.path("messages").path(0).path("content").asText();
            prompts.add(prompt);
            String text = known ? """
                    data: {"choices":[{"delta":{"role":"assistant","content":""},"finish_reason":null}]}

                    data: {"choices":[{"delta":{"content":"Hi"},"finish_reason":null}]}

                    data: {"choices":[{"delta":{},"finish_reason":"stop"}]}

                    data: {"choices":[],"usage":{"prompt_tokens":%d,"completion_tokens":2}}

                    data: [DONE]

                    """.formatted(prompt.length() / 4) : "{\"error\":{\"message\":\"no such key\"}}";
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(known ? 200 : 401, bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }
}
