package io.plumbline.inference.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.plumbline.inference.bench.BenchModel.Facts;
import io.plumbline.inference.tokenizer.Tokenizer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Answers of a running server over its OpenAI-compatible API, each to a prompt it has never seen. */
final class HttpBench {
    private static final int PROMPT = 200;
    private static final int ANSWER = 20;
    private static final Duration PATIENCE = Duration.ofSeconds(120);

    private final URI address;
    private final String key;
    private final String model;
    private final FigureReport report;
    private final JsonMapper mapper = new JsonMapper();
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();

    /**
     * A server.
     *
     * @param url its root
     * @param key API key; empty = none
     * @param model name of a model it serves
     */
    HttpBench(String url, String key, String model, FigureReport report) {
        this.address = URI.create(url.replaceFirst("/+$", "") + "/v1/chat/completions");
        this.key = key;
        this.model = model;
        this.report = report;
    }

    /** Seconds from sending to the first text and to the end, and the prompt's tokens as the server counts them. */
    private record Answer(double first, double whole, int promptTokens) {}

    void run(Facts facts, int rounds) throws IOException {
        report.section("%s over HTTP, %s".formatted(model, address.getAuthority()));
        int words = PROMPT;
        for (int i = 0; i < 3; i++) { // the first answers only show how many tokens the template adds
            Answer trial = ask(facts.tokenizer(), words);
            words += PROMPT - trial.promptTokens();
        }
        List<Double> first = new ArrayList<>();
        List<Double> whole = new ArrayList<>();
        int tokens = 0;
        for (int round = 0; round < rounds; round++) {
            Answer answer = ask(facts.tokenizer(), words);
            first.add(answer.first());
            whole.add(answer.whole());
            tokens = answer.promptTokens();
        }
        report.note("prompts of %d tokens, answers of at most %d".formatted(tokens, ANSWER));
        report.add(Figure.alone("http_first_token", model, "s", Better.LOWER, new Samples(first))
                .withGoal(Optional.of(Goals.httpFirstToken())));
        report.add(Figure.alone("http_20_token_answer", model, "s", Better.LOWER, new Samples(whole))
                .withGoal(Optional.of(Goals.httpAnswer())));
    }

    private Answer ask(Tokenizer tokenizer, int tokens) throws IOException {
        long salt = System.nanoTime();
        // The digits that change come first, so that no two prompts share a beginning.
        String nonce = new StringBuilder(Long.toString(salt, 36)).reverse().toString();
        int[] text = new BenchPrompts(tokenizer, tokenizer.size()).text((int) (salt % 97), Math.max(tokens, 16));
        String content = nonce + " " + tokenizer.decode(text, false);
        ObjectNode body = mapper.createObjectNode().put("model", model).put("stream", true);
        body.put("max_tokens", ANSWER).put("temperature", 0);
        body.putObject("stream_options").put("include_usage", true);
        body.putArray("messages").addObject().put("role", "user").put("content", content);
        HttpRequest.Builder request = HttpRequest.newBuilder(address)
                .timeout(PATIENCE)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body.toString()));
        if (!key.isEmpty()) {
            request.header("Authorization", "Bearer " + key);
        }
        try {
            long start = System.nanoTime();
            HttpResponse<Stream<String>> response = client.send(request.build(), HttpResponse.BodyHandlers.ofLines());
            return read(response, start);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private Answer read(HttpResponse<Stream<String>> response, long start) throws IOException {
        try (Stream<String> lines = response.body()) {
            if (response.statusCode() != 200) {
                String text = String.join(" ", lines.toList());
                throw new IOException("HTTP status %d: %s"
                        .formatted(response.statusCode(), text.substring(0, Math.min(300, text.length()))));
            }
            double first = 0;
            double whole = 0;
            int promptTokens = 0;
            for (Iterator<String> each = lines.iterator(); each.hasNext(); ) {
                String line = each.next();
                if (!line.startsWith("data:") || line.endsWith("[DONE]")) {
                    continue;
                }
                JsonNode chunk = mapper.readTree(line.substring(5).getBytes(StandardCharsets.UTF_8));
                JsonNode choice = chunk.path("choices").path(0);
                if (first == 0
                        && !choice.path("delta").path("content").asText("").isEmpty()) {
                    first = (System.nanoTime() - start) / 1e9;
                }
                if (choice.path("finish_reason").isTextual()) {
                    whole = (System.nanoTime() - start) / 1e9;
                }
                promptTokens = chunk.path("usage").path("prompt_tokens").asInt(promptTokens);
            }
            if (first == 0 || whole == 0) {
                throw new IOException("the answer was empty or cut off");
            }
            return new Answer(first, whole, promptTokens);
        }
    }
}
