package io.plumbline.platform.identity;

import io.plumbline.inference.TenantId;
import java.util.Collections;
import java.util.Comparator;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * A person who decides held answers.
 *
 * @param subject the user's name
 * @param tenants whose cases the person is cleared for: the organisations that Keycloak lists them under, or the one they
 *     named in the request; in alphabetical order
 * @param scopes what the credential may do
 */
public record Reviewer(String subject, SortedSet<TenantId> tenants, Set<Scope> scopes) {
    public Reviewer {
        SortedSet<TenantId> sorted = new TreeSet<>(Comparator.comparing(TenantId::value));
        sorted.addAll(tenants);
        tenants = Collections.unmodifiableSortedSet(sorted);
        scopes = Set.copyOf(scopes);
    }

    /** @throws MissingScope if the credential lacks it */
    public void require(Scope scope) {
        if (!scopes.contains(scope)) {
            throw new MissingScope(scope);
        }
    }
}
