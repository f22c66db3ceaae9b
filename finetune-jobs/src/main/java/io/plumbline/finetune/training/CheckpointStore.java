package io.plumbline.finetune.training;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The checkpoints of one run, each a folder {@code step-NNNNNNNN}. A checkpoint is written into a temporary folder,
 * forced to disk and renamed, so a folder with that name is always complete, whatever kills the process or fills the
 * disk. The last two are kept.
 */
final class CheckpointStore {
    private static final String PREFIX = "step-";
    private static final String TEMPORARY = ".writing-";
    private static final int KEPT = 2;

    private final Path directory;

    CheckpointStore(Path directory) {
        this.directory = directory;
    }

    /** Fills a new, empty folder. */
    @FunctionalInterface
    interface Content {
        void writeTo(Path folder) throws IOException;
    }

    /** A complete checkpoint; {@code step} = optimiser steps done. */
    record Stored(int step, Path folder) {}

    /**
     * Adds a checkpoint and removes those that are no longer needed.
     *
     * @throws IOException if it could not be written; earlier checkpoints are untouched then
     */
    Path write(int step, Content content) throws IOException {
        Files.createDirectories(directory);
        removeUnfinished();
        Path temporary = directory.resolve(TEMPORARY + step);
        Path target = directory.resolve("%s%08d".formatted(PREFIX, step));
        try {
            Files.createDirectory(temporary);
            content.writeTo(temporary);
            forceAll(temporary);
        } catch (IOException e) {
            removeQuietly(temporary, e);
            throw e;
        }
        // A resumed run may come past a step whose checkpoint exists already: its content is the same.
        if (Files.exists(target)) {
            remove(target);
        }
        Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
        force(directory);
        for (Stored old : stored().stream().skip(KEPT).toList()) {
            remove(old.folder());
        }
        return target;
    }

    /** The complete checkpoint with the most steps. */
    Optional<Stored> latest() throws IOException {
        return stored().stream().findFirst();
    }

    /** All complete checkpoints, latest first. */
    List<Stored> stored() throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.filter(p -> p.getFileName().toString().matches(PREFIX + "\\d{8,9}"))
                    .map(p -> new Stored(
                            Integer.parseInt(p.getFileName().toString().substring(PREFIX.length())), p))
                    .sorted(Comparator.comparingInt(Stored::step).reversed())
                    .toList();
        } catch (NoSuchFileException e) {
            return List.of();
        }
    }

    private void removeUnfinished() throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            for (Path entry : entries.filter(p -> p.getFileName().toString().startsWith(TEMPORARY))
                    .toList()) {
                remove(entry);
            }
        }
    }

    /** Forces every file of a folder, then the folder itself, to disk. */
    static void forceAll(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                force(file);
            }
        }
        force(folder);
    }

    private static void force(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private static void removeQuietly(Path folder, IOException reason) {
        try {
            remove(folder);
        } catch (IOException e) {
            reason.addSuppressed(e);
        }
    }

    /** Removes a flat folder of files, if it exists. */
    static void remove(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(folder);
    }
}
