package io.plumbline.inference.pool.remote;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.plumbline.inference.TenantId;
import io.plumbline.inference.pool.AdapterId;
import io.plumbline.inference.pool.InferenceException;
import io.plumbline.inference.pool.remote.RemoteAdapters.Listed;
import io.plumbline.inference.pool.remote.RemoteAdapters.None;
import io.plumbline.inference.pool.remote.RemoteAdapters.SharedFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The adapters of this installation that a remote engine serves, each as a model of its own name there.
 *
 * @see "Design decision: docs/decisions/0019-benchmarks-and-remote-engines.md"
 */
final class AdaptersThere {
    private static final Logger LOG = LoggerFactory.getLogger(AdaptersThere.class);
    private static final JsonMapper JSON = new JsonMapper();
    private static final String LOAD = "/v1/load_lora_adapter";
    private static final String NO_SUCH_PATH = "Not Found";
    private static final String UNLOAD = "/v1/unload_lora_adapter";

    private final RemoteEngineSettings settings;
    private final RemoteServer server;
    private final RemoteFailures failures;
    private final Map<AdapterId, Loaded> loaded = new ConcurrentHashMap<>();

    /**
     * An adapter that was loaded through this pool.
     *
     * @param base id of its model here
     * @param folder of its files here
     */
    private record Loaded(String base, Path folder) {}

    AdaptersThere(RemoteEngineSettings settings, RemoteServer server, RemoteFailures failures) {
        this.settings = settings;
        this.server = server;
        this.failures = failures;
    }

    /**
     * The server's name of an adapter.
     *
     * @param asking whose request it is
     * @throws InferenceException.UnknownAdapter if it is another tenant's, another model's, or was not loaded
     */
    String nameFor(AdapterId id, TenantId asking, RemoteModel model) {
        Loaded known = loaded.get(id);
        if (!id.tenant().equals(asking) || known == null || !known.base().equals(model.id())) {
            throw new InferenceException.UnknownAdapter(id.name());
        }
        return nameOf(id);
    }

    /** @throws InferenceException.InvalidAdapter if the engine cannot serve it, with the reason */
    void load(AdapterId id, RemoteModel model, Path folder) {
        if (loaded.containsKey(id)) {
            return;
        }
        switch (settings.adapters()) {
            case None _ -> throw refused("takes no adapters; deploy this one on a model of another engine.");
            case Listed _ -> requireListed(id);
            case SharedFolder shared -> load(id, shared, folder);
        }
        loaded.put(id, new Loaded(model.id(), folder));
    }

    /**
     * Has the server load an adapter again that it does not know any more, as after a restart of its own.
     *
     * @return whether it did
     */
    boolean restored(AdapterId id) {
        Loaded known = loaded.get(id);
        if (known == null || !(settings.adapters() instanceof SharedFolder shared)) {
            return false;
        }
        LOG.info("remote engine {} has lost the adapter {}; it is loaded again", settings.name(), nameOf(id));
        load(id, shared, known.folder());
        return true;
    }

    void unload(AdapterId id) {
        if (loaded.remove(id) == null || !(settings.adapters() instanceof SharedFolder)) {
            return;
        }
        try {
            // An unknown name is as good as an unloaded one.
            var _ = server.ask(server.post(UNLOAD, named(id), settings.keys().of(id.tenant())));
        } catch (InferenceException e) {
            // Nobody can ask for it there any more, and the server forgets it with its next start.
            LOG.warn("remote engine {} keeps the adapter {}: {}", settings.name(), nameOf(id), e.getMessage());
        }
    }

    /** Names are unique only within a tenant, and no tenant's name holds a colon; a Plumbline keeps tenants apart itself. */
    private String nameOf(AdapterId id) {
        return settings.dialect() == RemoteDialect.PLUMBLINE ? id.name() : id.tenant() + ":" + id.name();
    }

    private void requireListed(AdapterId id) {
        boolean own = settings.keys().ofTenants().containsKey(id.tenant());
        if (settings.dialect() == RemoteDialect.PLUMBLINE && !own) {
            throw refused(
                    ("is another Plumbline, where a fine-tuned model belongs to one tenant: it is asked for with a key"
                                    + " of the tenant %s there, or not at all; set the engine's tenant-keys.%s.")
                            .formatted(id.tenant(), id.tenant()));
        }
        if (card(id).isEmpty()) {
            throw refused("does not list the adapter '%s'; have it loaded there under that name first."
                    .formatted(nameOf(id)));
        }
    }

    private void load(AdapterId id, SharedFolder shared, Path folder) {
        String there;
        try {
            there = shared.pathThere(folder);
        } catch (IllegalArgumentException e) {
            throw refused("cannot read this adapter: %s.".formatted(e.getMessage()));
        }
        RemoteServer.Answer answer = server.ask(server.post(
                LOAD, named(id).put("lora_path", there), settings.keys().of(id.tenant())));
        if (answer.status() == 200) {
            return;
        }
        if (answer.status() == 400 && answer.text().contains("already been loaded")) {
            requireFrom(there, id);
            return;
        }
        throw refusal(answer);
    }

    /** A name is a version: one that is taken by other files is somebody's mistake, and their answers are not this adapter's. */
    private void requireFrom(String there, AdapterId id) {
        String root = card(id).map(card -> card.path("root").asText()).orElse(there);
        if (!root.equals(there)) {
            throw refused("serves other files under the name '%s'; have them unloaded there.".formatted(nameOf(id)));
        }
    }

    private InferenceException refusal(RemoteServer.Answer answer) {
        String said = RemoteFailures.message(answer.text());
        return switch (answer.status()) {
            case 401, 403 -> failures.ofKey(answer.status(), answer.text());
            case 404, 405 ->
                said.equals(NO_SUCH_PATH)
                        ? refused("takes no adapters at run time; start vLLM with --enable-lora and"
                                + " VLLM_ALLOW_RUNTIME_LORA_UPDATING=true.")
                        : refused("finds no adapter where adapters-folder-there says: " + said);
            case 400, 413, 422 -> refused("refuses the adapter: " + said);
            default ->
                // vLLM answers 500 to files it cannot use, and goes on serving.
                server.health() instanceof RemoteHealth.Up
                        ? refused("cannot load the adapter: " + said)
                        : failures.ofConnection(new IOException("status %d to an adapter".formatted(answer.status())));
        };
    }

    /** What the server lists under an adapter's name. */
    private Optional<JsonNode> card(AdapterId id) {
        JsonNode cards = server.modelCards(settings.keys().of(id.tenant()));
        for (JsonNode card : cards) {
            if (card.path("id").asText().equals(nameOf(id))) {
                return Optional.of(card);
            }
        }
        return Optional.empty();
    }

    private InferenceException.InvalidAdapter refused(String why) {
        return new InferenceException.InvalidAdapter("The engine '%s' %s".formatted(settings.name(), why));
    }

    private ObjectNode named(AdapterId id) {
        return JSON.createObjectNode().put("lora_name", nameOf(id));
    }
}
