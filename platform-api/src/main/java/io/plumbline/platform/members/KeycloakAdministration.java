package io.plumbline.platform.members;

import io.plumbline.platform.error.NotFound;
import io.plumbline.platform.error.PlatformException;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.ProcessingException;
import jakarta.ws.rs.WebApplicationException;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.keycloak.OAuth2Constants;
import org.keycloak.admin.client.Keycloak;
import org.keycloak.admin.client.KeycloakBuilder;
import org.keycloak.admin.client.resource.RealmResource;

/** The connection to Keycloak's administration interface, and what its refusals mean. */
@ApplicationScoped
class KeycloakAdministration {
    private static final String REALMS = "/realms/";
    private static final int UNAUTHORIZED = 401;
    private static final int FORBIDDEN = 403;
    private static final int NOT_FOUND = 404;

    private final MembersConfig config;
    private final String server;
    private final String realm;
    private @Nullable Keycloak client;

    @Inject
    KeycloakAdministration(MembersConfig config) {
        this.config = config;
        String url = config.realmUrl().replaceAll("/+$", "");
        int end = url.lastIndexOf(REALMS);
        if (end < 0) {
            throw new IllegalArgumentException(
                    "PLUMBLINE_OIDC_URL is '%s', but a realm of Keycloak has the form https://HOST/realms/NAME"
                            .formatted(url));
        }
        this.server = url.substring(0, end);
        this.realm = url.substring(end + REALMS.length());
    }

    /**
     * Asks Keycloak for something.
     *
     * @throws MembersUnavailable if it does not answer
     * @throws MembersNotConfigured if it refuses our client
     * @throws NotFound if what was asked for is gone
     */
    <T> T call(Function<RealmResource, T> work) {
        try {
            return work.apply(connected().realm(realm));
        } catch (WebApplicationException e) {
            throw refusal(e.getResponse().getStatus(), e);
        } catch (ProcessingException e) {
            throw ofCause(e);
        }
    }

    /** As {@link #call}; empty if what was asked for does not exist. */
    <T> Optional<T> find(Function<RealmResource, T> work) {
        try {
            return Optional.of(call(work));
        } catch (NotFound absent) {
            return Optional.empty();
        }
    }

    /** As {@link #call}, without a result. */
    void run(Consumer<RealmResource> work) {
        call(ofRealm -> {
            work.accept(ofRealm);
            return Boolean.TRUE;
        });
    }

    /** What a status of Keycloak's means. */
    PlatformException refusal(int status, @Nullable WebApplicationException cause) {
        return switch (status) {
            case UNAUTHORIZED -> MembersNotConfigured.clientRefused(config.clientId());
            case FORBIDDEN -> MembersNotConfigured.rolesMissing(config.clientId());
            case NOT_FOUND -> new NotFound("account", "asked for");
            default ->
                new MembersUnavailable(
                        cause != null ? cause : new IllegalStateException("Keycloak answered with status " + status));
        };
    }

    /** The library wraps the refusal of a token into the failure of the request that needed it. */
    private PlatformException ofCause(ProcessingException failure) {
        for (Throwable cause = failure.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof WebApplicationException answered) {
                return refusal(answered.getResponse().getStatus(), answered);
            }
        }
        return new MembersUnavailable(failure);
    }

    private synchronized Keycloak connected() {
        if (client == null) {
            String secret = config.clientSecret().orElseThrow(() -> MembersNotConfigured.noSecret(config.clientId()));
            client = KeycloakBuilder.builder()
                    .serverUrl(server)
                    .realm(realm)
                    .grantType(OAuth2Constants.CLIENT_CREDENTIALS)
                    .clientId(config.clientId())
                    .clientSecret(secret)
                    .build();
        }
        return client;
    }

    @PreDestroy
    synchronized void close() {
        if (client != null) {
            client.close();
        }
    }
}
