package io.plumbline.platform.identity;

import io.plumbline.platform.tenant.CurrentTenant;
import io.quarkus.security.identity.CurrentIdentityAssociation;
import io.quarkus.security.identity.SecurityIdentity;
import jakarta.annotation.Priority;
import jakarta.inject.Inject;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.ResourceInfo;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.ext.Provider;
import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;

/** Establishes who calls, for which tenant, and whether the route's scope is there; the only place that does. */
@Provider
@Priority(Priorities.AUTHORIZATION)
class CallerFilter implements ContainerRequestFilter {
    /** OpenAI's header; the SDKs send it when an organisation is configured. */
    private static final String ORGANISATION_HEADER = "OpenAI-Organization";

    private final CurrentIdentityAssociation identity;
    private final CallerOfIdentity callers;
    private final CurrentCaller currentCaller;
    private final CurrentReviewer currentReviewer;
    private final CurrentTenant currentTenant;

    @Context
    @Nullable
    ResourceInfo resource;

    @Inject
    CallerFilter(
            CurrentIdentityAssociation identity,
            CallerOfIdentity callers,
            CurrentCaller currentCaller,
            CurrentReviewer currentReviewer,
            CurrentTenant currentTenant) {
        this.identity = identity;
        this.callers = callers;
        this.currentCaller = currentCaller;
        this.currentReviewer = currentReviewer;
        this.currentTenant = currentTenant;
    }

    @Override
    public void filter(ContainerRequestContext request) {
        Method method = resource == null ? null : resource.getResourceMethod();
        if (method == null || !method.getDeclaringClass().getName().startsWith("io.plumbline.")) {
            return;
        }
        SecurityIdentity who = identity.getDeferredIdentity().await().indefinitely();
        if (who.isAnonymous()) {
            throw new NotAuthenticated();
        }
        String named = request.getHeaderString(ORGANISATION_HEADER);
        RequiresScope required = method.getAnnotation(RequiresScope.class);
        if (required != null && method.isAnnotationPresent(AcrossTenants.class)) {
            Reviewer reviewer = callers.reviewer(who, named);
            reviewer.require(required.value());
            currentReviewer.set(reviewer);
            return;
        }
        Caller caller = callers.of(who, named);
        if (required != null) {
            caller.require(required.value());
        } else if (!method.isAnnotationPresent(AnyCaller.class)) {
            throw new IllegalStateException(method + " says neither @RequiresScope nor @AnyCaller");
        }
        currentCaller.set(caller);
        currentTenant.bindToRequest(caller.tenant());
    }
}
