package io.plumbline.platform.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.startsWith;

import io.plumbline.platform.testing.Callers;
import io.plumbline.platform.testing.PlatformTest;
import io.restassured.response.ValidatableResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

@PlatformTest
class FilesTest {
    private static final String ENGINEER = "engineer@hospital.example";

    private static String row(String question) {
        return "{\"messages\": [{\"role\": \"user\", \"content\": \"%s\"}, {\"role\": \"assistant\", \"content\": \"Yes.\"}]}\n"
                .formatted(question);
    }

    private static ValidatableResponse upload(String user, String content) {
        return Callers.as(user)
                .multiPart("purpose", "fine-tune")
                .multiPart("file", "rows.jsonl", content.getBytes(StandardCharsets.UTF_8), "application/jsonl")
                .post("/v1/files")
                .then();
    }

    private static String stored(String user, String content) {
        return upload(user, content).statusCode(200).extract().path("id");
    }

    @Test
    void aFileIsStoredListedReadAndDeleted() {
        String content = row("Is it open? " + UUID.randomUUID()) + row("Really?");
        String id = upload(ENGINEER, content)
                .statusCode(200)
                .body("id", startsWith("file-"))
                .body("object", equalTo("file"))
                .body("purpose", equalTo("fine-tune"))
                .body("status", equalTo("processed"))
                .body("filename", equalTo("rows.jsonl"))
                .body("bytes", equalTo(content.length()))
                .body("rows", equalTo(2))
                .extract()
                .path("id");

        Callers.as(ENGINEER).get("/v1/files/" + id).then().statusCode(200).body("id", equalTo(id));
        Callers.as(ENGINEER).get("/v1/files").then().statusCode(200).body("data.id", hasItem(id));
        String read = Callers.as(ENGINEER)
                .get("/v1/files/" + id + "/content")
                .then()
                .statusCode(200)
                .extract()
                .asString();
        assertThat(read).isEqualTo(content);
        Callers.as(ENGINEER).delete("/v1/files/" + id).then().statusCode(200).body("deleted", equalTo(true));
        Callers.as(ENGINEER).get("/v1/files/" + id).then().statusCode(404).body("error.code", equalTo("not_found"));
        Callers.as(ENGINEER).delete("/v1/files/" + id).then().statusCode(404);
    }

    @Test
    void foreignFilesDoNotExist() {
        String id = stored(ENGINEER, row("Is it open?"));

        for (String path : List.of("/v1/files/" + id, "/v1/files/" + id + "/content", "/v1/files?after=" + id)) {
            Callers.as("engineer@broker.example")
                    .get(path)
                    .then()
                    .statusCode(404)
                    .body("error.code", equalTo("not_found"));
        }
        Callers.as("engineer@broker.example").delete("/v1/files/" + id).then().statusCode(404);
        Callers.as("engineer@broker.example").get("/v1/files").then().body("data.id", not(hasItem(id)));
        Callers.as(ENGINEER).get("/v1/files/" + id).then().statusCode(200);
    }

    @Test
    void everyBrokenLineIsNamedAndNothingIsStored() throws IOException {
        List<String> before = ids();
        long blobs = blobs();

        upload(ENGINEER, row("Good?") + "{\"messages\": []}\nnot json\n")
                .statusCode(400)
                .body("error.code", equalTo("invalid_training_file"))
                .body("error.param", equalTo("file"))
                .body("error.message", containsString("line 2, messages: "))
                .body("error.message", containsString("line 3: "))
                .body("error.message", not(containsString("line 1")));

        assertThat(ids()).isEqualTo(before);
        assertThat(blobs()).isEqualTo(blobs);
    }

    @Test
    void aLineThatARuleRefusesIsNamedAndNothingIsStored() {
        String admin = "admin@broker.example";
        choosePacks(admin, List.of("TRN-004"));
        try {
            upload(admin, row("Good?") + row("My identity number is 11010519491231002X."))
                    .statusCode(400)
                    .body("error.code", equalTo("invalid_training_file"))
                    .body("error.message", containsString("line 2, messages[0].content: rule TRN-004@"))
                    .body("error.message", not(containsString("line 1")))
                    .body("error.message", not(containsString("11010519491231002X")));
            Callers.as(admin)
                    .get("/api/v1/verdicts?limit=1")
                    .then()
                    .statusCode(200)
                    .body("data[0].stage", equalTo("data"))
                    .body("data[0].item", equalTo("line 2 messages[0].content"));
        } finally {
            choosePacks(admin, List.of());
        }
        upload(admin, row("My identity number is 11010519491231002X.")).statusCode(200);
    }

    @Test
    void theScreeningPolicyIsTheAdministratorsToChoose() {
        Callers.as("auditor@broker.example")
                .get("/api/v1/screening-policy")
                .then()
                .statusCode(200);
        for (List<String> packs : List.of(List.of("everything"), List.of("med"))) {
            Callers.as("admin@broker.example")
                    .contentType("application/json")
                    .body(Map.of("packs", packs, "audience", "public"))
                    .put("/api/v1/screening-policy")
                    .then()
                    .statusCode(400)
                    .body("error.param", equalTo("packs"));
        }
        Callers.as("engineer@broker.example")
                .contentType("application/json")
                .body(Map.of("packs", List.of(), "audience", "public"))
                .put("/api/v1/screening-policy")
                .then()
                .statusCode(403);
    }

    private static void choosePacks(String admin, List<String> packs) {
        Callers.as(admin)
                .contentType("application/json")
                .body(Map.of("packs", packs, "audience", "public"))
                .put("/api/v1/screening-policy")
                .then()
                .statusCode(200)
                .body("packs", equalTo(packs));
    }

    @Test
    void oneContentLivesAsLongAsAnyFileNamesIt() {
        String content = row("Twice? " + UUID.randomUUID());
        String first = stored(ENGINEER, content);
        String second = stored(ENGINEER, content);

        Callers.as(ENGINEER).delete("/v1/files/" + first).then().statusCode(200);

        Callers.as(ENGINEER).get("/v1/files/" + second + "/content").then().statusCode(200);
    }

    @Test
    void deletedContentLeavesTheDisk() throws IOException {
        long before = blobs();
        String id = stored(ENGINEER, row("Gone? " + UUID.randomUUID()));
        assertThat(blobs()).isEqualTo(before + 1);

        Callers.as(ENGINEER).delete("/v1/files/" + id).then().statusCode(200);

        assertThat(blobs()).isEqualTo(before);
    }

    @Test
    void pagesFollowEachOther() {
        List<String> ids = Stream.of("1", "2", "3")
                .map(n -> stored("engineer@factory.example", row(n)))
                .toList();

        Callers.as("engineer@factory.example")
                .get("/v1/files?limit=2")
                .then()
                .statusCode(200)
                .body("data.id", equalTo(List.of(ids.get(2), ids.get(1))))
                .body("first_id", equalTo(ids.get(2)))
                .body("last_id", equalTo(ids.get(1)))
                .body("has_more", equalTo(true));
        Callers.as("engineer@factory.example")
                .get("/v1/files?limit=1&after=" + ids.get(1))
                .then()
                .body("data.id", equalTo(List.of(ids.get(0))));
        Callers.as("engineer@factory.example")
                .get("/v1/files?order=asc&after=" + ids.get(0))
                .then()
                .body("data.id", equalTo(List.of(ids.get(1), ids.get(2))));
        Callers.as("engineer@factory.example")
                .get("/v1/files?purpose=batch")
                .then()
                .body("data", hasSize(0));
        Callers.as("engineer@factory.example").get("/v1/files?limit=0").then().statusCode(400);
        Callers.as("engineer@factory.example").get("/v1/files?order=up").then().statusCode(400);
    }

    @Test
    void formsAreChecked() {
        Callers.as(ENGINEER)
                .multiPart("file", "rows.jsonl", row("x").getBytes(StandardCharsets.UTF_8))
                .post("/v1/files")
                .then()
                .statusCode(400)
                .body("error.param", equalTo("purpose"));
        Callers.as(ENGINEER)
                .multiPart("purpose", "fine-tune")
                .post("/v1/files")
                .then()
                .statusCode(400)
                .body("error.param", equalTo("file"));
        Callers.as(ENGINEER)
                .multiPart("purpose", "vision")
                .multiPart("file", "rows.jsonl", row("x").getBytes(StandardCharsets.UTF_8))
                .post("/v1/files")
                .then()
                .statusCode(400)
                .body("error.param", equalTo("purpose"));
        Callers.as(ENGINEER)
                .multiPart("purpose", "fine-tune")
                .multiPart("colour", "red")
                .multiPart("file", "rows.jsonl", row("x").getBytes(StandardCharsets.UTF_8))
                .post("/v1/files")
                .then()
                .statusCode(400)
                .body("error.param", equalTo("colour"));
    }

    @Test
    void scopesAreNeeded() {
        String reader = Callers.key("hospital", "files:read");
        Callers.withKey(reader).get("/v1/files").then().statusCode(200);
        Callers.withKey(reader)
                .multiPart("purpose", "fine-tune")
                .multiPart("file", "rows.jsonl", row("x").getBytes(StandardCharsets.UTF_8))
                .post("/v1/files")
                .then()
                .statusCode(403)
                .body("error.message", containsString("'files:write'"));
        Callers.withKey(Callers.key("hospital", "inference"))
                .get("/v1/files")
                .then()
                .statusCode(403)
                .body("error.message", containsString("'files:read'"));
    }

    private static List<String> ids() {
        return Callers.as(ENGINEER).get("/v1/files").then().extract().path("data.id");
    }

    private static long blobs() throws IOException {
        Path directory = Path.of(System.getenv("PLUMBLINE_DATA"), "blobs", "hospital");
        if (!Files.exists(directory)) {
            return 0;
        }
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(Files::isRegularFile).count();
        }
    }
}
