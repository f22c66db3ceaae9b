package io.plumbline.inference.engine;

import io.plumbline.inference.pool.AdapterId;
import io.plumbline.inference.pool.InferenceException;
import io.plumbline.inference.weights.BrokenModelFileException;
import io.plumbline.inference.weights.FileDigest;
import io.plumbline.inference.weights.PeftAdapter;
import io.plumbline.inference.weights.PeftAdapterFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The adapters that callers loaded and did not unload. One may leave memory when it is idle and comes back from its
 * folder when it is wanted, but only if not a byte of its files has changed. Thread-safe.
 */
final class RegisteredAdapters {
    private static final Logger LOG = LoggerFactory.getLogger(RegisteredAdapters.class);

    private final Map<AdapterId, Registered> adapters = new ConcurrentHashMap<>();

    /**
     * Where an adapter comes from.
     *
     * @param baseModel the model it belongs to
     * @param digest of its files when it was first read
     * @param loading held by whoever loads it
     */
    record Registered(AdapterId id, String baseModel, Path folder, String digest, Object loading) {}

    /**
     * Reads an adapter for the first time; it counts as registered after {@link #add}.
     *
     * @throws InferenceException.InvalidAdapter if it is broken
     */
    Registered describe(AdapterId id, String baseModel, Path folder) {
        try {
            read(folder); // a broken adapter is told as such, not as a missing file
            return new Registered(id, baseModel, folder, digest(folder), new Object());
        } catch (IOException e) {
            throw unreadable(id, folder, e);
        }
    }

    void add(Registered adapter) {
        adapters.put(adapter.id(), adapter);
    }

    Optional<Registered> find(AdapterId id) {
        return Optional.ofNullable(adapters.get(id));
    }

    void remove(AdapterId id) {
        adapters.remove(id);
    }

    /**
     * The weights of an adapter.
     *
     * @throws InferenceException.InvalidAdapter if they are not what they were
     */
    PeftAdapter read(Registered adapter) {
        try {
            if (!digest(adapter.folder()).equals(adapter.digest())) {
                throw new InferenceException.InvalidAdapter(
                        "The files of the adapter '%s' have changed since it was loaded; load it again."
                                .formatted(adapter.id().name()));
            }
            return read(adapter.folder());
        } catch (IOException e) {
            throw unreadable(adapter.id(), adapter.folder(), e);
        }
    }

    private static String digest(Path folder) throws IOException {
        return FileDigest.of(folder.resolve(PeftAdapterFolder.CONFIG))
                + FileDigest.of(folder.resolve(PeftAdapterFolder.WEIGHTS));
    }

    private static PeftAdapter read(Path folder) throws IOException {
        try {
            return PeftAdapterFolder.read(folder);
        } catch (BrokenModelFileException e) {
            throw new InferenceException.InvalidAdapter(String.valueOf(e.getMessage()));
        }
    }

    private static InferenceException unreadable(AdapterId id, Path folder, IOException cause) {
        LOG.warn("adapter {} of {} cannot be read from {}", id.name(), id.tenant(), folder, cause);
        return new InferenceException.InvalidAdapter(
                "The files of the adapter '%s' cannot be read; upload it again.".formatted(id.name()));
    }
}
