package io.plumbline.platform.deployment;

import io.plumbline.inference.TenantId;
import io.plumbline.inference.pool.AdapterId;
import io.plumbline.inference.pool.BaseModel;
import io.plumbline.inference.pool.InferenceException;
import io.plumbline.inference.pool.InferencePool;
import io.plumbline.platform.adapter.Adapter;
import io.plumbline.platform.adapter.Adapters;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** Brings adapters into the engine of this process, each once, and only if every byte is as training wrote it. */
@ApplicationScoped
class AdapterLoader {
    private final InferencePool pool;
    private final Adapters adapters;
    private final ConcurrentMap<AdapterId, Boolean> loaded = new ConcurrentHashMap<>();

    @Inject
    AdapterLoader(InferencePool pool, Adapters adapters) {
        this.pool = pool;
        this.adapters = adapters;
    }

    /** A new training makes a new name, so a name is a version. */
    static AdapterId idOf(TenantId tenant, String model) {
        return new AdapterId(tenant, model);
    }

    boolean isLoaded(AdapterId id) {
        return loaded.containsKey(id);
    }

    /**
     * Loads an adapter unless it is loaded; callers that come meanwhile wait.
     *
     * @throws BaseModelReplaced if it was trained on another base
     * @throws io.plumbline.platform.adapter.CorruptAdapter if its files were changed
     * @throws InferenceException if the engine refuses it
     */
    void load(Adapter adapter) {
        AdapterId id = idOf(adapter.tenant(), adapter.model());
        Boolean present = loaded.computeIfAbsent(id, key -> {
            String base = adapter.lineage().baseModel();
            BaseModel model = pool.baseModels().stream()
                    .filter(m -> m.id().equals(base))
                    .findFirst()
                    .orElseThrow(() -> new InferenceException.UnknownModel(base));
            if (!model.sha256().equals(adapter.lineage().baseModelSha256())) {
                throw new BaseModelReplaced(adapter.model(), base);
            }
            pool.loadAdapter(key, base, adapters.verifiedFolder(adapter));
            return true;
        });
        assert present;
    }

    void unload(AdapterId id) {
        loaded.computeIfPresent(id, (key, present) -> {
            pool.unloadAdapter(key);
            return null;
        });
    }
}
