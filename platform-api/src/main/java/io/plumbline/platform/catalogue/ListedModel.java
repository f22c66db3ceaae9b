package io.plumbline.platform.catalogue;

import java.time.Instant;
import java.util.List;

/**
 * A model as the list shows it.
 *
 * @param id the name callers use
 * @param task what it is for
 * @param created since when it can be used
 * @param ownedBy whom it belongs to: the tenant, or {@code plumbline}
 * @param targetModules the linear modules that fine-tuning may change; empty = it cannot be fine-tuned here
 */
public record ListedModel(String id, ModelTask task, Instant created, String ownedBy, List<String> targetModules) {
    public ListedModel {
        targetModules = List.copyOf(targetModules);
    }

    static ListedModel of(ModelRoute route, List<String> targetModules) {
        return new ListedModel(route.id(), ModelTask.CHAT, route.created(), route.ownedBy(), targetModules);
    }
}
