package io.plumbline.platform.error;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;

import io.plumbline.platform.testing.Callers;
import io.plumbline.platform.testing.PlatformTest;
import io.restassured.RestAssured;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** Whatever goes wrong, wherever, the answer has OpenAI's shape. */
@PlatformTest
class ErrorShapeTest {
    @Test
    void unknownRoutes() {
        for (String path : new String[] {"/", "/nowhere", "/v1/nowhere", "/api/v1/nowhere", "/api/v1/me/nowhere"}) {
            given().get(path)
                    .then()
                    .statusCode(404)
                    .contentType("application/json")
                    .header("x-request-id", matchesPattern("req_[0-9a-f]{32}"))
                    .body("error.type", equalTo("invalid_request_error"))
                    .body("error.code", equalTo("unknown_url"))
                    .body("error.message", containsString("/q/openapi"));
        }
    }

    @Test
    void aRouteThatDoesNotTakeTheMethod() {
        Callers.as("admin@hospital.example")
                .put("/api/v1/me")
                .then()
                .statusCode(405)
                .body("error.code", equalTo("method_not_allowed"));
    }

    @Test
    void aContentTypeThatIsNotTaken() {
        Callers.as("admin@hospital.example")
                .contentType("text/plain")
                .body("x")
                .post("/api/v1/api-keys")
                .then()
                .statusCode(415)
                .body("error.code", equalTo("unsupported_media_type"));
    }

    @Test
    void malformedJsonNamesThePosition() {
        Callers.as("admin@hospital.example")
                .contentType("application/json")
                .body("{\"name\": \"x\",\n \"scopes\": [}")
                .post("/api/v1/api-keys")
                .then()
                .statusCode(400)
                .body("error.code", equalTo("invalid_json"))
                .body("error.message", containsString("line 2, column 13"))
                .body("error.message", not(containsString("com.fasterxml")));
    }

    @Test
    void aValueOfTheWrongKindNamesTheParameter() {
        Callers.as("admin@hospital.example")
                .contentType("application/json")
                .body("{\"name\": \"x\", \"scopes\": [\"inference\"], \"expires_in_days\": \"soon\"}")
                .post("/api/v1/api-keys")
                .then()
                .statusCode(400)
                .body("error.code", equalTo("invalid_value"))
                .body("error.param", equalTo("expires_in_days"))
                .body("error.message", containsString("'soon' is not a number"));
    }

    @Test
    void anEmptyBodyIsRefused() {
        Callers.as("admin@hospital.example")
                .contentType("application/json")
                .post("/api/v1/api-keys")
                .then()
                .statusCode(400)
                .body("error.message", notNullValue());
    }

    @Test
    void aLargeBodyIsRefusedWithTheLimit() {
        Callers.as("admin@hospital.example")
                .contentType("application/json")
                .body("{\"name\": \"%s\"}".formatted("x".repeat(5 << 20)))
                .post("/api/v1/api-keys")
                .then()
                .statusCode(413)
                .body("error.code", equalTo("body_too_large"))
                .body("error.message", containsString("4194304 bytes"));
    }

    @Test
    void aLargeBodyThatAnnouncesNoLengthIsRefusedToo() throws IOException, InterruptedException {
        byte[] body = "{\"name\": \"%s\"}".formatted("x".repeat(5 << 20)).getBytes(StandardCharsets.UTF_8);
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:%d/api/v1/api-keys".formatted(RestAssured.port)))
                .header("Authorization", "Bearer " + Callers.token("admin@hospital.example"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body)))
                .build();

        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
            assertThat(response.statusCode()).as(response.body()).isEqualTo(413);
            assertThat(response.body()).contains("body_too_large", "4194304 bytes");
        }
    }

    @Test
    void theCallersRequestIdComesBackIfItIsHarmless() {
        given().header("x-request-id", "abc-1").get("/nowhere").then().header("x-request-id", equalTo("abc-1"));
        given().header("x-request-id", "a b<script>")
                .get("/nowhere")
                .then()
                .header("x-request-id", matchesPattern("req_[0-9a-f]{32}"));
    }
}
