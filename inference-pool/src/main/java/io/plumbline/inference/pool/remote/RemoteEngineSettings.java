package io.plumbline.inference.pool.remote;

import io.plumbline.inference.pool.remote.RemoteDialect.Ability;
import java.net.URI;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * One remote engine.
 *
 * @param name for messages, logs and health
 * @param address its root; {@code /v1/…} follows. Anything but this machine must be https, unless allowed otherwise
 * @param keys sent as bearer tokens, if it asks for them
 * @param dialect what it understands
 * @param models what it serves, at least one
 * @param adapters how it gets adapters
 * @param limits how long it may take, and how much it gets at a time
 */
public record RemoteEngineSettings(
        String name,
        URI address,
        RemoteKeys keys,
        RemoteDialect dialect,
        List<RemoteModel> models,
        RemoteAdapters adapters,
        RemoteLimits limits) {
    /** As a tenant's fine-tuned models are called: by Plumbline, and by us at other servers. */
    private static final Pattern TENANTS_MODEL = Pattern.compile("(?:[a-z0-9-]{1,63}:)?ft:.*");

    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]", "::1");

    public RemoteEngineSettings {
        models = List.copyOf(models);
        String scheme = String.valueOf(address.getScheme());
        if (address.getHost() == null || !scheme.matches("https?")) {
            throw new IllegalArgumentException(
                    "the address of the remote engine %s must be http(s)://HOST[:PORT], not %s"
                            .formatted(name, address));
        }
        if (address.getUserInfo() != null || address.getQuery() != null) {
            throw new IllegalArgumentException(
                    "the address of the remote engine %s must not hold secrets or queries; set its API key apart"
                            .formatted(name));
        }
        if (models.isEmpty()) {
            throw new IllegalArgumentException(
                    "the remote engine %s serves no model; list at least one".formatted(name));
        }
        if (adapters instanceof RemoteAdapters.SharedFolder && !dialect.can(Ability.LOADS_ADAPTERS)) {
            throw new IllegalArgumentException(
                    "the remote engine %s loads no adapters from a shared folder; that needs the dialect vllm"
                            .formatted(name));
        }
        if (!(adapters instanceof RemoteAdapters.None) && dialect == RemoteDialect.LLAMA_CPP) {
            throw new IllegalArgumentException(
                    "the remote engine %s takes no adapters of this installation: llama-server knows its own by numbers of its command line; set adapters to none"
                            .formatted(name));
        }
        Set<String> ids = new HashSet<>();
        for (RemoteModel model : models) {
            if (!ids.add(model.id())) {
                throw new IllegalArgumentException("the remote engine %s lists %s twice".formatted(name, model.id()));
            }
            if (TENANTS_MODEL.matcher(model.remoteName()).matches()) {
                throw new IllegalArgumentException(
                        "%s at the remote engine %s is a tenant's own, and a placed model is there for every tenant; reach it by a deployment"
                                .formatted(model.remoteName(), name));
            }
        }
    }

    /**
     * The same settings, if prompts and keys may travel as they say.
     *
     * @param plainAllowed whether the operator vouches for the network
     * @throws IllegalArgumentException if they would cross a network in the clear without that
     */
    public RemoteEngineSettings requireEncryption(boolean plainAllowed) {
        if (!plainAllowed && address.getScheme().equals("http") && !LOOPBACK.contains(address.getHost())) {
            throw new IllegalArgumentException(
                    "the remote engine %s at %s would get prompts unencrypted; use https, or set plain-http-allowed on a network you trust"
                            .formatted(name, address.getHost()));
        }
        return this;
    }

    /** The address of an API path such as {@code /v1/models}. */
    URI at(String path) {
        return URI.create(address.toString().replaceFirst("/+$", "") + path);
    }
}
