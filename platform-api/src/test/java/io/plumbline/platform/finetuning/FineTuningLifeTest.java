package io.plumbline.platform.finetuning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.startsWith;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.MultipartField;
import com.openai.models.files.FileCreateParams;
import com.openai.models.files.FilePurpose;
import com.openai.models.finetuning.jobs.FineTuningJob;
import com.openai.models.finetuning.jobs.FineTuningJob.Status;
import com.openai.models.finetuning.jobs.FineTuningJobEvent;
import com.openai.models.finetuning.jobs.JobCreateParams;
import com.openai.models.finetuning.jobs.checkpoints.FineTuningJobCheckpoint;
import io.plumbline.platform.testing.Callers;
import io.plumbline.platform.testing.Eventually;
import io.plumbline.platform.testing.PlatformTest;
import io.restassured.RestAssured;
import io.restassured.specification.RequestSpecification;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A file becomes a model that answers: the official client, a real trainer, the real engine. */
@PlatformTest
class FineTuningLifeTest {
    private static final String MODEL = "smollm2-135m-instruct";
    private static final String DEPLOYMENTS = "/api/v1/deployments";

    @Test
    void aFileBecomesAModelThatAnswersAndIsDeletedAgain() {
        OpenAIClient hospital = client("hospital");
        FineTuningJob created = hospital.fineTuning()
                .jobs()
                .create(JobCreateParams.builder()
                        .model(MODEL)
                        .trainingFile(upload(hospital, 8))
                        .validationFile(upload(hospital, 2))
                        .suffix("parts")
                        .seed(1)
                        .hyperparameters(JobCreateParams.Hyperparameters.builder()
                                .nEpochs(1)
                                .batchSize(2)
                                .build())
                        .build());
        assertThat(created.id()).startsWith("ftjob-");

        FineTuningJob job = awaitEnd(hospital, created.id());

        assertThat(job.status()).as("%s", job.error()).isEqualTo(Status.SUCCEEDED);
        assertThat(job.fineTunedModel().orElseThrow()).matches("ft:" + MODEL + ":hospital:parts:[0-9a-z]{8}");
        assertThat(job.trainedTokens().orElseThrow()).isPositive();
        assertThat(job.organizationId()).isEqualTo("hospital");
        assertThat(hospital.fineTuning().jobs().list().data())
                .extracting(FineTuningJob::id)
                .contains(job.id());
        List<FineTuningJobEvent> events = hospital.fineTuning().jobs().listEvents(job.id()).autoPager().stream()
                .toList();
        assertThat(events)
                .extracting(FineTuningJobEvent::message)
                .anyMatch(m -> m.startsWith("Step 4/4: training loss="));
        assertThat(events)
                .extracting(FineTuningJobEvent::message)
                .anyMatch(m -> m.startsWith("Step 0/4: validation loss="));
        List<FineTuningJobCheckpoint> checkpoints =
                hospital.fineTuning().jobs().checkpoints().list(job.id()).data();
        assertThat(checkpoints.getFirst().stepNumber()).isEqualTo(4);
        assertThat(checkpoints.getFirst().metrics().trainLoss()).isPresent();

        deployedModelAnswers(job.fineTunedModel().orElseThrow());
    }

    private static void deployedModelAnswers(String model) {
        String body = "{\"model\":\"%s\",\"audience\":\"professional\",\"packs\":[\"IND\"]}".formatted(model);
        as("broker").body(body).post(DEPLOYMENTS).then().statusCode(404).body("error.param", equalTo("model"));
        String id = as("hospital")
                .body(body)
                .post(DEPLOYMENTS)
                .then()
                .statusCode(201)
                .body("state", equalTo("live"))
                .body("base_model", equalTo(MODEL))
                .extract()
                .path("id");
        as("hospital").body(body).post(DEPLOYMENTS).then().statusCode(200).body("id", equalTo(id));
        String other = as("hospital")
                .body("{\"model\":\"%s\",\"audience\":\"public\",\"packs\":[]}".formatted(model))
                .post(DEPLOYMENTS)
                .then()
                .statusCode(201)
                .extract()
                .path("id");
        as("hospital").get(DEPLOYMENTS + "/" + id).then().body("state", equalTo("retired"));

        as("hospital").get("/v1/models").then().body("data.id", hasItem(model));
        as("broker").get("/v1/models").then().body("data.id", not(hasItem(model)));
        as("broker").get(DEPLOYMENTS + "/" + other).then().statusCode(404);
        as("broker").delete(DEPLOYMENTS + "/" + other).then().statusCode(404);
        as("broker").get(DEPLOYMENTS).then().body("data.id", not(hasItem(other)));
        as("hospital")
                .body(chat(model))
                .post("/v1/chat/completions")
                .then()
                .statusCode(200)
                .body("model", equalTo(model));
        as("broker").body(chat(model)).post("/v1/chat/completions").then().statusCode(404);

        as("hospital").delete(DEPLOYMENTS + "/" + other).then().statusCode(200).body("state", equalTo("retired"));
        as("hospital").body(chat(model)).post("/v1/chat/completions").then().statusCode(404);
        as("hospital").body(body).post(DEPLOYMENTS).then().statusCode(201).body("state", equalTo("live"));

        as("broker").delete("/v1/models/" + model).then().statusCode(404);
        as("hospital").delete("/v1/models/" + model).then().statusCode(200).body("deleted", equalTo(true));
        as("hospital").body(chat(model)).post("/v1/chat/completions").then().statusCode(404);
        as("hospital").body(body).post(DEPLOYMENTS).then().statusCode(404);
        as("hospital").delete("/v1/models/" + model).then().statusCode(404);
    }

    @Test
    void aRunningJobIsCancelled() {
        OpenAIClient factory = client("factory");
        FineTuningJob job = factory.fineTuning()
                .jobs()
                .create(JobCreateParams.builder()
                        .model(MODEL)
                        .trainingFile(upload(factory, 40))
                        .hyperparameters(JobCreateParams.Hyperparameters.builder()
                                .nEpochs(50)
                                .build())
                        .build());
        Eventually.until("it runs", () -> assertThat(
                        factory.fineTuning().jobs().retrieve(job.id()).status())
                .isEqualTo(Status.RUNNING));

        assertThat(factory.fineTuning().jobs().cancel(job.id()).status()).isEqualTo(Status.CANCELLED);

        assertThat(factory.fineTuning().jobs().retrieve(job.id()).status()).isEqualTo(Status.CANCELLED);
        assertThat(factory.fineTuning().jobs().retrieve(job.id()).finishedAt()).isPresent();
    }

    @Test
    void aBaseModelAnswersUnderADeploymentsRules() {
        String body = "{\"model\":\"%s\",\"packs\":[\"FIN\",\"CN\"]}".formatted(MODEL);
        String id = as("broker").body(body).post(DEPLOYMENTS).then().extract().path("id");
        assertThat(id).startsWith("dep-");
        as("broker").get("/v1/models/" + MODEL).then().statusCode(200).body("owned_by", equalTo("broker"));
        as("broker").delete(DEPLOYMENTS + "/" + id).then().statusCode(200);
        as("broker").get("/v1/models/" + MODEL).then().statusCode(200).body("owned_by", equalTo("plumbline"));
        as("broker").delete("/v1/models/" + MODEL).then().statusCode(404);
        as("broker")
                .body("{\"model\":\"%s\",\"packs\":[\"nonsense\"]}".formatted(MODEL))
                .post(DEPLOYMENTS)
                .then()
                .statusCode(400)
                .body("error.param", equalTo("packs"));
        as("broker")
                .body("{\"model\":\"%s\",\"audience\":\"everybody\"}".formatted(MODEL))
                .post(DEPLOYMENTS)
                .then()
                .statusCode(400)
                .body("error.param", equalTo("audience"))
                .body("error.message", startsWith("'audience' is public or professional"));
    }

    private static FineTuningJob awaitEnd(OpenAIClient client, String id) {
        for (int i = 0; i < 4; i++) {
            try {
                Eventually.until("the job has ended", () -> assertThat(
                                client.fineTuning().jobs().retrieve(id).status())
                        .isIn(Status.SUCCEEDED, Status.FAILED, Status.CANCELLED));
                break;
            } catch (AssertionError e) {
                if (i == 3) {
                    throw e;
                }
            }
        }
        return client.fineTuning().jobs().retrieve(id);
    }

    private static String upload(OpenAIClient client, int rows) {
        return client.files()
                .create(FileCreateParams.builder()
                        .file(MultipartField.<InputStream>builder()
                                .value(new ByteArrayInputStream(TrainingRows.rows(rows)))
                                .filename("rows.jsonl")
                                .build())
                        .purpose(FilePurpose.FINE_TUNE)
                        .build())
                .id();
    }

    private static String chat(String model) {
        return ("{\"model\":\"%s\",\"messages\":[{\"role\":\"user\",\"content\":\"Which shelf holds part 3?\"}],"
                        + "\"max_tokens\":8,\"temperature\":0}")
                .formatted(model);
    }

    private static OpenAIClient client(String tenant) {
        return OpenAIOkHttpClient.builder()
                .baseUrl("http://127.0.0.1:%d/v1".formatted(RestAssured.port))
                .apiKey(Callers.key(tenant, "files:read", "files:write", "fine_tuning:read", "fine_tuning:write"))
                .build();
    }

    private static RequestSpecification as(String tenant) {
        return Callers.as("admin@%s.example".formatted(tenant)).contentType("application/json");
    }
}
