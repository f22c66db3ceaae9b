package io.plumbline.finetune.training;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Holds an output folder for one trainer. The operating system releases it with the process, so a killed trainer leaves
 * nothing behind; a successor waits a moment for a predecessor that is about to end.
 */
final class RunLock implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(200);

    private final FileChannel channel;

    private RunLock(FileChannel channel) {
        this.channel = channel;
    }

    /**
     * Takes the lock.
     *
     * @throws TrainingException if another trainer still holds it after {@code patience}
     * @throws IOException if the folder cannot be written
     */
    static RunLock acquire(Path directory, Duration patience) throws IOException {
        Files.createDirectories(directory);
        FileChannel channel =
                FileChannel.open(directory.resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            long deadline = System.nanoTime() + patience.toNanos();
            while (tryLock(channel) == null) {
                if (System.nanoTime() > deadline) {
                    throw new TrainingException(
                            TrainingException.Kind.OUTPUT,
                            "another trainer is at work in %s; wait for it or choose another output folder"
                                    .formatted(directory));
                }
                Thread.sleep(POLL);
            }
            return new RunLock(channel);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            channel.close();
            throw new TrainingException(TrainingException.Kind.OUTPUT, "interrupted while waiting for " + directory, e);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null; // another trainer in this very process
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
