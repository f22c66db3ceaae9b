package io.plumbline.platform.identity;

import io.plumbline.inference.TenantId;
import io.quarkus.oidc.runtime.OidcJwtCallerPrincipal;
import io.quarkus.security.identity.SecurityIdentity;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Reads tenant and scopes out of a verified identity: an API key's, or the claims of a Keycloak token. */
@ApplicationScoped
public class CallerOfIdentity {
    /** Keycloak's claim: a list of organisation aliases, or an object keyed by them where the mapper adds details. */
    private static final String ORGANISATION_CLAIM = "organization";

    /** @param named what the header OpenAI-Organization says, or null */
    public Caller of(SecurityIdentity identity, @Nullable String named) {
        Caller ofKey = identity.getAttribute(ApiKeyIdentity.CALLER);
        if (ofKey != null) {
            if (named != null && !named.equals(ofKey.tenant().value())) {
                throw new ForeignOrganisation(named);
            }
            return ofKey;
        }
        String subject = identity.getPrincipal().getName();
        TenantId tenant = TenantId.of(choose(organisations(identity), named, subject));
        return new Caller(tenant, subject, scopes(identity));
    }

    /**
     * The person behind an identity, for all the organisations they belong to, or for the one that is named.
     *
     * @param named what the header OpenAI-Organization says, or null
     */
    public Reviewer reviewer(SecurityIdentity identity, @Nullable String named) {
        Caller ofKey = identity.getAttribute(ApiKeyIdentity.CALLER);
        if (ofKey != null) {
            Caller caller = of(identity, named);
            return new Reviewer(caller.subject(), single(caller.tenant()), caller.scopes());
        }
        String subject = identity.getPrincipal().getName();
        Collection<String> organisations = organisations(identity);
        Collection<String> chosen = named == null && !organisations.isEmpty()
                ? organisations
                : List.of(choose(organisations, named, subject));
        SortedSet<TenantId> tenants = new TreeSet<>(Comparator.comparing(TenantId::value));
        chosen.forEach(organisation -> tenants.add(TenantId.of(organisation)));
        return new Reviewer(subject, tenants, scopes(identity));
    }

    private static SortedSet<TenantId> single(TenantId tenant) {
        SortedSet<TenantId> one = new TreeSet<>(Comparator.comparing(TenantId::value));
        one.add(tenant);
        return one;
    }

    private static Set<Scope> scopes(SecurityIdentity identity) {
        Set<Scope> scopes = EnumSet.noneOf(Scope.class);
        identity.getRoles().forEach(name -> Role.of(name).ifPresent(role -> scopes.addAll(role.scopes())));
        return scopes;
    }

    private static String choose(Collection<String> organisations, @Nullable String named, String subject) {
        if (organisations.isEmpty()) {
            throw new NoOrganisation(subject);
        }
        if (named != null) {
            if (!organisations.contains(named)) {
                throw new ForeignOrganisation(named);
            }
            return named;
        }
        if (organisations.size() > 1) {
            throw new AmbiguousOrganisation(organisations);
        }
        return organisations.iterator().next();
    }

    private static Collection<String> organisations(SecurityIdentity identity) {
        if (!(identity.getPrincipal() instanceof OidcJwtCallerPrincipal token)) {
            return List.of();
        }
        Object claim = token.getClaim(ORGANISATION_CLAIM);
        return switch (claim) {
            case JsonObject byAlias -> byAlias.keySet();
            case Collection<?> aliases ->
                aliases.stream()
                        .map(alias -> alias instanceof JsonString json ? json.getString() : String.valueOf(alias))
                        .toList();
            case JsonString alias -> List.of(alias.getString());
            case String alias -> List.of(alias);
            case null, default -> List.of();
        };
    }
}
