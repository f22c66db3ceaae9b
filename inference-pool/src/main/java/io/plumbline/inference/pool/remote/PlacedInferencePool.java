package io.plumbline.inference.pool.remote;

import io.plumbline.inference.pool.AdapterId;
import io.plumbline.inference.pool.BaseModel;
import io.plumbline.inference.pool.Completion;
import io.plumbline.inference.pool.CompletionListener;
import io.plumbline.inference.pool.CompletionRequest;
import io.plumbline.inference.pool.InferencePool;
import io.plumbline.inference.pool.Prompt;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Engines of this machine and engines elsewhere as one pool: each model is served where the settings place it. */
public final class PlacedInferencePool implements InferencePool {
    private final InferencePool local;
    private final List<RemoteInferencePool> remotes;
    private final Map<String, RemoteInferencePool> placement = new HashMap<>();

    /**
     * Joins pools. A model placed on a remote engine is served there even if this machine has a file of that name.
     *
     * @param local gets everything that no remote engine serves; closed with this pool
     * @param remotes closed with this pool
     * @throws IllegalArgumentException if two remote engines serve the same model
     */
    public PlacedInferencePool(InferencePool local, List<RemoteInferencePool> remotes) {
        this.local = local;
        this.remotes = List.copyOf(remotes);
        for (RemoteInferencePool remote : remotes) {
            for (BaseModel model : remote.baseModels()) {
                RemoteInferencePool other = placement.putIfAbsent(model.id(), remote);
                if (other != null) {
                    throw new IllegalArgumentException("the model %s is placed on two engines, %s and %s; choose one"
                            .formatted(model.id(), other.name(), remote.name()));
                }
            }
        }
    }

    /** The engines elsewhere. */
    public List<RemoteInferencePool> remotes() {
        return remotes;
    }

    @Override
    public List<BaseModel> baseModels() {
        List<BaseModel> models = new ArrayList<>();
        remotes.forEach(remote -> models.addAll(remote.baseModels()));
        local.baseModels().stream()
                .filter(model -> !placement.containsKey(model.id()))
                .forEach(models::add);
        return models;
    }

    @Override
    public Completion submit(CompletionRequest request, CompletionListener listener) {
        return pool(request.baseModel()).submit(request, listener);
    }

    @Override
    public int countTokens(String baseModel, Prompt prompt) {
        return pool(baseModel).countTokens(baseModel, prompt);
    }

    @Override
    public void loadAdapter(AdapterId id, String baseModel, Path directory) {
        pool(baseModel).loadAdapter(id, baseModel, directory);
    }

    @Override
    public void unloadAdapter(AdapterId id) {
        local.unloadAdapter(id);
        remotes.forEach(remote -> remote.unloadAdapter(id));
    }

    @Override
    public void close() {
        remotes.forEach(RemoteInferencePool::close);
        local.close();
    }

    private InferencePool pool(String model) {
        RemoteInferencePool remote = placement.get(model);
        return remote == null ? local : remote;
    }
}
