package io.plumbline.platform.identity;

import io.plumbline.compliance.audit.AuditableAct;
import io.plumbline.platform.error.InvalidRequest;
import io.plumbline.platform.error.NotFound;
import io.plumbline.platform.tenant.CurrentTenant;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The tenant's API keys. */
@ApplicationScoped
public class ApiKeys {
    /** How exact {@link ApiKey#lastUsedAt} is: one write a minute and key, not one a request. */
    private static final Duration LAST_USED_PRECISION = Duration.ofMinutes(1);

    private final ApiKeyRepository repository;
    private final CurrentTenant currentTenant;
    private final Event<AuditableAct> acts;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();

    @Inject
    ApiKeys(ApiKeyRepository repository, CurrentTenant currentTenant, Event<AuditableAct> acts, Clock clock) {
        this.repository = repository;
        this.currentTenant = currentTenant;
        this.acts = acts;
        this.clock = clock;
    }

    /**
     * Creates a key.
     *
     * @param lifetime empty = until revoked
     * @throws InvalidRequest if a scope is asked for that the caller does not have: a key cannot do more than its maker
     */
    @Transactional
    public ApiKey.Created create(Caller caller, String name, Set<Scope> scopes, Optional<Duration> lifetime) {
        requireGrantable(caller, scopes);
        ApiKeySecret secret = ApiKeySecret.generate(caller.tenant(), random);
        Instant now = clock.instant();
        ApiKeyEntity entity = new ApiKeyEntity();
        entity.id = secret.id();
        entity.name = name;
        entity.prefix = secret.visiblePrefix();
        entity.secretHash = secret.hash();
        entity.scopes = scopes.stream().map(Scope::wireName).sorted().toArray(String[]::new);
        entity.createdBy = caller.subject();
        entity.createdAt = now;
        entity.expiresAt = lifetime.map(now::plus).orElse(null);
        repository.persist(entity);
        acts.fire(new AuditableAct(
                "api_key.created",
                caller.subject(),
                entity.id,
                Map.of(
                        "scopes",
                        String.join(" ", entity.scopes),
                        "expires_at",
                        lifetime.map(life -> now.plus(life).toString()).orElse("never")),
                Map.of()));
        return new ApiKey.Created(toKey(entity), secret.text());
    }

    private static void requireGrantable(Caller caller, Set<Scope> scopes) {
        Set<Scope> excess = EnumSet.copyOf(scopes);
        excess.removeAll(caller.scopes());
        if (!excess.isEmpty()) {
            throw new InvalidRequest(
                    "scopes",
                    "A key cannot have scopes that its maker lacks: %s."
                            .formatted(String.join(
                                    ", ", excess.stream().map(Scope::wireName).toList())));
        }
        List<String> personal = scopes.stream()
                .filter(scope -> !scope.forPrograms())
                .map(Scope::wireName)
                .toList();
        if (!personal.isEmpty()) {
            throw new InvalidRequest(
                    "scopes",
                    "Reviewing held answers and managing members is for signed-in people; a key cannot have: %s."
                            .formatted(String.join(", ", personal)));
        }
    }

    /** The keys that were not revoked, newest first. */
    @Transactional
    public List<ApiKey> list() {
        return repository.newestFirst().stream().map(ApiKeys::toKey).toList();
    }

    /** @throws NotFound if the tenant has no such key, or it was revoked already */
    @Transactional
    public void revoke(Caller caller, String id) {
        ApiKeyEntity entity = repository.findById(id);
        if (entity == null || entity.revokedAt != null) {
            throw new NotFound("API key", id);
        }
        entity.revokedAt = clock.instant();
        acts.fire(new AuditableAct("api_key.revoked", caller.subject(), id, Map.of(), Map.of()));
    }

    /** The caller whose key this is; empty if the key is malformed, unknown, expired or revoked. */
    Optional<Caller> authenticate(String text) {
        return ApiKeySecret.parse(text)
                .flatMap(secret -> currentTenant.callAs(secret.tenant(), () -> QuarkusTransaction.requiringNew()
                        .call(() -> authenticateAsTenant(secret))));
    }

    private Optional<Caller> authenticateAsTenant(ApiKeySecret secret) {
        Instant now = clock.instant();
        ApiKeyEntity entity = repository.findById(secret.id());
        if (entity == null || !secret.matches(entity.secretHash) || !entity.usable(now)) {
            return Optional.empty();
        }
        if (entity.lastUsedAt == null
                || entity.lastUsedAt.plus(LAST_USED_PRECISION).isBefore(now)) {
            entity.lastUsedAt = now;
        }
        return Optional.of(new Caller(secret.tenant(), "api-key:" + entity.id, scopes(entity)));
    }

    private static ApiKey toKey(ApiKeyEntity entity) {
        return new ApiKey(
                entity.id,
                entity.name,
                entity.prefix,
                scopes(entity),
                entity.createdBy,
                entity.createdAt,
                Optional.ofNullable(entity.expiresAt),
                Optional.ofNullable(entity.lastUsedAt));
    }

    private static Set<Scope> scopes(ApiKeyEntity entity) {
        Set<Scope> scopes = EnumSet.noneOf(Scope.class);
        Arrays.stream(entity.scopes).forEach(name -> Scope.of(name).ifPresent(scopes::add));
        return scopes;
    }
}
