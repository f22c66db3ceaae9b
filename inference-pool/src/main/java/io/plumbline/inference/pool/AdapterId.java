package io.plumbline.inference.pool;

import io.plumbline.inference.TenantId;

/**
 * One version of one tenant's adapter.
 *
 * @param tenant the owner; nobody else's request may use it
 * @param name unique within the tenant; a new version has a new name
 */
public record AdapterId(TenantId tenant, String name) {
    public AdapterId {
        if (name.isBlank()) {
            throw new IllegalArgumentException("an adapter needs a name");
        }
    }
}
