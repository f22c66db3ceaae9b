package io.plumbline.platform.finetuning;

import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;

import io.plumbline.platform.testing.Callers;
import io.plumbline.platform.testing.PlatformTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import io.restassured.specification.RequestSpecification;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the jobs API refuses, and what one tenant cannot reach of another's; nothing is trained. */
@PlatformTest
@TestProfile(NoTrainer.class)
class FineTuningRefusalsTest {
    private static final String ROUTE = "/v1/fine_tuning/jobs";
    private static final String MODEL = "smollm2-135m-instruct";

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    "hyperparameters":{"n_epochs":0}                                     | hyperparameters.n_epochs
                    "hyperparameters":{"n_epochs":"many"}                                | hyperparameters.n_epochs
                    "hyperparameters":{"n_epochs":1.5}                                   | hyperparameters.n_epochs
                    "hyperparameters":{"batch_size":1000}                                | hyperparameters.batch_size
                    "hyperparameters":{"learning_rate_multiplier":-1}                    | hyperparameters.learning_rate_multiplier
                    "hyperparameters":{"momentum":1}                                     | hyperparameters.momentum
                    "method":{"type":"dpo"}                                              | method.type
                    "method":{"type":"supervised","supervised":{"hyperparameters":{"n_epochs":99}}} | method.supervised.hyperparameters.n_epochs
                    "suffix":"with space"                                                | suffix
                    "integrations":[{"type":"wandb"}]                                    | integrations
                    "plumbline":{"rank":0}                                               | plumbline.rank
                    "plumbline":{"alpha":0}                                              | plumbline.alpha
                    "plumbline":{"target_modules":["lm_head"]}                           | plumbline.target_modules
                    "plumbline":{"target_modules":[]}                                    | plumbline.target_modules
                    "plumbline":{"max_tokens":1}                                         | plumbline.max_tokens
                    "plumbline":{"learning_rate":2}                                      | plumbline.learning_rate
                    "plumbline":{"chat_template":""}                                     | plumbline.chat_template
                    "plumbline":{"priority":"now"}                                       | plumbline.priority
                    "plumbline":{"colour":"red"}                                         | plumbline.colour
                    "colour":"red"                                                       | colour
                    """)
    void aWrongParameterIsNamed(String parameter, String named) {
        engineer("hospital")
                .body("{\"model\":\"%s\",\"training_file\":\"file-x\",%s}".formatted(MODEL, parameter))
                .post(ROUTE)
                .then()
                .statusCode(400)
                .body("error.type", equalTo("invalid_request_error"))
                .body("error.param", equalTo(named));
    }

    @Test
    void modulesOfAnotherFamilyAreRefusedWithThoseOfTheModel() {
        engineer("hospital")
                .body(
                        "{\"model\":\"%s\",\"training_file\":\"file-x\",\"plumbline\":{\"target_modules\":[\"qkv_proj\"]}}"
                                .formatted(MODEL))
                .post(ROUTE)
                .then()
                .statusCode(400)
                .body("error.param", equalTo("plumbline.target_modules"))
                .body("error.message", containsString("q_proj, k_proj, v_proj, o_proj, gate_proj, up_proj, down_proj"))
                .body("error.message", containsString("not qkv_proj"));
        engineer("hospital")
                .get("/v1/models/" + MODEL)
                .then()
                .statusCode(200)
                .body(
                        "plumbline.target_modules",
                        contains("q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"));
    }

    @Test
    void modelAndFileMustExistWithinTheTenant() {
        String ofHospital = TrainingRows.upload("hospital", 4);
        engineer("hospital")
                .body(request("no-such-model", ofHospital))
                .post(ROUTE)
                .then()
                .statusCode(404)
                .body("error.param", equalTo("model"))
                .body("error.code", equalTo("model_not_found"));
        engineer("hospital")
                .body(request("../secret", ofHospital))
                .post(ROUTE)
                .then()
                .statusCode(404);
        engineer("hospital")
                .body(request("ft:" + MODEL + ":hospital:x:y", ofHospital))
                .post(ROUTE)
                .then()
                .statusCode(400)
                .body("error.param", equalTo("model"));
        engineer("hospital")
                .body(request(MODEL, "file-unknown"))
                .post(ROUTE)
                .then()
                .statusCode(404)
                .body("error.param", equalTo("training_file"));
        engineer("broker")
                .body(request(MODEL, ofHospital))
                .post(ROUTE)
                .then()
                .statusCode(404)
                .body("error.code", equalTo("file_not_found"));
        engineer("hospital")
                .body("{\"model\":\"%s\"}".formatted(MODEL))
                .post(ROUTE)
                .then()
                .statusCode(400)
                .body("error.param", equalTo("training_file"));
    }

    @Test
    void anotherTenantsJobDoesNotExist() {
        String job = create("hospital");
        for (String route : new String[] {"", "/events", "/checkpoints"}) {
            engineer("broker")
                    .get(ROUTE + "/" + job + route)
                    .then()
                    .statusCode(404)
                    .body("error.code", equalTo("job_not_found"));
            engineer("hospital").get(ROUTE + "/" + job + route).then().statusCode(200);
        }
        engineer("broker").post(ROUTE + "/" + job + "/cancel").then().statusCode(404);
        engineer("broker").get(ROUTE).then().statusCode(200).body("data.id", not(containsString(job)));
        engineer("broker").get(ROUTE + "?after=" + job).then().statusCode(404);
        engineer("hospital").get(ROUTE + "/" + job).then().body("status", equalTo("validating_files"));
    }

    @Test
    void jobsAreListedPageByPage() {
        String first = create("factory");
        String second = create("factory");
        engineer("factory")
                .get(ROUTE + "?limit=1")
                .then()
                .statusCode(200)
                .body("object", equalTo("list"))
                .body("data", hasSize(1))
                .body("data[0].id", equalTo(second))
                .body("has_more", equalTo(true));
        engineer("factory").get(ROUTE + "?limit=1&after=" + second).then().body("data[0].id", equalTo(first));
        engineer("factory").get(ROUTE + "?limit=0").then().statusCode(400).body("error.param", equalTo("limit"));
        engineer("factory")
                .get(ROUTE + "/" + first + "/events?limit=1")
                .then()
                .body("data", hasSize(1))
                .body("has_more", equalTo(true));
        engineer("factory")
                .get(ROUTE + "/" + first + "/events?after=ftevent-unknown")
                .then()
                .statusCode(404);
    }

    @Test
    void aCancelledJobStaysCancelled() {
        String job = create("hospital");
        for (int i = 0; i < 2; i++) {
            engineer("hospital")
                    .post(ROUTE + "/" + job + "/cancel")
                    .then()
                    .statusCode(200)
                    .body("status", equalTo("cancelled"));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "POST /v1/fine_tuning/jobs",
                "GET /v1/fine_tuning/jobs",
                "GET /v1/fine_tuning/jobs/x",
                "POST /v1/fine_tuning/jobs/x/cancel",
                "GET /v1/fine_tuning/jobs/x/events",
                "GET /v1/fine_tuning/jobs/x/checkpoints",
                "POST /api/v1/deployments",
                "GET /api/v1/deployments",
                "GET /api/v1/deployments/x",
                "DELETE /api/v1/deployments/x",
                "DELETE /v1/models/x"
            })
    void everyRouteNeedsACredentialAndItsScope(String route) {
        String method = route.split(" ")[0];
        String path = route.split(" ")[1];
        json(RestAssured.given()).request(method, path).then().statusCode(401);
        json(Callers.withKey(Callers.key("hospital", "models:read")))
                .request(method, path)
                .then()
                .statusCode(403)
                .body("error.code", equalTo("missing_scope"));
    }

    private static String create(String tenant) {
        return engineer(tenant)
                .body(request(MODEL, TrainingRows.upload(tenant, 4)))
                .post(ROUTE)
                .then()
                .statusCode(200)
                .body("object", equalTo("fine_tuning.job"))
                .body("hyperparameters.n_epochs", equalTo("auto"))
                .extract()
                .path("id");
    }

    private static String request(String model, String file) {
        return "{\"model\":\"%s\",\"training_file\":\"%s\"}".formatted(model, file);
    }

    private static RequestSpecification engineer(String tenant) {
        return json(Callers.as("engineer@%s.example".formatted(tenant)));
    }

    private static RequestSpecification json(RequestSpecification request) {
        return request.contentType("application/json").body("{}");
    }
}
