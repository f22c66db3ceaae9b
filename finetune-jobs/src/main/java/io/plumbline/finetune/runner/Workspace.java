package io.plumbline.finetune.runner;

import io.plumbline.finetune.job.JobId;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/**
 * The files of one job while it is worked on.
 *
 * @param directory its own
 */
record Workspace(Path directory) {
    static Workspace of(Path jobs, JobId job) {
        return new Workspace(jobs.resolve(job.value()));
    }

    Path spec() {
        return directory.resolve("spec.json");
    }

    Path trainingFile() {
        return directory.resolve("training.jsonl");
    }

    Path validationFile() {
        return directory.resolve("validation.jsonl");
    }

    /** Checkpoints and the adapter. */
    Path output() {
        return directory.resolve("output");
    }

    /** What trainers wrote to standard error. */
    Path log() {
        return directory.resolve("trainer.log");
    }

    /** Which process trains. */
    Path process() {
        return directory.resolve("trainer.process");
    }

    void create() throws IOException {
        Files.createDirectories(output());
    }

    /** Deletes everything; nothing happens if there is nothing. */
    void discard() throws IOException {
        try {
            Files.walkFileTree(directory, new DeletingVisitor());
        } catch (NoSuchFileException e) {
            // Already gone, which is what was wanted.
            return;
        }
    }

    private static final class DeletingVisitor extends SimpleFileVisitor<Path> {
        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
            Files.deleteIfExists(file);
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure) throws IOException {
            Files.deleteIfExists(directory);
            return FileVisitResult.CONTINUE;
        }
    }
}
