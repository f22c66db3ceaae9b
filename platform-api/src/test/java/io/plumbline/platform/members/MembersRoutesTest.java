package io.plumbline.platform.members;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.not;

import io.plumbline.platform.testing.Callers;
import io.plumbline.platform.testing.PlatformTest;
import io.restassured.response.Response;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** With the real Keycloak. Accounts that a test makes get addresses of their own. */
@PlatformTest
class MembersRoutesTest {
    private static final String ROUTE = "/api/v1/members";
    private static final String ADMIN = "admin@hospital.example";

    private static String idOf(String admin, String username) {
        return Callers.as(admin)
                .get(ROUTE + "?limit=100")
                .then()
                .statusCode(200)
                .extract()
                .path("data.find { it.username == '%s' }.id".formatted(username));
    }

    private static Response add(String email, String... roles) {
        return Callers.as(ADMIN)
                .contentType("application/json")
                .body(Map.of("email", email, "first_name", "Li", "last_name", "Wei", "roles", List.of(roles)))
                .post(ROUTE);
    }

    private static String freshAddress() {
        return "person-%s@hospital.example".formatted(UUID.randomUUID());
    }

    private static int signIn(String user, String password) {
        return given().baseUri(System.getenv("PLUMBLINE_OIDC_URL"))
                .port(java.net.URI.create(System.getenv("PLUMBLINE_OIDC_URL")).getPort())
                .formParams(Map.of(
                        "grant_type", "password", "client_id", "plumbline-cli", "username", user, "password", password))
                .post("/protocol/openid-connect/token")
                .statusCode();
    }

    @Test
    void anAdministratorSeesTheirOrganisationAlone() {
        Callers.as(ADMIN)
                .get(ROUTE + "?limit=100")
                .then()
                .statusCode(200)
                .body("object", equalTo("list"))
                .body("data.username", hasItems(ADMIN, "engineer@hospital.example", "reviewer@plumbline.example"))
                .body("data.username", not(hasItem(containsString("@broker.example"))))
                .body("data.find { it.username == '%s' }.roles".formatted(ADMIN), contains("tenant-admin"))
                .body("data.find { it.username == '%s' }.first_name".formatted(ADMIN), equalTo("Ada"));
        Callers.as(ADMIN)
                .get(ROUTE + "?limit=2")
                .then()
                .statusCode(200)
                .body("data.size()", equalTo(2))
                .body("has_more", equalTo(true));
    }

    @Test
    void otherRolesAndKeysAreRefused() {
        given().get(ROUTE).then().statusCode(401);
        for (String user :
                List.of("engineer@hospital.example", "auditor@hospital.example", "integrator@hospital.example")) {
            Callers.as(user).get(ROUTE).then().statusCode(403).body("error.code", equalTo("missing_scope"));
            Callers.as(user)
                    .delete(ROUTE + "/" + idOf(ADMIN, "auditor@hospital.example"))
                    .then()
                    .statusCode(403);
        }
        Callers.as(ADMIN)
                .contentType("application/json")
                .body(Map.of("name", "x", "scopes", List.of("members:write")))
                .post("/api/v1/api-keys")
                .then()
                .statusCode(400)
                .body("error.param", equalTo("scopes"));
    }

    @Test
    void aPersonIsAddedChangedAndRemoved() {
        String email = freshAddress();
        Response added = add(email, "auditor");
        added.then().statusCode(201).body("username", equalTo(email)).body("roles", contains("auditor"));
        String id = added.path("id");
        String password = added.path("temporary_password");

        // A temporary password has to be changed in the browser first, so it earns no token.
        assertThat(signIn(email, password)).isEqualTo(400);
        Callers.as(ADMIN)
                .contentType("application/json")
                .body(Map.of("roles", List.of("ml-engineer", "integrator")))
                .patch(ROUTE + "/" + id)
                .then()
                .statusCode(200)
                .body("roles", contains("ml-engineer", "integrator"));
        Callers.as(ADMIN)
                .get(ROUTE + "/" + id)
                .then()
                .statusCode(200)
                .body("roles", contains("ml-engineer", "integrator"));
        String second = Callers.as(ADMIN)
                .post(ROUTE + "/" + id + "/temporary-password")
                .then()
                .statusCode(200)
                .extract()
                .path("temporary_password");
        assertThat(second).isNotEqualTo(password);
        // 400 where Keycloak's protection against guessing locks the account for having been asked twice at once.
        assertThat(signIn(email, password)).isIn(400, 401);
        add(email, "auditor").then().statusCode(409).body("error.code", equalTo("member_exists"));

        Callers.as(ADMIN).delete(ROUTE + "/" + id).then().statusCode(204);

        Callers.as(ADMIN).get(ROUTE + "/" + id).then().statusCode(404).body("error.message", containsString(id));
        // The account is still there, without roles; it can come back.
        add(email, "integrator")
                .then()
                .statusCode(201)
                .body("id", equalTo(id))
                .body("roles", contains("integrator"))
                .body("temporary_password", equalTo(null));
        Callers.as(ADMIN).delete(ROUTE + "/" + id).then().statusCode(204);
    }

    @Test
    void aMemberOfAnotherOrganisationIsUnknown() {
        String stranger = idOf("admin@broker.example", "engineer@broker.example");

        Callers.as(ADMIN).get(ROUTE + "/" + stranger).then().statusCode(404);
        Callers.as(ADMIN)
                .contentType("application/json")
                .body(Map.of("roles", List.of("auditor")))
                .patch(ROUTE + "/" + stranger)
                .then()
                .statusCode(404);
        Callers.as(ADMIN)
                .post(ROUTE + "/" + stranger + "/temporary-password")
                .then()
                .statusCode(404);
        Callers.as(ADMIN).delete(ROUTE + "/" + stranger).then().statusCode(404);
        Callers.as("admin@broker.example")
                .get(ROUTE + "/" + stranger)
                .then()
                .statusCode(200)
                .body("roles", contains("ml-engineer"));
        add("engineer@broker.example", "auditor")
                .then()
                .statusCode(409)
                .body("error.code", equalTo("account_unavailable"));
        add("operator@plumbline.example", "auditor")
                .then()
                .statusCode(409)
                .body("error.code", equalTo("account_unavailable"));
    }

    @Test
    void oneselfAndSharedAccountsAreLeftAlone() {
        Callers.as(ADMIN)
                .delete(ROUTE + "/" + idOf(ADMIN, ADMIN))
                .then()
                .statusCode(409)
                .body("error.code", equalTo("own_membership"));
        Callers.as(ADMIN)
                .contentType("application/json")
                .body(Map.of("roles", List.of("auditor")))
                .patch(ROUTE + "/" + idOf(ADMIN, "reviewer@plumbline.example"))
                .then()
                .statusCode(409)
                .body("error.code", equalTo("shared_member"));
    }

    @Test
    void badRequestsNameTheParameter() {
        add(freshAddress(), "emperor")
                .then()
                .statusCode(400)
                .body("error.param", equalTo("roles"))
                .body("error.message", containsString("'emperor'"));
        add(freshAddress(), "platform-admin").then().statusCode(400).body("error.param", equalTo("roles"));
        add(freshAddress(), "reviewer", "tenant-admin").then().statusCode(400).body("error.param", equalTo("roles"));
        add("no address", "auditor").then().statusCode(400).body("error.param", equalTo("email"));
        Callers.as(ADMIN).get(ROUTE + "?limit=0").then().statusCode(400).body("error.param", equalTo("limit"));
        Callers.as("admin@broker.example")
                .get(ROUTE)
                .then()
                .body("data.username", everyItem(not(containsString("@hospital.example"))));
    }
}
