package io.plumbline.console.session;

import com.vaadin.flow.server.VaadinSession;
import io.plumbline.inference.TenantId;
import io.plumbline.platform.identity.Caller;
import io.plumbline.platform.identity.CallerOfIdentity;
import io.plumbline.platform.identity.NotAuthenticated;
import io.plumbline.platform.identity.Reviewer;
import io.plumbline.platform.identity.Scope;
import io.quarkus.arc.Arc;
import io.quarkus.security.identity.CurrentIdentityAssociation;
import io.quarkus.security.identity.SecurityIdentity;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Optional;
import java.util.SortedSet;
import java.util.function.Supplier;

/**
 * Who is signed in, and for which of their tenants they work now. Read from the identity of the request as often as there
 * is one, so that a role taken away is gone with the next token; background updates of a page use what was read last.
 */
@ApplicationScoped
public class ConsoleSession {
    private static final ScopedValue<SignedIn> BESIDE_PAGE = ScopedValue.newInstance();
    private static final String PERSON = "plumbline.person";
    private static final String TENANT = "plumbline.tenant";

    private final CurrentIdentityAssociation identities;
    private final CallerOfIdentity callers;

    @Inject
    ConsoleSession(CurrentIdentityAssociation identities, CallerOfIdentity callers) {
        this.identities = identities;
        this.callers = callers;
    }

    /**
     * The signed-in person.
     *
     * @throws io.plumbline.platform.identity.NoOrganisation if Keycloak lists them under none
     */
    public Reviewer person() {
        if (BESIDE_PAGE.isBound()) {
            return BESIDE_PAGE.get().person();
        }
        VaadinSession session = session();
        Reviewer last = (Reviewer) session.getAttribute(PERSON);
        Reviewer now = ofRequest().orElse(last);
        if (now == null) {
            throw new NotAuthenticated();
        }
        if (last != null && !last.subject().equals(now.subject())) {
            // Somebody else signed in within the same browser: nothing of the person before may stay in memory.
            session.close();
            throw new NotAuthenticated();
        }
        if (!now.equals(last)) {
            session.setAttribute(PERSON, now);
        }
        return now;
    }

    private Optional<Reviewer> ofRequest() {
        if (!Arc.container().requestContext().isActive()) {
            return Optional.empty();
        }
        SecurityIdentity identity = identities.getDeferredIdentity().await().indefinitely();
        return identity.isAnonymous() ? Optional.empty() : Optional.of(callers.reviewer(identity, null));
    }

    /** The tenant that the person works for: their only one, or the one they chose last. */
    public TenantId tenant() {
        if (BESIDE_PAGE.isBound()) {
            return BESIDE_PAGE.get().tenant();
        }
        SortedSet<TenantId> tenants = person().tenants();
        TenantId chosen = (TenantId) session().getAttribute(TENANT);
        return chosen != null && tenants.contains(chosen) ? chosen : tenants.first();
    }

    /** Goes on to work for another of the person's tenants; others are ignored. */
    public void choose(TenantId tenant) {
        if (person().tenants().contains(tenant)) {
            session().setAttribute(TENANT, tenant);
        }
    }

    /** Who is signed in now, to be passed to {@link #as}. */
    public SignedIn signedIn() {
        return new SignedIn(person(), tenant());
    }

    /** Runs work on a thread without a page, as somebody who was signed in when the page asked for it. */
    public <T> T as(SignedIn who, Supplier<T> work) {
        return ScopedValue.where(BESIDE_PAGE, who).call(work::get);
    }

    /** The person as caller of the tenant they work for. */
    public Caller caller() {
        Reviewer person = person();
        return new Caller(tenant(), person.subject(), person.scopes());
    }

    /** Whether the person may do something; views hide what they may not. */
    public boolean may(Scope scope) {
        return person().scopes().contains(scope);
    }

    private static VaadinSession session() {
        VaadinSession session = VaadinSession.getCurrent();
        if (session == null) {
            throw new NotAuthenticated();
        }
        return session;
    }
}
