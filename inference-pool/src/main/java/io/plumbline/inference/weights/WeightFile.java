package io.plumbline.inference.weights;

import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/**
 * A model's tensors by name, whatever file holds them. Open files may be read by any number of threads; after
 * {@link #close} every segment handed out is invalid. A file must not be changed while it is open: shrinking a mapped
 * file makes the next access fail.
 */
public interface WeightFile extends AutoCloseable {
    /** The file, or the folder of a model in several files. */
    Path path();

    /** Names in file order. */
    Set<String> names();

    /** The tensor of that name, if there is one. */
    Optional<WeightTensor> find(String name);

    /**
     * The tensor of that name.
     *
     * @throws BrokenModelFileException if there is none
     */
    default WeightTensor tensor(String name) {
        return find(name)
                .orElseThrow(() -> new BrokenModelFileException(
                        path(),
                        -1,
                        "the tensor '%s' is missing".formatted(name),
                        "The file is incomplete or of another architecture; convert or download the model again."));
    }

    /** Unmaps the file. */
    @Override
    void close();
}
