package io.plumbline.finetune.training;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** Writes events as JSON, one a line, each flushed. */
public final class JsonLinesSink implements EventSink {
    private final OutputStream target;

    public JsonLinesSink(OutputStream target) {
        this.target = target;
    }

    /**
     * Writes one line.
     *
     * @throws UncheckedIOException if it cannot be written
     */
    @Override
    public void accept(TrainingEvent event) {
        try {
            // One write per line, so that a killed process leaves at most one incomplete last line.
            target.write((TrainingJson.write(event) + "\n").getBytes(StandardCharsets.UTF_8));
            target.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
