package io.plumbline.inference.pool.remote;

import io.plumbline.inference.TenantId;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The keys that open a remote engine.
 *
 * @param shared for everything that has no key of its own; empty = the engine asks for none
 * @param ofTenants for the requests of single tenants, who are tenants of their own at that engine
 */
public record RemoteKeys(Optional<ApiKey> shared, Map<TenantId, ApiKey> ofTenants) {
    public RemoteKeys {
        ofTenants = Map.copyOf(ofTenants);
        Set<ApiKey> seen = new HashSet<>();
        shared.ifPresent(seen::add);
        ofTenants.forEach((tenant, key) -> {
            if (!seen.add(key)) {
                throw new IllegalArgumentException(
                        "the key of the tenant %s is another's too; a key of one tenant opens what belongs to it"
                                .formatted(tenant));
            }
        });
    }

    /** One key for all, or none. */
    public static RemoteKeys shared(Optional<ApiKey> key) {
        return new RemoteKeys(key, Map.of());
    }

    /** The key for a tenant's requests. */
    Optional<ApiKey> of(TenantId tenant) {
        return Optional.ofNullable(ofTenants.get(tenant)).or(() -> shared);
    }

    /** A key to ask with how the engine is. */
    Optional<ApiKey> any() {
        return shared.or(() -> ofTenants.values().stream().findFirst());
    }
}
