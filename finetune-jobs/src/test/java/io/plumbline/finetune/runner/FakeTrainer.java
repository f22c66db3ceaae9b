package io.plumbline.finetune.runner;

import io.plumbline.finetune.training.TrainingEvent;
import io.plumbline.finetune.training.TrainingJson;
import io.plumbline.finetune.training.TrainingSpec;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PipedReader;
import java.io.PipedWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** A trainer that says what the test makes it say, and ends when the test or the runner wants it to. */
final class FakeTrainer implements TrainerLauncher, TrainerProcess {
    /** Large enough that a script fits in without a reader. */
    private static final int PIPE = 1 << 16;

    private final PipedWriter output = new PipedWriter();
    private final PipedReader input;
    private final CompletableFuture<Integer> exit = new CompletableFuture<>();
    final CompletableFuture<TrainingSpec> started = new CompletableFuture<>();
    final CompletableFuture<Boolean> askedToEnd = new CompletableFuture<>();
    private Optional<TrainingEvent> farewell = Optional.empty();
    private boolean deaf;

    FakeTrainer() {
        try {
            input = new PipedReader(output, PIPE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    FakeTrainer says(TrainingEvent event) {
        return writes(TrainingJson.write(event) + "\n");
    }

    FakeTrainer writes(String text) {
        try {
            output.write(text);
            output.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    FakeTrainer ends(int exitCode) {
        try {
            output.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        exit.complete(exitCode);
        return this;
    }

    /** On SIGTERM it reports this and ends. */
    FakeTrainer saysGoodbyeWith(TrainingEvent event) {
        farewell = Optional.of(event);
        return this;
    }

    /** It does not react to SIGTERM. */
    FakeTrainer isDeaf() {
        deaf = true;
        return this;
    }

    @Override
    public TrainerProcess start(TrainingSpec spec, Workspace workspace) {
        started.complete(spec);
        return this;
    }

    @Override
    public BufferedReader events() {
        return new BufferedReader(input);
    }

    @Override
    public void terminate() {
        askedToEnd.complete(true);
        if (!deaf) {
            farewell.ifPresent(this::says);
            ends(75);
        }
    }

    @Override
    public void kill() {
        if (!exit.isDone()) {
            ends(137);
        }
    }

    @Override
    public int exitCode() {
        return exit.join();
    }

    @Override
    public List<String> lastWords() {
        return List.of("said at last");
    }

    @Override
    public void close() {
        kill();
    }
}
