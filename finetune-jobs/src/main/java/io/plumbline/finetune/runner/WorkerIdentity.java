package io.plumbline.finetune.runner;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A name for this worker that survives its restarts: whoever holds the lock of the file has the name in it, and the
 * operating system lets go of the lock however the process ends. So a worker that comes back knows that the leases of
 * that name are its own.
 */
final class WorkerIdentity implements AutoCloseable {
    private static final int MAX_WORKERS = 64;

    private final String name;
    private final FileChannel channel;

    private WorkerIdentity(String name, FileChannel channel) {
        this.name = name;
        this.channel = channel;
    }

    /** Takes the first free name among those of a data directory. */
    static WorkerIdentity acquire(Path directory) throws IOException {
        Files.createDirectories(directory);
        for (int i = 0; i < MAX_WORKERS; i++) {
            WorkerIdentity identity = tryAcquire(directory.resolve("worker-%d.lock".formatted(i)));
            if (identity != null) {
                return identity;
            }
        }
        throw new IOException("%d workers use %s already".formatted(MAX_WORKERS, directory));
    }

    private static @Nullable WorkerIdentity tryAcquire(Path file) throws IOException {
        FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        boolean kept = false;
        try {
            FileLock lock = channel.tryLock();
            if (lock == null) {
                return null;
            }
            kept = true;
            return new WorkerIdentity(nameIn(channel), channel);
        } catch (OverlappingFileLockException e) {
            return null;
        } finally {
            if (!kept) {
                channel.close();
            }
        }
    }

    private static String nameIn(FileChannel channel) throws IOException {
        ByteBuffer content = ByteBuffer.allocate(64);
        channel.read(content, 0);
        String name = new String(content.array(), 0, content.position(), StandardCharsets.US_ASCII).strip();
        if (!name.isEmpty()) {
            return name;
        }
        String fresh = UUID.randomUUID().toString();
        channel.write(ByteBuffer.wrap(fresh.getBytes(StandardCharsets.US_ASCII)), 0);
        channel.force(true);
        return fresh;
    }

    String name() {
        return name;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
