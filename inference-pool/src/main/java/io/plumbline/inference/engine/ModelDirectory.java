package io.plumbline.inference.engine;

import io.plumbline.inference.model.ModelConfig;
import io.plumbline.inference.model.ModelPlan;
import io.plumbline.inference.model.UnsupportedModelException;
import io.plumbline.inference.pool.BaseModel;
import io.plumbline.inference.weights.BrokenModelFileException;
import io.plumbline.inference.weights.FileDigest;
import io.plumbline.inference.weights.GgufFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The base models in a directory: every {@code NAME.gguf} is the model {@code NAME}. The directory is looked at again
 * whenever it is asked, so that a file put there later is found; a file is read and digested once, until its size or
 * time changes. A file that cannot be run is reported and left out. Thread-safe.
 */
final class ModelDirectory {
    private static final Logger LOG = LoggerFactory.getLogger(ModelDirectory.class);
    private static final String SUFFIX = ".gguf";

    private final Path directory;
    private final EngineLimits limits;
    private final Map<Path, Entry> entries = new TreeMap<>();

    /** A model that can be run, and what it takes. */
    record Found(BaseModel model, ModelFootprint footprint) {}

    /** What a file was when it was looked at, and what came out. */
    private record Entry(long size, FileTime time, Optional<Found> found, String problem) {}

    /** @param limits of the engines that serve the models */
    ModelDirectory(Path directory, EngineLimits limits) {
        this.directory = directory;
        this.limits = limits;
    }

    /** The models that can be run, by name. */
    synchronized List<BaseModel> models() {
        refresh();
        return entries.values().stream()
                .flatMap(e -> e.found().stream())
                .map(Found::model)
                .toList();
    }

    /** The files that cannot be run, each with the reason and the remedy. */
    synchronized Map<Path, String> problems() {
        refresh();
        return entries.entrySet().stream()
                .filter(e -> e.getValue().found().isEmpty())
                .collect(Collectors.toMap(Map.Entry::getKey, e -> e.getValue().problem()));
    }

    synchronized Optional<Found> find(String id) {
        refresh();
        return Optional.ofNullable(entries.get(file(id))).flatMap(Entry::found);
    }

    /** The file of a model. */
    Path file(String id) {
        return directory.resolve(id + SUFFIX);
    }

    private void refresh() {
        Map<Path, Entry> found = new TreeMap<>();
        for (Path file : files()) {
            try {
                long size = Files.size(file);
                FileTime time = Files.getLastModifiedTime(file);
                Entry known = entries.get(file);
                boolean unchanged =
                        known != null && known.size() == size && known.time().equals(time);
                found.put(file, unchanged ? known : read(file, size, time));
            } catch (IOException e) {
                LOG.warn("model file {} cannot be read: {}", file, e.getMessage());
            }
        }
        entries.clear();
        entries.putAll(found);
    }

    private List<Path> files() {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.getFileName().toString().endsWith(SUFFIX))
                    .filter(Files::isRegularFile)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("the model directory %s cannot be listed".formatted(directory), e);
        }
    }

    private Entry read(Path file, long size, FileTime time) throws IOException {
        Function<RuntimeException, Entry> broken = e -> {
            LOG.warn("model file {} is left out: {}", file, e.getMessage());
            return new Entry(size, time, Optional.empty(), String.valueOf(e.getMessage()));
        };
        try (GgufFile gguf = GgufFile.open(file)) {
            ModelPlan plan = ModelConfig.of(gguf).plan();
            String name = file.getFileName().toString();
            BaseModel model = new BaseModel(
                    name.substring(0, name.length() - SUFFIX.length()),
                    plan.architecture().ggufName(),
                    Math.min(plan.contextLength(), limits.cacheTokens()),
                    plan.vocabulary(),
                    FileDigest.of(file),
                    gguf.metadata().text("tokenizer.chat_template").isPresent(),
                    plan.modules(0).stream()
                            .map(module -> module.module().moduleName())
                            .toList());
            return new Entry(size, time, Optional.of(new Found(model, ModelFootprint.of(plan, size, limits))), "");
        } catch (BrokenModelFileException e) {
            return broken.apply(e);
        } catch (UnsupportedModelException e) {
            return broken.apply(e);
        }
    }
}
