package io.plumbline.platform.isolation;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.plumbline.platform.finetuning.TrainingRows;
import io.plumbline.platform.testing.Callers;
import io.plumbline.platform.testing.PlatformTest;
import io.plumbline.platform.testing.RuledModel;
import io.plumbline.platform.testing.ScriptedPool;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Two tenants, every route. The routes come from the OpenAPI document, so a new one is tested without being named here;
 * one that takes an id needs an example object, and the test says so.
 */
@PlatformTest
class EveryRouteTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String REVIEW_CASES = "/api/v1/review/cases";
    private static final List<String> METHODS = List.of("get", "post", "put", "patch", "delete");

    private record Route(String method, String path) {
        boolean takesId() {
            return path.contains("{");
        }

        /** The path up to the id: what kind of object it names. */
        String collection() {
            return path.substring(0, path.indexOf("/{"));
        }
    }

    private static List<Route> routes() throws IOException {
        JsonNode paths =
                JSON.readTree(given().get("/q/openapi?format=json").asString()).path("paths");
        List<Route> routes = new ArrayList<>();
        paths.properties().forEach(path -> METHODS.stream()
                .filter(method -> path.getValue().has(method))
                .forEach(method -> routes.add(new Route(method, path.getKey()))));
        return routes;
    }

    private static Response call(RequestSpecification caller, Route route, String id) {
        String path = route.path().replaceAll("\\{[^}]+}", id);
        boolean upload = route.path().equals("/v1/files") && route.method().equals("post");
        RequestSpecification request =
                switch (route.method()) {
                    case "post", "put", "patch" ->
                        upload
                                ? caller.multiPart("purpose", "fine-tune")
                                        .multiPart("file", "x.jsonl", new byte[] {'x'})
                                : caller.contentType("application/json").body(body(route));
                    default -> caller;
                };
        return request.request(route.method().toUpperCase(java.util.Locale.ROOT), path);
    }

    /** Enough for a route to look for its object; most need nothing. */
    private static String body(Route route) {
        if (!route.path().startsWith(REVIEW_CASES + "/{id}/") || route.path().endsWith("/claim")) {
            return "{}";
        }
        return route.path().endsWith("/decision") ? "{\"token\": 1, \"decision\": \"approve\"}" : "{\"token\": 1}";
    }

    /** Somebody who may call the route, for another tenant than hospital. */
    private static String foreigner(Route route) {
        return route.path().startsWith(REVIEW_CASES) ? "reviewer@factory.example" : "admin@broker.example";
    }

    @Test
    void thereAreRoutes() throws IOException {
        assertThat(routes())
                .extracting(Route::path)
                .contains("/v1/chat/completions", "/v1/files/{id}", "/v1/models/{id}");
    }

    @Test
    void withoutACredentialEveryRouteIsClosed() throws IOException {
        for (Route route : routes()) {
            Response response = call(given(), route, "x");
            assertThat(response.statusCode()).as(route.toString()).isEqualTo(401);
            assertThat((String) response.path("error.type"))
                    .as(route.toString())
                    .isEqualTo("authentication_error");
        }
    }

    @Test
    void withoutTheScopeEveryRouteIsClosed() throws IOException {
        // A key with one scope may call the routes of that scope; no route may take every one of these keys.
        Map<String, String> keys = Map.of(
                "inference", Callers.key("hospital", "inference"), "usage:read", Callers.key("hospital", "usage:read"));
        for (Route route : routes()) {
            if (route.path().equals("/api/v1/me")) {
                continue; // for every caller
            }
            List<Integer> statuses = keys.values().stream()
                    .map(key -> call(Callers.withKey(key), route, "x").statusCode())
                    .toList();
            assertThat(statuses).as(route.toString()).contains(403);
        }
    }

    @Test
    void whatBelongsToAnotherTenantDoesNotExist() throws IOException {
        Map<String, String> examples = hospitalsObjects();
        for (Route route : routes()) {
            if (route.takesId()) {
                String id = examples.get(route.collection());
                assertThat(id)
                        .as("an object of hospital for %s; add one to hospitalsObjects()", route)
                        .isNotNull();
                Response foreign = call(Callers.as(foreigner(route)), route, id);
                assertThat(foreign.statusCode())
                        .as("%s of another tenant", route)
                        .isEqualTo(404);
                assertThat((String) foreign.path("error.message"))
                        .as("%s tells nothing", route)
                        .doesNotContain("hospital.example");
            }
        }
        for (Route route : routes()) {
            if (route.method().equals("get") && !route.takesId()) {
                String list =
                        call(Callers.as("admin@broker.example"), route, "").asString();
                examples.values()
                        .forEach(id -> assertThat(list).as(route.toString()).doesNotContain(id));
            }
        }
        // They were there all the time, and nothing above changed them.
        Callers.as("admin@hospital.example")
                .get("/v1/files/" + examples.get("/v1/files"))
                .then()
                .statusCode(200);
    }

    private static Map<String, String> hospitalsObjects() {
        Map<String, String> objects = new LinkedHashMap<>();
        objects.put("/api/v1/api-keys", Callers.key("hospital", "models:read").split("-")[2]);
        objects.put(
                "/v1/files",
                Callers.as("admin@hospital.example")
                        .multiPart("purpose", "fine-tune")
                        .multiPart(
                                "file",
                                "rows.jsonl",
                                "{\"messages\": [{\"role\": \"user\", \"content\": \"Q\"}, {\"role\": \"assistant\", \"content\": \"A\"}]}"
                                        .getBytes(StandardCharsets.UTF_8))
                        .post("/v1/files")
                        .path("id"));
        objects.put(
                "/v1/chat/completions",
                Callers.as("admin@hospital.example")
                        .contentType("application/json")
                        .body(Map.of(
                                "model",
                                ScriptedPool.MODEL,
                                "store",
                                true,
                                "messages",
                                List.of(Map.of("role", "user", "content", "say:Ours"))))
                        .post("/v1/chat/completions")
                        .path("id"));
        objects.put(
                "/api/v1/members",
                Callers.as("admin@hospital.example")
                        .get("/api/v1/members?limit=100")
                        .path("data.find { it.username == 'engineer@hospital.example' }.id"));
        objects.put("/v1/models", "ft:smollm2-135m-instruct:hospital:none");
        objects.put("/v1/fine_tuning/jobs", cancelledJob());
        objects.put("/api/v1/deployments", retiredDeployment());
        try (RuledModel model = RuledModel.of("hospital", "FIN-008")) {
            objects.put(REVIEW_CASES, model.heldCase());
        }
        // Each log counts from 0, so an index names something in either; AuditRestTest shows that it is one's own.
        objects.put("/api/v1/audit/entries", "hospitals-own");
        return objects;
    }

    /** Cancelled at once, so that nothing is trained; it exists all the same. */
    private static String cancelledJob() {
        String job = Callers.as("admin@hospital.example")
                .contentType("application/json")
                .body(Map.of("model", "smollm2-135m-instruct", "training_file", TrainingRows.upload("hospital", 4)))
                .post("/v1/fine_tuning/jobs")
                .path("id");
        Callers.as("admin@hospital.example")
                .post("/v1/fine_tuning/jobs/" + job + "/cancel")
                .then()
                .statusCode(200);
        return job;
    }

    /** Retired at once, so that the model answers other tests under the tenant's own policy. */
    private static String retiredDeployment() {
        String deployment = Callers.as("admin@hospital.example")
                .contentType("application/json")
                .body(Map.of("model", ScriptedPool.MODEL))
                .post("/api/v1/deployments")
                .path("id");
        Callers.as("admin@hospital.example")
                .delete("/api/v1/deployments/" + deployment)
                .then()
                .statusCode(200);
        return deployment;
    }
}
