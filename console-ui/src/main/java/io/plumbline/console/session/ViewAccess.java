package io.plumbline.console.session;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.router.RouteConfiguration;
import io.plumbline.platform.error.PlatformException;
import io.plumbline.platform.identity.AnyCaller;
import io.plumbline.platform.identity.CallerOfIdentity;
import io.plumbline.platform.identity.RequiresScope;
import io.plumbline.platform.identity.Reviewer;
import io.quarkus.security.identity.CurrentIdentityAssociation;
import io.quarkus.security.identity.SecurityIdentity;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

/**
 * Who may enter which view: it carries {@link RequiresScope}, or {@link AnyCaller} for everybody who is signed in; one that
 * says neither is closed.
 */
@ApplicationScoped
public class ViewAccess {
    private final ConsoleSession session;
    private final CurrentIdentityAssociation identities;
    private final CallerOfIdentity callers;

    @Inject
    ViewAccess(ConsoleSession session, CurrentIdentityAssociation identities, CallerOfIdentity callers) {
        this.session = session;
        this.identities = identities;
        this.callers = callers;
    }

    /**
     * Lets the person enter, or says why not.
     *
     * @throws io.plumbline.platform.identity.MissingScope if they lack the view's scope
     * @throws io.plumbline.platform.identity.NoOrganisation if they belong to no tenant
     */
    public void check(Class<?> view) {
        RequiresScope required = view.getAnnotation(RequiresScope.class);
        if (required != null) {
            session.person().require(required.value());
        } else if (view.isAnnotationPresent(AnyCaller.class)) {
            session.person();
        } else {
            throw new IllegalStateException(view + " says neither @RequiresScope nor @AnyCaller");
        }
    }

    /** Whether the person would be let in, for menus and links. */
    public boolean mayEnter(Class<?> view) {
        RequiresScope required = view.getAnnotation(RequiresScope.class);
        return required == null ? view.isAnnotationPresent(AnyCaller.class) : session.may(required.value());
    }

    /**
     * Whether the identity of the request would be let into the view at a path; true for paths without a view, which answer
     * for themselves. Needs no session: it decides the status of the page's first answer.
     */
    public boolean allowed(String path) {
        SecurityIdentity identity = identities.getDeferredIdentity().await().indefinitely();
        return RouteConfiguration.forApplicationScope()
                .getRoute(path.replaceAll("^/+|/+$", ""))
                .map(view -> allowed(view, identity))
                .orElse(true);
    }

    private boolean allowed(Class<? extends Component> view, SecurityIdentity identity) {
        RequiresScope required = view.getAnnotation(RequiresScope.class);
        try {
            Reviewer person = callers.reviewer(identity, null);
            return required == null
                    ? view.isAnnotationPresent(AnyCaller.class)
                    : person.scopes().contains(required.value());
        } catch (PlatformException refused) {
            return false;
        }
    }
}
