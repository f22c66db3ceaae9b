package io.plumbline.console.dataset;

import io.plumbline.platform.blob.BlobConfig;
import io.plumbline.platform.blob.StorageFailed;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where a file lies while it comes in; what a process that was killed has left there is removed at the next start. */
@ApplicationScoped
public class UploadFolder {
    private static final Logger LOG = LoggerFactory.getLogger(UploadFolder.class);
    private static final String PREFIX = "console-";

    private final Path folder;

    @Inject
    UploadFolder(BlobConfig config) {
        this.folder = config.data().toAbsolutePath().resolve("uploads");
    }

    void clean(@Observes StartupEvent started) {
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (DirectoryStream<Path> leftovers = Files.newDirectoryStream(folder, PREFIX + "*")) {
            for (Path leftover : leftovers) {
                Files.deleteIfExists(leftover);
            }
        } catch (IOException e) {
            LOG.warn("what unfinished uploads have left stays on disk: {}", e.toString());
        }
    }

    /** @throws StorageFailed if the disk takes nothing */
    Path newFile() {
        try {
            return Files.createTempFile(Files.createDirectories(folder), PREFIX, "");
        } catch (IOException e) {
            throw new StorageFailed(e);
        }
    }

    void remove(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            LOG.warn("an uploaded file stays on disk until the next start: {}", e.toString());
        }
    }
}
