package io.plumbline.platform.identity;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.not;

import io.plumbline.platform.testing.Callers;
import io.plumbline.platform.testing.PlatformTest;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

@PlatformTest
class ApiKeysTest {
    private static final String ROUTE = "/api/v1/api-keys";

    @Test
    void aKeyActsForItsTenantWithItsScopesOnly() {
        String key = Callers.key("hospital", "models:read", "files:read");

        Callers.withKey(key)
                .get("/api/v1/me")
                .then()
                .statusCode(200)
                .body("tenant", equalTo("hospital"))
                .body("scopes", contains("models:read", "files:read"));
        Callers.withKey(key)
                .get(ROUTE)
                .then()
                .statusCode(403)
                .body("error.code", equalTo("missing_scope"))
                .body("error.type", equalTo("permission_error"))
                .body("error.message", containsString("'keys:write'"));
    }

    @Test
    void aRevokedKeyIsRefusedAtOnce() {
        String key = Callers.key("hospital", "models:read");
        String id = key.split("-")[2];

        Callers.as("admin@hospital.example").delete(ROUTE + "/" + id).then().statusCode(204);

        Callers.withKey(key).get("/api/v1/me").then().statusCode(401).body("error.code", equalTo("invalid_api_key"));
        Callers.as("admin@hospital.example").delete(ROUTE + "/" + id).then().statusCode(404);
    }

    @Test
    void anotherTenantNeitherSeesNorRevokesTheKey() {
        String id = Callers.key("hospital", "models:read").split("-")[2];

        Callers.as("admin@hospital.example").get(ROUTE).then().statusCode(200).body("data.id", hasItem(id));
        Callers.as("admin@broker.example")
                .get(ROUTE)
                .then()
                .statusCode(200)
                .body("data.id", not(hasItem(id)))
                .body("data.prefix", everyItem(containsString("pl-broker-")));
        Callers.as("admin@broker.example").delete(ROUTE + "/" + id).then().statusCode(404);
    }

    @Test
    void aSecretOfAnotherTenantsKeyIdIsRefused() {
        String hospital = Callers.key("hospital", "models:read");

        Callers.withKey(hospital.replace("pl-hospital-", "pl-broker-"))
                .get("/api/v1/me")
                .then()
                .statusCode(401);
        Callers.withKey(hospital.substring(0, hospital.length() - 1) + (hospital.endsWith("0") ? "1" : "0"))
                .get("/api/v1/me")
                .then()
                .statusCode(401);
        Callers.withKey("pl-nonsense").get("/api/v1/me").then().statusCode(401);
    }

    @Test
    void rolesOfTheTokenBringScopes() {
        Callers.as("engineer@hospital.example")
                .get("/api/v1/me")
                .then()
                .statusCode(200)
                .body("tenant", equalTo("hospital"))
                .body("subject", equalTo("engineer@hospital.example"))
                .body("scopes", hasItem("fine_tuning:write"))
                .body("scopes", not(hasItem("keys:write")));
        Callers.as("engineer@hospital.example").get(ROUTE).then().statusCode(403);
    }

    @Test
    void withoutACredentialTheRemedyIsTold() {
        given().get("/api/v1/me")
                .then()
                .statusCode(401)
                .header("WWW-Authenticate", "Bearer")
                .body("error.type", equalTo("authentication_error"))
                .body("error.message", containsString("Authorization: Bearer"));
        given().auth()
                .oauth2("eyJhbGciOiJSUzI1NiJ9.e30.c2ln")
                .get("/api/v1/me")
                .then()
                .statusCode(401);
    }

    @Test
    void aUserWithoutOrganisationIsToldHowToGetOne() {
        Callers.as("operator@plumbline.example")
                .get("/api/v1/me")
                .then()
                .statusCode(403)
                .body("error.code", equalTo("no_organisation"))
                .body("error.message", containsString("Keycloak"));
    }

    @Test
    void theOrganisationHeaderMustBeOnesOwn() {
        Callers.as("admin@hospital.example")
                .header("OpenAI-Organization", "broker")
                .get("/api/v1/me")
                .then()
                .statusCode(403)
                .body("error.code", equalTo("mismatched_organization"));
        Callers.withKey(Callers.key("hospital", "models:read"))
                .header("OpenAI-Organization", "broker")
                .get("/api/v1/me")
                .then()
                .statusCode(403);
        Callers.as("admin@hospital.example")
                .header("OpenAI-Organization", "hospital")
                .get("/api/v1/me")
                .then()
                .statusCode(200);
    }

    @Test
    void badRequestsNameTheParameter() {
        Callers.as("admin@hospital.example")
                .contentType("application/json")
                .body(Map.of("name", "x", "scopes", List.of("everything")))
                .post(ROUTE)
                .then()
                .statusCode(400)
                .body("error.param", equalTo("scopes"))
                .body("error.message", containsString("'everything' is not a scope"));
        Callers.as("admin@hospital.example")
                .contentType("application/json")
                .body(Map.of("name", " ", "scopes", List.of("inference")))
                .post(ROUTE)
                .then()
                .statusCode(400)
                .body("error.param", equalTo("name"));
        Callers.as("admin@hospital.example")
                .contentType("application/json")
                .body(Map.of("name", "x", "scopes", List.of("inference"), "colour", "red"))
                .post(ROUTE)
                .then()
                .statusCode(400)
                .body("error.code", equalTo("unknown_parameter"))
                .body("error.param", equalTo("colour"));
    }

    @Test
    void theSecretIsNotInTheDatabaseNorInTheText() {
        ApiKeySecret secret =
                ApiKeySecret.generate(io.plumbline.inference.TenantId.of("a-b-1"), new java.security.SecureRandom());

        assertThat(secret.toString()).doesNotContain(secret.secret());
        assertThat(ApiKeySecret.parse(secret.text())).contains(secret);
        assertThat(secret.matches(secret.hash())).isTrue();
        assertThat(secret.visiblePrefix()).isEqualTo("pl-a-b-1-" + secret.id());
    }
}
