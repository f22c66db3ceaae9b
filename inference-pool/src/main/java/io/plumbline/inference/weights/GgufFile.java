package io.plumbline.inference.weights;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A GGUF file, version 2 or 3, mapped into memory (specification: {@code docs/gguf.md} of the ggml project). Opening
 * reads and checks the header, all metadata and the place of every tensor, and not a byte of the weights.
 */
public final class GgufFile implements WeightFile {
    private final MappedFile mapped;
    private final MemorySegment header;
    private final GgufMetadata metadata;
    private final Map<String, WeightTensor> tensors;

    private GgufFile(MappedFile mapped, GgufReader reader) {
        this.mapped = mapped;
        this.header = reader.header();
        this.metadata = new GgufMetadata(mapped.path(), reader.metadata());
        this.tensors = Collections.unmodifiableMap(reader.tensors());
    }

    /**
     * Maps and checks a file.
     *
     * @throws BrokenModelFileException if it is no GGUF file that this product reads
     * @throws IOException if it cannot be read at all
     */
    public static GgufFile open(Path path) throws IOException {
        MappedFile mapped = MappedFile.open(path);
        try {
            GgufReader reader = new GgufReader(path, mapped.bytes());
            reader.read();
            return new GgufFile(mapped, reader);
        } catch (RuntimeException e) {
            mapped.close();
            throw e;
        }
    }

    public GgufMetadata metadata() {
        return metadata;
    }

    /**
     * Gives back the memory of the metadata's pages, tens of megabytes where the vocabulary is large. They can still be
     * read, from the file again.
     */
    public void unloadMetadata() {
        header.unload();
    }

    @Override
    public Path path() {
        return mapped.path();
    }

    @Override
    public Set<String> names() {
        return tensors.keySet();
    }

    @Override
    public Optional<WeightTensor> find(String name) {
        return Optional.ofNullable(tensors.get(name));
    }

    @Override
    public void close() {
        mapped.close();
    }
}
