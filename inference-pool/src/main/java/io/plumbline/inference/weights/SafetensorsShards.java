package io.plumbline.inference.weights;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The tensors of a model in Hugging Face layout that is saved in several files, with an index that says which tensor is
 * where: the layout of transformers' {@code save_pretrained}.
 */
public final class SafetensorsShards implements WeightFile {
    /** Where a model in one file keeps its tensors. */
    public static final String SINGLE = "model.safetensors";

    private static final String INDEX = "model.safetensors.index.json";
    private static final String REMEDY = "Download all files of the model again.";
    private static final long MAX_INDEX_BYTES = 64L << 20;

    private final Path folder;
    private final Map<String, SafetensorsFile> files;
    private final Map<String, SafetensorsFile> fileOfTensor = new LinkedHashMap<>();

    private SafetensorsShards(Path folder, Map<String, SafetensorsFile> files) {
        this.folder = folder;
        this.files = files;
    }

    /**
     * Maps the tensors of a folder, in one file or in several.
     *
     * @throws BrokenModelFileException if a file is damaged, or the index and the files contradict each other
     * @throws IOException if a file cannot be read at all
     */
    public static WeightFile open(Path folder) throws IOException {
        Path index = folder.resolve(INDEX);
        if (Files.exists(folder.resolve(SINGLE)) || !Files.exists(index)) {
            return SafetensorsFile.open(folder.resolve(SINGLE));
        }
        Map<String, String> places = places(index);
        SafetensorsShards shards = new SafetensorsShards(folder, new TreeMap<>());
        try {
            for (String name : new TreeSet<>(places.values())) {
                shards.files.put(name, SafetensorsFile.open(folder.resolve(name)));
            }
            shards.index(index, places);
            return shards;
        } catch (IOException | RuntimeException e) {
            shards.close();
            throw e;
        }
    }

    /** The file of every tensor; names of files that are not in the folder itself are refused. */
    private static Map<String, String> places(Path index) throws IOException {
        if (Files.size(index) > MAX_INDEX_BYTES) {
            throw new BrokenModelFileException(index, -1, "the index has more than 64 MiB", REMEDY);
        }
        JsonNode map;
        try {
            map = StrictJson.parse(Files.readAllBytes(index)).path("weight_map");
        } catch (JsonProcessingException e) {
            throw new BrokenModelFileException(index, -1, "this is no valid JSON: " + e.getOriginalMessage(), REMEDY);
        }
        if (!map.isObject() || map.isEmpty()) {
            throw new BrokenModelFileException(index, -1, "the index has no 'weight_map'", REMEDY);
        }
        Map<String, String> places = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> entry : map.properties()) {
            String name = entry.getValue().asText();
            if (!name.matches("[A-Za-z0-9_-][A-Za-z0-9._-]{0,200}\\.safetensors")) {
                throw new BrokenModelFileException(
                        index, -1, "'%s' is no name of a file beside the index".formatted(name), REMEDY);
            }
            places.put(entry.getKey(), name);
        }
        return places;
    }

    private void index(Path index, Map<String, String> places) {
        places.forEach((tensor, name) -> {
            SafetensorsFile file = files.get(name);
            if (file == null || file.any(tensor).isEmpty()) {
                throw new BrokenModelFileException(
                        index, -1, "the tensor '%s' is not in %s".formatted(tensor, name), REMEDY);
            }
            fileOfTensor.put(tensor, file);
        });
        files.forEach((name, file) -> file.names().forEach(tensor -> {
            if (!name.equals(places.get(tensor))) {
                throw new BrokenModelFileException(
                        index, -1, "the tensor '%s' of %s is not where the index says".formatted(tensor, name), REMEDY);
            }
        }));
    }

    @Override
    public Path path() {
        return folder;
    }

    @Override
    public Set<String> names() {
        return Collections.unmodifiableSet(fileOfTensor.keySet());
    }

    @Override
    public Optional<WeightTensor> find(String name) {
        SafetensorsFile file = fileOfTensor.get(name);
        return file == null ? Optional.empty() : file.find(name);
    }

    @Override
    public void close() {
        files.values().forEach(SafetensorsFile::close);
    }
}
