package io.plumbline.platform.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.platform.finetuning.TrainingRows;
import io.plumbline.platform.testing.Callers;
import io.plumbline.platform.testing.Eventually;
import io.plumbline.platform.testing.PlatformTest;
import io.plumbline.platform.testing.ScriptedPool;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What people do to a tenant's things is in its log, with who did it. */
@PlatformTest
class LoggedActsTest {
    private static final String ADMIN = "admin@factory.example";

    /** Types of the entries about a target, oldest first, once there are so many. */
    private static void logged(String target, String... types) {
        Eventually.until("logged: " + target, () -> {
            List<Map<String, Object>> entries = entries(target);
            assertThat(entries.reversed())
                    .extracting(entry -> entry.get("type"))
                    .containsExactly((Object[]) types);
            assertThat(entries)
                    .extracting(entry -> (String) entry.get("actor"))
                    .allMatch(actor -> actor.endsWith("@factory.example"));
        });
    }

    private static List<Map<String, Object>> entries(String target) {
        return Callers.as(ADMIN)
                .queryParam("target", target)
                .get("/api/v1/audit/entries")
                .then()
                .statusCode(200)
                .extract()
                .path("data");
    }

    /** Of the oldest entry about a target. */
    private static Map<String, String> digests(String target) {
        return Callers.as(ADMIN)
                .queryParam("target", target)
                .get("/api/v1/audit/entries")
                .path("data[-1].digests");
    }

    @Test
    void apiKeys() {
        String id = Callers.key("factory", "models:read").split("-")[2];
        Callers.as(ADMIN).delete("/api/v1/api-keys/" + id).then().statusCode(204);
        logged(id, "api_key.created", "api_key.revoked");
        assertThat(entries(id).getLast().get("facts")).asString().contains("models:read");
    }

    @Test
    void filesAndJobs() {
        String file = TrainingRows.upload("factory", 4);
        String job = Callers.as(ADMIN)
                .contentType("application/json")
                .body(Map.of("model", "smollm2-135m-instruct", "training_file", file))
                .post("/v1/fine_tuning/jobs")
                .then()
                .statusCode(200)
                .extract()
                .path("id");
        Callers.as(ADMIN).post("/v1/fine_tuning/jobs/" + job + "/cancel").then().statusCode(200);
        Callers.as(ADMIN).post("/v1/fine_tuning/jobs/" + job + "/cancel").then().statusCode(200);
        Callers.as(ADMIN).delete("/v1/files/" + file).then().statusCode(200);
        logged(file, "file.uploaded", "file.deleted");
        logged(job, "fine_tuning_job.created", "fine_tuning_job.cancelled");
        String content = digests(file).get("content");
        assertThat(digests(job)).containsEntry("training_file", content);
    }

    @Test
    void deploymentsAndPolicy() {
        String deployment = Callers.as(ADMIN)
                .contentType("application/json")
                .body(Map.of("model", ScriptedPool.MODEL))
                .post("/api/v1/deployments")
                .path("id");
        Callers.as(ADMIN).delete("/api/v1/deployments/" + deployment).then().statusCode(200);
        logged(deployment, "deployment.pending", "deployment.live", "deployment.retired");

        Callers.as(ADMIN)
                .contentType("application/json")
                .body(Map.of("packs", List.of("CN", "IND"), "audience", "public"))
                .put("/api/v1/screening-policy")
                .then()
                .statusCode(200);
        Eventually.until("logged: the policy", () -> assertThat(entries("screening-policy"))
                .extracting(entry -> entry.get("facts"))
                .contains(Map.of("packs", "CN,IND", "audience", "public")));
        Callers.as(ADMIN)
                .contentType("application/json")
                .body(Map.of("packs", List.of(), "audience", "public"))
                .put("/api/v1/screening-policy")
                .then()
                .statusCode(200);
    }
}
