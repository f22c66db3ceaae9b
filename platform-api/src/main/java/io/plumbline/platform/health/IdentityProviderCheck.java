package io.plumbline.platform.health;

import io.smallrye.health.api.Wellness;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;

/**
 * Whether Keycloak answers. While it is away nobody can sign in, but tokens and API keys that exist go on working: so it
 * counts for {@code /q/health/well}, not for {@code /q/health/ready}.
 */
@Wellness
@ApplicationScoped
class IdentityProviderCheck implements HealthCheck {
    private static final Duration TIMEOUT = Duration.ofSeconds(2);
    private static final int OK = 200;

    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(TIMEOUT).build();
    private final HttpRequest request;

    @Inject
    IdentityProviderCheck(@ConfigProperty(name = "quarkus.oidc.auth-server-url") String realm) {
        this.request = HttpRequest.newBuilder(URI.create(realm + "/.well-known/openid-configuration"))
                .timeout(TIMEOUT)
                .build();
    }

    @Override
    public HealthCheckResponse call() {
        var response = HealthCheckResponse.named("identity-provider");
        try {
            int status =
                    client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
            return status == OK
                    ? response.up().build()
                    : response.down()
                            .withData("remedy", "Keycloak at PLUMBLINE_OIDC_URL answers with status " + status)
                            .build();
        } catch (IOException e) {
            return response.down()
                    .withData("remedy", "Keycloak at PLUMBLINE_OIDC_URL does not answer; nobody can sign in")
                    .build();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return response.down().build();
        }
    }
}
