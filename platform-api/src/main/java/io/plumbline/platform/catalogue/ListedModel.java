package io.plumbline.platform.catalogue;

import java.time.Instant;

/**
 * A model as the list shows it.
 *
 * @param id the name callers use
 * @param task what it is for
 * @param created since when it can be used
 * @param ownedBy whom it belongs to: the tenant, or {@code plumbline}
 */
public record ListedModel(String id, ModelTask task, Instant created, String ownedBy) {
    static ListedModel of(ModelRoute route) {
        return new ListedModel(route.id(), ModelTask.CHAT, route.created(), route.ownedBy());
    }
}
