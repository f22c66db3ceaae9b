package io.plumbline.platform.catalogue;

import io.plumbline.inference.engine.LocalInferencePool;
import io.plumbline.inference.pool.BaseModel;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/** The base models of this installation, for people. */
@ApplicationScoped
public class BaseModels {
    private final LocalInferencePool pool;
    private final Path directory;

    @Inject
    BaseModels(LocalInferencePool pool, PoolConfig config) {
        this.pool = pool;
        this.directory = config.models();
    }

    /**
     * A base model.
     *
     * @param bytes size of its file; empty if it cannot be read just now
     * @param backend what computes it; empty while it is not loaded, which happens with the first request
     */
    public record Card(BaseModel model, OptionalLong bytes, Optional<String> backend) {}

    public List<Card> list() {
        Map<String, String> backends = pool.backends();
        return pool.baseModels().stream()
                .map(model -> new Card(model, bytes(model), Optional.ofNullable(backends.get(model.id()))))
                .toList();
    }

    /** Files that are no usable model, and why. */
    public Map<String, String> unusable() {
        Map<String, String> unusable = new TreeMap<>();
        pool.unusableFiles().forEach((file, why) -> unusable.put(String.valueOf(file.getFileName()), why));
        return unusable;
    }

    private OptionalLong bytes(BaseModel model) {
        try {
            return OptionalLong.of(Files.size(directory.resolve(model.id() + ".gguf")));
        } catch (IOException unreadable) {
            return OptionalLong.empty();
        }
    }
}
