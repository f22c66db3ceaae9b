package io.plumbline.platform.audit;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.plumbline.compliance.audit.AuditableAct;
import io.plumbline.compliance.audit.ConsistencyProof;
import io.plumbline.compliance.audit.EntryProof;
import io.plumbline.compliance.audit.ExportVerifier;
import io.plumbline.compliance.audit.MerkleHash;
import io.plumbline.compliance.audit.SignedTreeHead;
import io.plumbline.compliance.audit.VerificationKey;
import io.plumbline.inference.TenantId;
import io.plumbline.platform.id.Ids;
import io.plumbline.platform.tenant.CurrentTenant;
import io.plumbline.platform.testing.Callers;
import io.plumbline.platform.testing.Eventually;
import io.plumbline.platform.testing.PlatformTest;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.restassured.response.Response;
import jakarta.enterprise.event.Event;
import jakarta.inject.Inject;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The audit log over REST, checked with the code that checks it offline. */
@PlatformTest
class AuditRestTest {
    private static final String AUDITOR = "auditor@hospital.example";
    private static final TenantId HOSPITAL = TenantId.of("hospital");
    private static final ObjectMapper JSON = new ObjectMapper();

    @Inject
    Event<AuditableAct> acts;

    @Inject
    CurrentTenant currentTenant;

    private void happen(String target) {
        currentTenant.runAs(HOSPITAL, () -> QuarkusTransaction.requiringNew().run(() -> acts.fire(act(target))));
    }

    private static AuditableAct act(String target) {
        return new AuditableAct("test.happened", "tester", target, Map.of("what", "“测试”"), Map.of());
    }

    /** The index of an act once it is in the log. */
    private static int index(String target) {
        int[] found = new int[1];
        Eventually.until("in the log: " + target, () -> {
            List<Integer> indexes = Callers.as(AUDITOR)
                    .queryParam("target", target)
                    .get("/api/v1/audit/entries")
                    .then()
                    .statusCode(200)
                    .extract()
                    .path("data.index");
            assertThat(indexes).hasSize(1);
            found[0] = indexes.getFirst();
        });
        return found[0];
    }

    private int happened() {
        String target = Ids.create("thing-");
        happen(target);
        return index(target);
    }

    private static String get(String path, Object... parameters) {
        return Callers.as(AUDITOR)
                .get("/api/v1/audit" + path, parameters)
                .then()
                .statusCode(200)
                .extract()
                .asString();
    }

    @Test
    void anActThatIsRolledBackLeavesNoTrace() {
        String undone = Ids.create("undone-");
        String done = Ids.create("done-");
        assertThatThrownBy(() -> currentTenant.runAs(
                        HOSPITAL, () -> QuarkusTransaction.requiringNew().run(() -> {
                            acts.fire(act(undone));
                            throw new IllegalStateException("the act fails after it was told");
                        })))
                .isInstanceOf(IllegalStateException.class);
        happen(done);
        index(done);
        Callers.as(AUDITOR)
                .queryParam("target", undone)
                .get("/api/v1/audit/entries")
                .then()
                .statusCode(200)
                .body("data.size()", equalTo(0));
        assertThatThrownBy(() -> currentTenant.runAs(HOSPITAL, () -> acts.fire(act(undone))))
                .hasStackTraceContaining("TransactionRequired");
    }

    @Test
    void aProofVerifiesOffline() {
        int index = happened();
        String text = get("/entries/{i}/proof", index);
        EntryProof proof = EntryProof.parse(text.getBytes(StandardCharsets.UTF_8));
        assertThat(proof.problems()).isEmpty();
        assertThat(proof.entry().index()).isEqualTo(index);
        assertThat(proof.entry().act().facts()).containsEntry("what", "“测试”");
        assertThat(VerificationKey.ofPem(Callers.as(AUDITOR)
                        .get("/api/v1/audit/keys")
                        .then()
                        .statusCode(200)
                        .extract()
                        .<List<String>>path("data.pem")
                        .getLast()))
                .containsExactly(proof.key());

        long earlier = proof.head().head().size();
        happened();
        EntryProof again = EntryProof.parse(
                get("/entries/{i}/proof?tree_size={s}", index, earlier).getBytes(StandardCharsets.UTF_8));
        assertThat(again).isEqualTo(proof);
    }

    @Test
    void laterTreeHeadsAreConsistentWithEarlierOnes() throws IOException {
        happened();
        SignedTreeHead first = SignedTreeHead.parse(get("/tree-head").getBytes(StandardCharsets.UTF_8));
        happened();
        JsonNode answer =
                JSON.readTree(get("/consistency?first={f}", first.head().size()));
        SignedTreeHead second =
                SignedTreeHead.parse(answer.path("second").toString().getBytes(StandardCharsets.UTF_8));
        List<MerkleHash> path = new ArrayList<>();
        answer.path("path").forEach(hash -> path.add(MerkleHash.ofHex(hash.asText())));
        assertThat(new ConsistencyProof(first.head().size(), second.head().size(), path)
                        .proves(first.head().root(), second.head().root()))
                .isTrue();
        JsonNode heads = JSON.readTree(get("/tree-heads?limit=2")).path("data");
        assertThat(heads).hasSize(2);
        assertThat(heads.path(0).path("number").asLong())
                .isEqualTo(heads.path(1).path("number").asLong() + 1);
    }

    @Test
    void anExportVerifiesOfflineAndIsItselfLogged() throws IOException {
        int index = happened();
        SignedTreeHead kept = SignedTreeHead.parse(get("/tree-head").getBytes(StandardCharsets.UTF_8));
        ExportVerifier.Report whole = verify(get("/export"), kept);
        assertThat(whole.damage()).isEmpty();
        assertThat(whole.anchored()).isTrue();
        assertThat(whole.entries()).isGreaterThan(index);

        ExportVerifier.Report part = new ExportVerifier(ExportVerifier.Trust.FILE_ALONE)
                .verify(bytes(get("/export?from={f}&to={t}", index, index + 1)));
        assertThat(part.damage()).isEmpty();
        assertThat(part.entries()).isEqualTo(1);
        assertThat(index("entries %d-%d".formatted(index, index))).isGreaterThan(index);
    }

    private static ExportVerifier.Report verify(String file, SignedTreeHead kept) throws IOException {
        return new ExportVerifier(new ExportVerifier.Trust(List.of(), Optional.of(kept))).verify(bytes(file));
    }

    private static ByteArrayInputStream bytes(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void entriesAreFoundByWhatTheyAre() {
        int index = happened();
        Callers.as(AUDITOR)
                .queryParam("type", "test")
                .queryParam("actor", "tester")
                .queryParam("from", "2026-01-01T00:00:00Z")
                .queryParam("limit", 1)
                .get("/api/v1/audit/entries")
                .then()
                .statusCode(200)
                .body("data[0].index", equalTo(index))
                .body("data[0].tenant", equalTo("hospital"));
        List<Integer> older = Callers.as(AUDITOR)
                .queryParam("after", index)
                .queryParam("limit", 5)
                .get("/api/v1/audit/entries")
                .path("data.index");
        assertThat(older).allMatch(i -> i < index);
        Callers.as(AUDITOR)
                .queryParam("type", "tes")
                .get("/api/v1/audit/entries")
                .then()
                .body("data.size()", equalTo(0));
        assertThat(get("/entries/{i}", index)).contains("\"leaf_hash\"");
    }

    @Test
    void whatDoesNotFitIsExplained() {
        int index = happened();
        refused("/entries/{i}", 404, "No audit entry with id '99999999'", 99_999_999);
        refused("/entries/{i}", 404, "No audit entry with id 'x'", "x");
        refused("/entries/{i}/proof?tree_size=99999999", 404, "No tree head of 99999999 entries", index);
        refused("/consistency", 400, "'first' is needed");
        refused("/export?from=5&to=5", 400, "are no part of the log");
        refused("/export?from=x", 400, "'x' is not a whole number");
        refused("/entries?limit=0", 400, "from 1 to 1000");
        refused("/entries?from=yesterday", 400, "is not a time such as");
    }

    private static void refused(String path, int status, String message, Object... parameters) {
        Callers.as(AUDITOR)
                .get("/api/v1/audit" + path, parameters)
                .then()
                .statusCode(status)
                .body("error.message", containsString(message));
    }

    @Test
    void onlyTheTenantsAuditorsReadTheLog() {
        String target = Ids.create("secret-");
        happen(target);
        index(target);
        String broker = Callers.as("admin@broker.example")
                .queryParam("target", target)
                .get("/api/v1/audit/entries")
                .asString();
        assertThat(broker).doesNotContain(target);
        assertThat(Callers.as("admin@broker.example")
                        .get("/api/v1/audit/export")
                        .asString())
                .doesNotContain("hospital");
        for (String path : List.of("/entries", "/tree-head", "/tree-heads", "/export", "/keys", "/consistency")) {
            given().get("/api/v1/audit" + path).then().statusCode(401);
            Response engineer = Callers.as("engineer@hospital.example").get("/api/v1/audit" + path);
            assertThat(engineer.statusCode()).as(path).isEqualTo(403);
        }
    }
}
