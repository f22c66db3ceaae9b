package io.plumbline.inference.pool.remote;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.plumbline.inference.pool.InferenceException;
import io.plumbline.inference.pool.remote.RemoteDialect.Ability;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;

/** The connection to one remote engine: requests with its key, and the short questions that are not streamed. */
final class RemoteServer implements AutoCloseable {
    private static final JsonMapper JSON = new JsonMapper();
    private static final int LONGEST_ANSWER = 4 << 20;
    private static final String MODELS = "/v1/models";

    private final RemoteEngineSettings settings;
    private final RemoteFailures failures;
    private final HttpClient client;

    /**
     * An answer in full.
     *
     * @param status HTTP status
     * @param body JSON, or a missing node if it is none
     * @param text the same as it came
     */
    record Answer(int status, JsonNode body, String text) {}

    RemoteServer(RemoteEngineSettings settings, RemoteFailures failures) {
        this.settings = settings;
        this.failures = failures;
        this.client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                // A redirect could take prompts and the key to somebody else.
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(settings.limits().connect())
                .executor(Executors.newVirtualThreadPerTaskExecutor())
                .build();
    }

    HttpClient client() {
        return client;
    }

    /** A question that belongs to no tenant. */
    HttpRequest post(String path, ObjectNode body) {
        return post(path, body, settings.keys().any());
    }

    HttpRequest post(String path, ObjectNode body, Optional<ApiKey> key) {
        return request(path, key)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body.toString()))
                .build();
    }

    /**
     * Asks and waits.
     *
     * @throws InferenceException.EngineFailed if there is no answer
     */
    Answer ask(HttpRequest request) {
        try {
            return exchange(request);
        } catch (IOException e) {
            throw failures.ofConnection(e);
        }
    }

    /** As {@link #ask}, and any status but 200 becomes the fact it stands for. */
    JsonNode require(HttpRequest request, String model) {
        try {
            HttpResponse<InputStream> response = send(request);
            try (InputStream in = response.body()) {
                Answer answer = read(response.statusCode(), in);
                if (answer.status() != 200) {
                    throw failures.ofStatus(answer.status(), response.headers(), answer.text(), model);
                }
                return answer.body();
            }
        } catch (IOException e) {
            throw failures.ofConnection(e);
        }
    }

    /** Whether it serves, and what. */
    RemoteHealth health() {
        try {
            if (settings.dialect().can(Ability.HEALTH)) {
                Answer alive = exchange(get("/health", settings.keys().any()));
                // A gateway in front may not pass the question on.
                if (alive.status() >= 500) {
                    return down("/health", alive);
                }
            }
            Answer answer = exchange(get(MODELS, settings.keys().any()));
            if (answer.status() != 200) {
                return down(MODELS, answer);
            }
            List<String> models = new ArrayList<>();
            answer.body()
                    .path("data")
                    .forEach(model -> models.add(model.path("id").asText()));
            return new RemoteHealth.Up(models);
        } catch (IOException e) {
            return new RemoteHealth.Down("it cannot be reached (%s)".formatted(RemoteFailures.describe(e)));
        }
    }

    private static RemoteHealth.Down down(String path, Answer answer) {
        return new RemoteHealth.Down(
                "GET %s answers %d: %s".formatted(path, answer.status(), RemoteFailures.message(answer.text())));
    }

    /**
     * What it lists to a key.
     *
     * @throws InferenceException if it does not answer as it should
     */
    JsonNode modelCards(Optional<ApiKey> key) {
        return require(get(MODELS, key), "models").path("data");
    }

    @Override
    public void close() {
        client.shutdownNow();
    }

    private Answer exchange(HttpRequest request) throws IOException {
        HttpResponse<InputStream> response = send(request);
        try (InputStream in = response.body()) {
            return read(response.statusCode(), in);
        }
    }

    private HttpResponse<InputStream> send(HttpRequest request) throws IOException {
        try {
            return client.send(request, HttpResponse.BodyHandlers.ofInputStream());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private static Answer read(int status, InputStream in) throws IOException {
        String text = new String(in.readNBytes(LONGEST_ANSWER), StandardCharsets.UTF_8);
        try {
            JsonNode body = JSON.readTree(text);
            return new Answer(status, body == null ? MissingNode.getInstance() : body, text);
        } catch (JsonProcessingException notJson) {
            return new Answer(status, MissingNode.getInstance(), text);
        }
    }

    private HttpRequest get(String path, Optional<ApiKey> key) {
        return request(path, key).GET().build();
    }

    private HttpRequest.Builder request(String path, Optional<ApiKey> key) {
        HttpRequest.Builder request = HttpRequest.newBuilder(settings.at(path))
                .timeout(settings.limits().begin());
        key.ifPresent(known -> request.header("Authorization", "Bearer " + known.secret()));
        return request;
    }
}
