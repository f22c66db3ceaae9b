package io.plumbline.platform.identity;

import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * A tenant's API key, without its secret.
 *
 * @param id what DELETE takes
 * @param name what people call it
 * @param prefix how the key begins
 * @param createdBy subject of the caller who made it
 * @param expiresAt empty = never
 * @param lastUsedAt accurate to a minute
 */
public record ApiKey(
        String id,
        String name,
        String prefix,
        Set<Scope> scopes,
        String createdBy,
        Instant createdAt,
        Optional<Instant> expiresAt,
        Optional<Instant> lastUsedAt) {

    /** @param secret the whole key; it cannot be shown again */
    public record Created(ApiKey key, String secret) {
        /** Never the secret: records end up in logs. */
        @Override
        public String toString() {
            return "Created[" + key + "]";
        }
    }
}
