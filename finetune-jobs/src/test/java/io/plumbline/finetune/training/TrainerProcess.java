package io.plumbline.finetune.training;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The trainer as its users run it: a child process that is watched through its standard output. */
final class TrainerProcess implements AutoCloseable {
    private final Process process;
    private final BufferedReader events;
    private final List<TrainingEvent> seen = new ArrayList<>();

    TrainerProcess(Path folder, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-Xmx256m",
                "-cp",
                System.getProperty("java.class.path"),
                TrainCommand.class.getName(),
                "--json"));
        command.addAll(List.of(arguments));
        process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectError(folder.resolve("trainer.log").toFile())
                .start();
        events = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    /** Reads events up to one that {@code wanted} accepts; fails if the process ends before. */
    TrainingEvent await(Predicate<TrainingEvent> wanted) throws IOException {
        while (true) {
            TrainingEvent event = next();
            if (event == null) {
                throw new AssertionError("the trainer ended without the awaited event: " + seen);
            }
            if (wanted.test(event)) {
                return event;
            }
        }
    }

    private @Nullable TrainingEvent next() throws IOException {
        String line = events.readLine();
        if (line == null) {
            return null;
        }
        try {
            TrainingEvent event = TrainingJson.event(line);
            seen.add(event);
            return event;
        } catch (JsonProcessingException e) {
            throw new AssertionError("not an event: " + line, e);
        }
    }

    /** Reads all remaining events and returns the exit code. */
    int awaitEnd() throws IOException, InterruptedException {
        while (next() != null) {
            // every event is kept
        }
        process.waitFor(60, TimeUnit.SECONDS);
        return process.exitValue();
    }

    List<TrainingEvent> seen() {
        return List.copyOf(seen);
    }

    <T extends TrainingEvent> List<T> seen(Class<T> kind) {
        return seen.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    /** SIGKILL. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** SIGTERM. */
    void terminate() {
        process.toHandle().destroy(); // unlike Process.destroy it leaves the streams open
    }

    /** Closes the trainer's standard input, as the death of its parent does. */
    void closeInput() throws IOException {
        process.getOutputStream().close();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
