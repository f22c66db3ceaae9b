package io.plumbline.platform.testing;

import static io.restassured.RestAssured.given;

import io.restassured.specification.RequestSpecification;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Requests made by the demo users of the realm, with real access tokens, and by API keys. */
public final class Callers {
    private static final Map<String, String> TOKENS = new ConcurrentHashMap<>();

    private Callers() {}

    /** A request of a user such as {@code admin@hospital.example}. */
    public static RequestSpecification as(String user) {
        return given().auth().oauth2(token(user));
    }

    /** A request with an API key. */
    public static RequestSpecification withKey(String key) {
        return given().auth().oauth2(key);
    }

    /** A fresh API key of a tenant with exactly these scopes. */
    public static String key(String tenant, String... scopes) {
        return as("admin@%s.example".formatted(tenant))
                .contentType("application/json")
                .body(Map.of("name", "test", "scopes", List.of(scopes), "expires_in_days", 1))
                .post("/api/v1/api-keys")
                .then()
                .statusCode(201)
                .extract()
                .path("secret");
    }

    public static String token(String user) {
        return TOKENS.computeIfAbsent(user, Callers::signIn);
    }

    private static String signIn(String user) {
        return given().baseUri(System.getenv("PLUMBLINE_OIDC_URL"))
                .port(java.net.URI.create(System.getenv("PLUMBLINE_OIDC_URL")).getPort())
                .formParams(Map.of(
                        "grant_type",
                        "password",
                        "client_id",
                        "plumbline-cli",
                        "username",
                        user,
                        "password",
                        System.getenv("PLUMBLINE_DEMO_PASSWORD"),
                        "scope",
                        "openid organization:*")) // all organisations of a member of several
                .post("/protocol/openid-connect/token")
                .then()
                .statusCode(200)
                .extract()
                .path("access_token");
    }
}
