package io.plumbline.platform.identity.rest;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.plumbline.platform.identity.ApiKey;
import io.plumbline.platform.identity.Scope;
import java.time.Instant;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * A key without its secret. Times are Unix seconds.
 *
 * @param prefix how the key begins, to recognise it
 * @param expiresAt null = never
 * @param lastUsedAt accurate to a minute; null = never used
 */
@Schema(name = "ApiKey")
public record KeyView(
        String id,
        String object,
        String name,
        String prefix,
        List<Scope> scopes,
        @JsonProperty("created_by") String createdBy,
        @JsonProperty("created_at") long createdAt,
        @JsonProperty("expires_at") @Nullable Long expiresAt,
        @JsonProperty("last_used_at") @Nullable Long lastUsedAt) {

    static KeyView of(ApiKey key) {
        return new KeyView(
                key.id(),
                "api_key",
                key.name(),
                key.prefix(),
                key.scopes().stream().sorted().toList(),
                key.createdBy(),
                key.createdAt().getEpochSecond(),
                key.expiresAt().map(Instant::getEpochSecond).orElse(null),
                key.lastUsedAt().map(Instant::getEpochSecond).orElse(null));
    }
}
