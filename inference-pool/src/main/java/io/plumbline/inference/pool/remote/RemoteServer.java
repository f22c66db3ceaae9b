package io.plumbline.inference.pool.remote;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.plumbline.inference.pool.InferenceException;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;

/** The connection to one remote engine: requests with its key, and the short questions that are not streamed. */
final class RemoteServer implements AutoCloseable {
    private static final JsonMapper JSON = new JsonMapper();
    private static final int LONGEST_ANSWER = 4 << 20;

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

    HttpRequest post(String path, ObjectNode body) {
        return request(path)
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
            Answer answer = exchange(request("/v1/models").GET().build());
            if (answer.status() != 200) {
                return new RemoteHealth.Down("GET /v1/models answers %d: %s"
                        .formatted(answer.status(), RemoteFailures.message(answer.text())));
            }
            List<String> models = new ArrayList<>();
            answer.body()
                    .path("data")
                    .forEach(model -> models.add(model.path("id").asText()));
            return new RemoteHealth.Up(models);
        } catch (IOException e) {
            return new RemoteHealth.Down("it cannot be reached (%s)".formatted(e.getMessage()));
        }
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

    private HttpRequest.Builder request(String path) {
        HttpRequest.Builder request = HttpRequest.newBuilder(settings.at(path))
                .timeout(settings.limits().begin());
        settings.key().ifPresent(key -> request.header("Authorization", "Bearer " + key.secret()));
        return request;
    }
}
