package io.plumbline.platform.finetuning;

import io.plumbline.inference.weights.FileDigest;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** The files of base models: {@code MODELS/ID.gguf}. */
@ApplicationScoped
class BaseModelFiles {
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");

    private final Path directory;
    private final Map<Path, Known> digests = new ConcurrentHashMap<>();

    @Inject
    BaseModelFiles(@ConfigProperty(name = "plumbline.models") Path directory) {
        this.directory = directory.toAbsolutePath().normalize();
    }

    /** A digest, and the state of the file for which it holds. */
    private record Known(long bytes, FileTime modified, String sha256) {}

    /** Empty if no base model has that id. */
    Optional<Path> find(String id) {
        if (!ID.matcher(id).matches()) {
            return Optional.empty();
        }
        return Optional.of(directory.resolve(id + ".gguf")).filter(Files::isRegularFile);
    }

    /** Lower-case hex; read anew only when the file changed. */
    String sha256(Path file) throws IOException {
        Known known = digests.get(file);
        long bytes = Files.size(file);
        FileTime modified = Files.getLastModifiedTime(file);
        if (known == null || known.bytes() != bytes || !known.modified().equals(modified)) {
            known = new Known(bytes, modified, FileDigest.of(file));
            digests.put(file, known);
        }
        return known.sha256();
    }
}
