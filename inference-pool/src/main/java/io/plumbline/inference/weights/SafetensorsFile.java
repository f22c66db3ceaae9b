package io.plumbline.inference.weights;

import io.plumbline.inference.quant.QuantFormat;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A safetensors file mapped into memory (format: the README of the safetensors project). As a {@link WeightFile} it
 * shows its F32, F16 and BF16 tensors; {@link #any} reaches the others too.
 */
public final class SafetensorsFile implements WeightFile {
    private final MappedFile mapped;
    private final Map<String, String> metadata;
    private final Map<String, SafetensorsTensor> tensors;

    private SafetensorsFile(MappedFile mapped, Map<String, String> metadata, Map<String, SafetensorsTensor> tensors) {
        this.mapped = mapped;
        this.metadata = Collections.unmodifiableMap(metadata);
        this.tensors = Collections.unmodifiableMap(tensors);
    }

    /**
     * Maps and checks a file.
     *
     * @throws BrokenModelFileException if it is no safetensors file that this product reads
     * @throws IOException if it cannot be read at all
     */
    public static SafetensorsFile open(Path path) throws IOException {
        MappedFile mapped = MappedFile.open(path);
        try {
            SafetensorsHeader header = SafetensorsHeader.read(path, mapped.bytes());
            return new SafetensorsFile(mapped, header.metadata(), header.tensors());
        } catch (RuntimeException e) {
            mapped.close();
            throw e;
        }
    }

    /** The free texts of {@code __metadata__}. */
    public Map<String, String> metadata() {
        return metadata;
    }

    @Override
    public Path path() {
        return mapped.path();
    }

    @Override
    public Set<String> names() {
        return tensors.keySet();
    }

    /** The tensor of that name, whatever its type. */
    public Optional<SafetensorsTensor> any(String name) {
        return Optional.ofNullable(tensors.get(name));
    }

    /**
     * The tensor of that name, whatever its type.
     *
     * @throws BrokenModelFileException if there is none
     */
    public SafetensorsTensor require(String name) {
        return any(name)
                .orElseThrow(() -> new BrokenModelFileException(
                        path(), -1, "the tensor '%s' is missing".formatted(name), "Use the complete file."));
    }

    /**
     * {@inheritDoc}
     *
     * @throws BrokenModelFileException if the tensor is empty or its type is none that weights have
     */
    @Override
    public Optional<WeightTensor> find(String name) {
        return any(name).map(tensor -> {
            QuantFormat format = tensor.type()
                    .weightFormat()
                    .orElseThrow(() -> new BrokenModelFileException(
                            path(),
                            -1,
                            "the tensor '%s' has the type %s, which weights do not have".formatted(name, tensor.type()),
                            "Save the model as F32, F16 or BF16."));
            if (tensor.data().byteSize() == 0) {
                throw new BrokenModelFileException(
                        path(), -1, "the tensor '%s' is empty".formatted(name), "Save the model again.");
            }
            try {
                return new WeightTensor(name, format, tensor.shape(), tensor.data());
            } catch (ArithmeticException | IllegalArgumentException e) {
                throw new BrokenModelFileException(
                        path(),
                        -1,
                        "the tensor '%s' has the shape %s, which no weight has".formatted(name, tensor.shape()),
                        "Save the model again.");
            }
        });
    }

    @Override
    public void close() {
        mapped.close();
    }
}
