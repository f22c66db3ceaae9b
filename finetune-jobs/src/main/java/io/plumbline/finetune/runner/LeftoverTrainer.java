package io.plumbline.finetune.runner;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees to it that only one trainer ever works in a workspace. Trainers end by themselves when their parent is gone; this
 * is for one that has not noticed yet. Process ids are used again by operating systems, so the time of its start must
 * match too.
 */
final class LeftoverTrainer {
    private static final Logger LOG = LoggerFactory.getLogger(LeftoverTrainer.class);
    private static final int WAIT_SECONDS = 10;

    private LeftoverTrainer() {}

    static void remember(Path file, ProcessHandle process) throws IOException {
        Files.writeString(file, identity(process));
    }

    /** @throws IOException if a leftover trainer does not end */
    static void end(Path file) throws IOException {
        Optional<ProcessHandle> leftover = read(file);
        if (leftover.isEmpty()) {
            return;
        }
        LOG.warn(
                "ending trainer {} of an earlier life of this server",
                leftover.get().pid());
        leftover.get().destroyForcibly();
        try {
            leftover.get().onExit().get(WAIT_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while a leftover trainer ended", e);
        } catch (java.util.concurrent.ExecutionException | java.util.concurrent.TimeoutException e) {
            throw new IOException("an earlier trainer of this job does not end", e);
        }
    }

    private static Optional<ProcessHandle> read(Path file) throws IOException {
        String identity;
        try {
            identity = Files.readString(file).strip();
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
        int space = identity.indexOf(' ');
        if (space < 1 || !identity.substring(0, space).chars().allMatch(Character::isDigit)) {
            return Optional.empty();
        }
        return ProcessHandle.of(Long.parseLong(identity.substring(0, space)))
                .filter(process -> identity(process).equals(identity));
    }

    private static String identity(ProcessHandle process) {
        return process.pid() + " "
                + process.info().startInstant().map(Object::toString).orElse("unknown");
    }
}
