package io.plumbline.platform.identity;

import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.identity.AuthenticationRequestContext;
import io.quarkus.security.identity.IdentityProvider;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.runtime.QuarkusPrincipal;
import io.quarkus.security.runtime.QuarkusSecurityIdentity;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

/** Turns an API key into an identity. */
@ApplicationScoped
class ApiKeyIdentity implements IdentityProvider<ApiKeyRequest> {
    /** Attribute that holds the {@link Caller} of a key. */
    static final String CALLER = "plumbline.caller";

    private final ApiKeys keys;

    @Inject
    ApiKeyIdentity(ApiKeys keys) {
        this.keys = keys;
    }

    @Override
    public Class<ApiKeyRequest> getRequestType() {
        return ApiKeyRequest.class;
    }

    @Override
    public Uni<SecurityIdentity> authenticate(ApiKeyRequest request, AuthenticationRequestContext context) {
        return context.runBlocking(() -> identity(keys.authenticate(request.text())
                .orElseThrow(() -> new AuthenticationFailedException("API key refused"))));
    }

    private static SecurityIdentity identity(Caller caller) {
        return QuarkusSecurityIdentity.builder()
                .setPrincipal(new QuarkusPrincipal(caller.subject()))
                .addAttribute(CALLER, caller)
                .build();
    }
}
