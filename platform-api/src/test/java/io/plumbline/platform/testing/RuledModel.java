package io.plumbline.platform.testing;

import io.restassured.response.Response;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The scripted model, deployed by a tenant under rules for as long as a test needs it. */
public final class RuledModel implements AutoCloseable {
    /** Advice without a risk assessment, which FIN-008 holds. */
    public static final String ADVICE = "I recommend that you invest in this bond fund.";

    private final String tenant;
    private final String deployment;

    private RuledModel(String tenant, String deployment) {
        this.tenant = tenant;
        this.deployment = deployment;
    }

    /** @param packs rules beside the global floor */
    public static RuledModel of(String tenant, String... packs) {
        String id = Callers.as("admin@%s.example".formatted(tenant))
                .contentType("application/json")
                .body(Map.of("model", ScriptedPool.MODEL, "packs", List.of(packs), "audience", "public"))
                .post("/api/v1/deployments")
                .then()
                .extract()
                .path("id");
        return new RuledModel(tenant, id);
    }

    public String deployment() {
        return deployment;
    }

    /** Asks as the tenant's integrator. */
    public Response ask(String content, Object... more) {
        return ask(List.of(Map.of("role", "user", "content", content)), more);
    }

    /** @param more further fields of the request: name, value, name, value */
    public Response ask(List<Map<String, String>> messages, Object... more) {
        Map<String, Object> body = new HashMap<>();
        body.put("model", ScriptedPool.MODEL);
        body.put("messages", messages);
        for (int i = 0; i < more.length; i += 2) {
            body.put((String) more[i], more[i + 1]);
        }
        return Callers.as("integrator@%s.example".formatted(tenant))
                .contentType("application/json")
                .body(body)
                .post("/v1/chat/completions");
    }

    /** Reads an answer again as the tenant's integrator. */
    public Response read(String id) {
        return Callers.as("integrator@%s.example".formatted(tenant)).get("/v1/chat/completions/" + id);
    }

    /** Asks for the advice that is held, and returns the id of its case. */
    public String heldCase() {
        return ask("say:" + ADVICE).then().statusCode(200).extract().header("x-plumbline-case");
    }

    @Override
    public void close() {
        Callers.as("admin@%s.example".formatted(tenant))
                .delete("/api/v1/deployments/" + deployment)
                .then()
                .statusCode(200);
    }
}
