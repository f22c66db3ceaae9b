package io.plumbline.platform.catalogue;

import io.plumbline.inference.pool.remote.RemoteDialect;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * An engine elsewhere that serves some of the models: vLLM, MindIE, llama-server, another Plumbline, any OpenAI-compatible
 * server.
 */
public interface RemoteEngineConfig {
    /** Its root; {@code /v1/…} follows. */
    URI url();

    /** Sent as bearer token; from the environment or a secret store, never written into a file that is shared. */
    Optional<String> apiKey();

    /**
     * Sent in its place with the requests of single tenants, by tenant. Another Plumbline keeps tenants apart by their keys:
     * cached prefixes, fairness, usage, and fine-tuned models, which are reached by a key of their tenant alone.
     */
    Map<String, String> tenantKeys();

    /**
     * What it understands beyond the OpenAI API: {@code openai}, {@code plumbline}, {@code mindie}, {@code llama-cpp} or
     * {@code vllm}.
     */
    @WithDefault("openai")
    RemoteDialect dialect();

    /** What it serves, by the name that callers use here. */
    Map<String, Model> models();

    /** How it comes by adapters. */
    @WithDefault("none")
    AdapterDelivery adapters();

    /** With {@code shared-folder}: the folder {@code adapters} of this installation's data, as the engine sees it. */
    Optional<String> adaptersFolderThere();

    /** Whether prompts may travel unencrypted to another machine; only on a network you trust. */
    @WithDefault("false")
    boolean plainHttpAllowed();

    Limits limits();

    /** How an engine comes by adapters. */
    enum AdapterDelivery {
        /** It takes none. */
        NONE,
        /** Somebody loads them there, under the name {@code TENANT:ADAPTER}; another Plumbline has them by their names. */
        LISTED,
        /** It loads them itself from a folder that both see (vLLM). */
        SHARED_FOLDER
    }

    /** A model there. */
    interface Model {
        /** Its name there; the same as here unless given. */
        Optional<String> name();

        /** Positions, prompt and answer together. */
        int contextLength();

        /** Digest of the base model that adapters for it were trained on; needed where adapters are used. */
        Optional<String> sha256();
    }

    /** How long it may take, and how much it gets at a time. */
    interface Limits {
        @WithDefault("5s")
        Duration connect();

        @WithDefault("60s")
        Duration begin();

        @WithDefault("60s")
        Duration stall();

        @WithDefault("10m")
        Duration answer();

        @WithDefault("256")
        int maxRequests();
    }
}
