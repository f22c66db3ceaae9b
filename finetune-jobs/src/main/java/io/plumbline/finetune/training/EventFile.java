package io.plumbline.finetune.training;

import io.plumbline.finetune.training.TrainingException.Kind;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** {@code events.jsonl} of an output folder: what a run reported, over all its interruptions. */
final class EventFile implements AutoCloseable {
    private final OutputStream file;
    private final EventSink lines;
    private boolean failed;

    private EventFile(OutputStream file) {
        this.file = file;
        this.lines = new JsonLinesSink(file);
    }

    /**
     * Opens it to append.
     *
     * @throws TrainingException if the folder cannot be written
     */
    static EventFile in(Path directory) {
        try {
            Files.createDirectories(directory);
            return new EventFile(Files.newOutputStream(
                    directory.resolve("events.jsonl"), StandardOpenOption.CREATE, StandardOpenOption.APPEND));
        } catch (IOException e) {
            throw new TrainingException(
                    Kind.OUTPUT,
                    "the output folder %s cannot be written: %s; choose another one or make it writable"
                            .formatted(directory, TrainingData.reason(e)),
                    e);
        }
    }

    /**
     * Writes each event here too after {@code first} took it. The first failure to write is thrown; after that the file
     * is left alone, so that the report of the failure still reaches {@code first}.
     */
    EventSink after(EventSink first) {
        return event -> {
            first.accept(event);
            if (!failed) {
                write(event);
            }
        };
    }

    private void write(TrainingEvent event) {
        try {
            lines.accept(event);
        } catch (UncheckedIOException e) {
            failed = true;
            throw e;
        }
    }

    @Override
    public void close() {
        try {
            file.close();
        } catch (IOException e) {
            failed = true; // every event was flushed when it was written; there is nothing left to lose
        }
    }
}
