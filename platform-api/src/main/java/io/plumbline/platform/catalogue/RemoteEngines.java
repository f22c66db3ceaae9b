package io.plumbline.platform.catalogue;

import io.plumbline.inference.TenantId;
import io.plumbline.inference.pool.remote.ApiKey;
import io.plumbline.inference.pool.remote.RemoteAdapters;
import io.plumbline.inference.pool.remote.RemoteEngineSettings;
import io.plumbline.inference.pool.remote.RemoteInferencePool;
import io.plumbline.inference.pool.remote.RemoteKeys;
import io.plumbline.inference.pool.remote.RemoteLimits;
import io.plumbline.inference.pool.remote.RemoteModel;
import io.quarkus.runtime.configuration.ConfigurationException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** The engines elsewhere that the settings name. */
@ApplicationScoped
class RemoteEngines {
    private final Map<String, RemoteEngineConfig> configured;
    private final Path adapterFolder;

    @Inject
    RemoteEngines(PoolConfig config, @ConfigProperty(name = "plumbline.data") Path data) {
        this.configured = config.remote();
        this.adapterFolder = data.resolve("adapters");
    }

    /**
     * A pool for each.
     *
     * @throws ConfigurationException if a setting is impossible; the message says which and what to do
     */
    List<RemoteInferencePool> open() {
        return settings().stream().map(RemoteInferencePool::new).toList();
    }

    /** The same, as settings. */
    List<RemoteEngineSettings> settings() {
        Map<String, String> engineOf = new HashMap<>();
        List<RemoteEngineSettings> all = new ArrayList<>();
        configured.forEach((name, config) -> {
            for (String model : config.models().keySet()) {
                String other = engineOf.putIfAbsent(model, name);
                if (other != null) {
                    throw new ConfigurationException(
                            "plumbline.pool.remote: the model %s is placed on two engines, %s and %s; choose one"
                                    .formatted(model, other, name));
                }
            }
            all.add(settings(name, config));
        });
        return all;
    }

    private RemoteEngineSettings settings(String name, RemoteEngineConfig config) {
        try {
            return new RemoteEngineSettings(
                            name,
                            config.url(),
                            keys(config),
                            config.dialect(),
                            config.models().entrySet().stream()
                                    .map(entry -> model(entry.getKey(), entry.getValue()))
                                    .toList(),
                            adapters(config),
                            limits(config.limits()))
                    .requireEncryption(config.plainHttpAllowed());
        } catch (IllegalArgumentException e) {
            throw new ConfigurationException("plumbline.pool.remote.%s: %s".formatted(name, e.getMessage()), e);
        }
    }

    private static RemoteKeys keys(RemoteEngineConfig config) {
        Map<TenantId, ApiKey> ofTenants = new HashMap<>();
        config.tenantKeys().forEach((tenant, key) -> ofTenants.put(TenantId.of(tenant), new ApiKey(key)));
        return new RemoteKeys(config.apiKey().map(ApiKey::new), ofTenants);
    }

    private static RemoteModel model(String id, RemoteEngineConfig.Model model) {
        return new RemoteModel(
                id,
                model.name().orElse(id),
                model.contextLength(),
                model.sha256().orElse(""));
    }

    private RemoteAdapters adapters(RemoteEngineConfig config) {
        return switch (config.adapters()) {
            case NONE -> new RemoteAdapters.None();
            case LISTED -> new RemoteAdapters.Listed();
            case SHARED_FOLDER ->
                new RemoteAdapters.SharedFolder(
                        adapterFolder,
                        config.adaptersFolderThere()
                                .orElseThrow(
                                        () -> new IllegalArgumentException(
                                                "adapters: shared-folder needs adapters-folder-there, the path on the engine's side")));
        };
    }

    private static RemoteLimits limits(RemoteEngineConfig.Limits limits) {
        return new RemoteLimits(
                limits.connect(), limits.begin(), limits.stall(), limits.answer(), limits.maxRequests());
    }
}
