package io.plumbline.inference.pool;

import java.nio.file.Path;
import java.util.List;

/** Everything that can generate text in this installation. Thread-safe. */
public interface InferencePool extends AutoCloseable {
    /** The base models that are loaded or can be loaded on demand. */
    List<BaseModel> baseModels();

    /**
     * Queues a request; rendering and tokenising happen on the calling thread, before this returns.
     *
     * @throws InferenceException if the request is refused at the door; later failures go to the listener
     */
    Completion submit(CompletionRequest request, CompletionListener listener);

    /**
     * Tokens that a prompt has for a base model.
     *
     * @throws InferenceException if the model is unknown or the prompt cannot be rendered
     */
    int countTokens(String baseModel, Prompt prompt);

    /**
     * Loads an adapter (PEFT format: {@code adapter_config.json} and {@code adapter_model.safetensors}) for a base model
     * while other requests go on. Loading the same id again is a no-op.
     *
     * @throws InferenceException.InvalidAdapter if it does not fit the model
     */
    void loadAdapter(AdapterId id, String baseModel, Path directory);

    /** Unloads an adapter once no running request uses it. Unknown ids are ignored. */
    void unloadAdapter(AdapterId id);

    @Override
    void close();
}
