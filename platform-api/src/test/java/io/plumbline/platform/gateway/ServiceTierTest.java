package io.plumbline.platform.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasKey;
import static org.hamcrest.Matchers.not;

import io.plumbline.inference.pool.Priority;
import io.plumbline.platform.testing.Callers;
import io.plumbline.platform.testing.PlatformTest;
import io.plumbline.platform.testing.ScriptedPool;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The tests' settings let the tenant factory ask for priority, and nobody else. */
@PlatformTest
class ServiceTierTest {
    @Inject
    ScriptedPool pool;

    private static Response ask(String tenant, Object... more) {
        Map<String, Object> body = new HashMap<>();
        body.put("model", ScriptedPool.MODEL);
        body.put("messages", List.of(Map.of("role", "user", "content", "say:Hello")));
        for (int i = 0; i < more.length; i += 2) {
            body.put((String) more[i], more[i + 1]);
        }
        return Callers.as("integrator@%s.example".formatted(tenant))
                .contentType("application/json")
                .body(body)
                .post("/v1/chat/completions");
    }

    @ParameterizedTest
    @CsvSource({
        "hospital, auto, default, NORMAL",
        "hospital, default, default, NORMAL",
        "hospital, flex, flex, LOW",
        "hospital, priority, default, NORMAL",
        "factory, priority, priority, HIGH",
        "factory, flex, flex, LOW"
    })
    void aTierIsServedAndSaid(String tenant, String asked, String served, Priority priority) {
        Response answer = ask(tenant, "service_tier", asked, "store", true);
        answer.then().statusCode(200).body("service_tier", equalTo(served));
        assertThat(pool.lastUrgency().priority()).isEqualTo(priority);
        Callers.as("integrator@%s.example".formatted(tenant))
                .get("/v1/chat/completions/" + answer.path("id"))
                .then()
                .body("service_tier", equalTo(served));
        String stream = ask(tenant, "service_tier", asked, "stream", true).asString();
        assertThat(stream.lines().filter(line -> line.startsWith("data: {")))
                .isNotEmpty()
                .allMatch(line -> line.contains("\"service_tier\":\"" + served + "\""));
    }

    @Test
    void whoAsksForNoneIsToldNone() {
        ask("hospital").then().statusCode(200).body("", not(hasKey("service_tier")));
        assertThat(pool.lastUrgency().priority()).isEqualTo(Priority.NORMAL);
    }

    @Test
    void anUnknownTierIsRefusedByName() {
        ask("hospital", "service_tier", "scale")
                .then()
                .statusCode(400)
                .body("error.param", equalTo("service_tier"))
                .body("error.message", equalTo("'service_tier' is auto, default, flex or priority, not 'scale'."));
    }
}
