package io.plumbline.platform.embedding;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;

import io.plumbline.platform.testing.Callers;
import io.plumbline.platform.testing.PlatformTest;
import io.restassured.response.Response;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

@PlatformTest
class EmbeddingsTest {
    private static final String ROUTE = "/v1/embeddings";
    private static final String MODEL = "bge-small-zh-v1.5";
    private static final String USER = "integrator@hospital.example";

    private static Response ask(@Nullable Object input, Object... more) {
        return askAs(USER, input, more);
    }

    private static Response askAs(String user, @Nullable Object input, Object... more) {
        Map<String, @Nullable Object> body = new HashMap<>();
        body.put("model", MODEL);
        body.put("input", input);
        for (int i = 0; i < more.length; i += 2) {
            body.put((String) more[i], more[i + 1]);
        }
        return Callers.as(user).contentType("application/json").body(body).post(ROUTE);
    }

    private static float[] floats(String base64) {
        return Reference.floats(base64);
    }

    @Test
    void oneTextInOpenAisShape() {
        Response answer = ask("膝关节置换术后第三天可以做哪些康复训练？");

        answer.then()
                .statusCode(200)
                .body("object", equalTo("list"))
                .body("model", equalTo(MODEL))
                .body("data", hasSize(1))
                .body("data[0].object", equalTo("embedding"))
                .body("data[0].index", equalTo(0))
                .body("data[0].embedding", hasSize(512))
                .body("usage.prompt_tokens", equalTo(22))
                .body("usage.total_tokens", equalTo(22));
    }

    @Test
    void aBatchKeepsItsOrderAndChangesNoBit() {
        List<String> texts = Reference.all().stream().map(Reference::text).toList();
        List<String> shuffled = new ArrayList<>(texts);
        Collections.reverse(shuffled);

        List<String> batch = ask(texts, "encoding_format", "base64").path("data.embedding");
        List<String> reversed = ask(shuffled, "encoding_format", "base64").path("data.embedding");
        Collections.reverse(reversed);
        assertThat(reversed).isEqualTo(batch);
        for (int i : List.of(0, 7, 14, 29)) {
            assertThat((String) ask(texts.get(i), "encoding_format", "base64").path("data[0].embedding"))
                    .isEqualTo(batch.get(i));
        }
        List<Integer> indices = ask(texts).path("data.index");
        assertThat(indices).isSorted().hasSize(30);
    }

    @Test
    void base64HoldsTheSameNumbersLittleEndian() {
        String text = "今天的天气很好";
        List<Number> numbers = ask(text, "encoding_format", "float").path("data[0].embedding");
        byte[] bytes = Base64.getDecoder()
                .decode((String) ask(text, "encoding_format", "base64").path("data[0].embedding"));

        assertThat(bytes).hasSize(4 * 512);
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        for (Number number : numbers) {
            assertThat(buffer.getFloat()).isEqualTo(number.floatValue());
        }
    }

    @Test
    void theVectorIsThatOfTheReference() {
        Reference reference = Reference.all().getFirst();

        float[] vector =
                floats(ask(reference.text(), "encoding_format", "base64").path("data[0].embedding"));
        assertThat(Reference.cosine(vector, reference.vector().orElseThrow())).isGreaterThan(0.999);
    }

    @Test
    void tokensAreBookedForTheTenant() {
        String mine = Callers.key("factory", "inference", "usage:read");
        long before = usage(mine, "prompt_tokens");
        long requests = usage(mine, "requests");

        Callers.withKey(mine)
                .contentType("application/json")
                .body(Map.of("model", MODEL, "input", List.of("轴承", "轴承")))
                .post(ROUTE)
                .then()
                .statusCode(200)
                .body("usage.total_tokens", equalTo(8));

        assertThat(usage(mine, "prompt_tokens")).isEqualTo(before + 8);
        assertThat(usage(mine, "requests")).isEqualTo(requests + 1);
        assertThat(usage(mine, "completion_tokens")).isZero();
    }

    /** What the tenant of a key has used of the model so far. */
    private static long usage(String key, String field) {
        Number sum = Callers.withKey(key)
                .get("/api/v1/usage?group_by=model")
                .path("data.findAll { it.group == '%s' }.sum { it.%s } ?: 0".formatted(MODEL, field));
        return sum.longValue();
    }

    @Test
    void theModelIsListedForWhatItIs() {
        Callers.as(USER)
                .get("/v1/models")
                .then()
                .statusCode(200)
                .body("data.id", hasItem(MODEL))
                .body("data.find { it.id == '%s' }.plumbline.task".formatted(MODEL), equalTo("embedding"))
                .body("data.find { it.id == '%s' }.plumbline.target_modules".formatted(MODEL), empty())
                .body("data.find { it.id == 'scripted' }.plumbline.task", equalTo("chat"));
        Callers.as(USER).get("/v1/models/" + MODEL).then().statusCode(200).body("id", equalTo(MODEL));
        Callers.as(USER)
                .contentType("application/json")
                .body(Map.of("model", MODEL, "messages", List.of(Map.of("role", "user", "content", "Hi"))))
                .post("/v1/chat/completions")
                .then()
                .statusCode(400)
                .body("error.code", equalTo("model_not_supported"))
                .body("error.message", containsString("POST /v1/embeddings"));
    }

    @Test
    void wrongModelsAreTold() {
        ask("x", "model", "nothing")
                .then()
                .statusCode(404)
                .body("error.code", equalTo("model_not_found"))
                .body("error.param", equalTo("model"));
        ask("x", "model", "scripted")
                .then()
                .statusCode(400)
                .body("error.code", equalTo("model_not_supported"))
                .body("error.message", containsString("POST /v1/chat/completions"));
        ask("x", "model", "").then().statusCode(400).body("error.param", equalTo("model"));
    }

    @Test
    void badInputsAreNamed() {
        String tooLong = "好".repeat(511);
        ask(List.of("好", tooLong))
                .then()
                .statusCode(400)
                .body("error.code", equalTo("context_length_exceeded"))
                .body("error.param", equalTo("input[1]"))
                .body("error.message", containsString("513 tokens"));
        ask("好".repeat(510)).then().statusCode(200);
        ask(tooLong).then().statusCode(400).body("error.param", equalTo("input"));
        ask(List.of("好", "")).then().statusCode(400).body("error.param", equalTo("input[1]"));
        ask("  ").then().statusCode(400).body("error.message", containsString("nothing to embed"));
        ask(List.of()).then().statusCode(400).body("error.param", equalTo("input"));
        ask(Collections.nCopies(2049, "好")).then().statusCode(400).body("error.message", containsString("1 to 2048"));
        ask(Collections.nCopies(600, "好".repeat(510)))
                .then()
                .statusCode(400)
                .body("error.message", containsString("300000 tokens"));
        ask(null).then().statusCode(400).body("error.param", equalTo("input"));
        ask(7).then().statusCode(400).body("error.param", equalTo("input"));
        ask(Map.of("text", "x")).then().statusCode(400).body("error.param", equalTo("input"));
        ask(Collections.singletonList(null)).then().statusCode(400).body("error.param", equalTo("input[0]"));
    }

    @Test
    void tokenIdsAreRefusedWithTheWayOut() {
        for (Object tokens : List.of(List.of(1, 2, 3), List.of(List.of(1, 2), List.of(3)))) {
            ask(tokens)
                    .then()
                    .statusCode(400)
                    .body("error.param", equalTo("input[0]"))
                    .body("error.message", containsString("check_embedding_ctx_length=False"));
        }
    }

    @Test
    void parametersAreChecked() {
        ask("x", "dimensions", 512, "user", "someone").then().statusCode(200);
        ask("x", "dimensions", 256)
                .then()
                .statusCode(400)
                .body("error.param", equalTo("dimensions"))
                .body("error.message", containsString("512"));
        ask("x", "encoding_format", "int8").then().statusCode(400).body("error.param", equalTo("encoding_format"));
        ask("x", "colour", "red").then().statusCode(400).body("error.code", equalTo("unknown_parameter"));
    }

    @Test
    void whoMayNotInferMayNotEmbed() {
        given().contentType("application/json")
                .body(Map.of("model", MODEL, "input", "x"))
                .post(ROUTE)
                .then()
                .statusCode(401);
        askAs("auditor@hospital.example", "x").then().statusCode(403).body("error.code", equalTo("missing_scope"));
    }

    @Test
    void similarTextsAreNearerThanOthers() {
        List<String> vectors = ask(
                        List.of("主轴轴承发热怎么排查", "轴承温度过高的常见原因有哪些？", "基金定投适合哪些投资者？"), "encoding_format", "base64")
                .path("data.embedding");

        double near = Reference.cosine(floats(vectors.get(0)), floats(vectors.get(1)));
        double far = Reference.cosine(floats(vectors.get(0)), floats(vectors.get(2)));
        assertThat(far).isLessThan(near - 0.2);
    }
}
