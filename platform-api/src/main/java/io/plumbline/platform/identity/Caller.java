package io.plumbline.platform.identity;

import io.plumbline.inference.TenantId;
import java.util.Set;

/**
 * Who makes a request.
 *
 * @param tenant whose data the request may touch
 * @param subject the user's name, or {@code api-key:ID}
 * @param scopes what the credential may do
 */
public record Caller(TenantId tenant, String subject, Set<Scope> scopes) {
    public Caller {
        scopes = Set.copyOf(scopes);
    }

    /** @throws MissingScope if the credential lacks it */
    public void require(Scope scope) {
        if (!scopes.contains(scope)) {
            throw new MissingScope(scope);
        }
    }
}
