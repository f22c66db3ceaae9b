package io.plumbline.finetune.training;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.plumbline.finetune.training.TrainingException.Kind;
import io.plumbline.inference.kernel.BackendOptions;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * The trainer process. With {@code --spec} or {@code --json} it speaks {@link TrainingEvent}s, one JSON object a line, on
 * standard output and nothing else goes there; otherwise it writes for a person. Events also go to {@code events.jsonl}
 * in the output folder. Exit codes: {@link ExitCode}.
 */
@Command(
        name = "train",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Fine-tunes a LoRA adapter over a quantised base model.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:done, the adapter is written",
            "64:an option or the spec is wrong",
            "65:the data are wrong; lines and fields are listed, nothing was trained",
            "66:a file cannot be read or used",
            "69:the kernel backend cannot run here",
            "70:a fault of the trainer",
            "73:the output folder cannot be written (disk full) or belongs to another run; checkpoints are intact",
            "75:ended on request after a checkpoint; the same command goes on",
            "76:training diverged"
        })
public final class TrainCommand implements Callable<Integer> {
    private static final Logger LOG = LoggerFactory.getLogger(TrainCommand.class);

    @ArgGroup(multiplicity = "1")
    @SuppressWarnings("NullAway.Init") // picocli requires it
    private Source source;

    @Option(names = "--threads", description = "worker threads (default: all processors)")
    private @Nullable Integer threads;

    @Option(names = "--json", description = "events as JSON lines on standard output")
    private boolean json;

    @Option(names = "--die-with-parent", description = "end when standard input is closed")
    private boolean dieWithParent;

    private final StopSignal stop = new StopSignal();
    private final PrintStream out;

    TrainCommand(PrintStream out) {
        this.out = out;
    }

    /** Where the settings come from. */
    static final class Source {
        @Option(names = "--spec", paramLabel = "FILE", description = "training spec, JSON; implies --json")
        private @Nullable Path spec;

        @ArgGroup(exclusive = false)
        private @Nullable TrainOptions options;
    }

    public static void main(String[] arguments) {
        // Libraries that log to standard output must not mix with the events.
        PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), false, StandardCharsets.UTF_8);
        System.setOut(System.err);
        var command = new TrainCommand(out);
        // halt, not exit: after SIGTERM the shutdown is under way already and would wait for this thread for ever.
        int code = new CommandLine(command)
                .setOut(new PrintWriter(out, true, StandardCharsets.UTF_8))
                .setExitCodeExceptionMapper(e -> ExitCode.INTERNAL.number())
                .setParameterExceptionHandler(TrainCommand::usage)
                .execute(arguments);
        out.flush();
        System.err.flush();
        Runtime.getRuntime().halt(code);
    }

    private static int usage(CommandLine.ParameterException e, String[] arguments) {
        e.getCommandLine().getErr().println(e.getMessage());
        e.getCommandLine().getErr().println("Try --help.");
        return ExitCode.USAGE.number();
    }

    @Override
    public Integer call() {
        new Lifeline(stop).watch(Thread.currentThread(), dieWithParent);
        EventSink console = json || source.spec != null ? new JsonLinesSink(out) : new ProgressSink(out);
        try {
            TrainingSpec spec = spec();
            try (EventFile file = EventFile.in(spec.outputDirectory());
                    Heartbeat events = new Heartbeat(file.after(console), Heartbeat.SILENCE)) {
                return run(spec, events).number();
            }
        } catch (TrainingException e) {
            console.accept(new TrainingEvent.Failed(String.valueOf(e.getMessage())));
            return ExitCode.of(e.kind()).number();
        }
    }

    private ExitCode run(TrainingSpec spec, EventSink events) {
        try {
            return switch (new TrainingRun(spec, backendOptions(), events, stop).run()) {
                case FINISHED -> ExitCode.FINISHED;
                case STOPPED -> ExitCode.STOPPED;
            };
        } catch (TrainingException e) {
            events.accept(new TrainingEvent.Failed(String.valueOf(e.getMessage())));
            return ExitCode.of(e.kind());
        } catch (RuntimeException | OutOfMemoryError e) {
            LOG.error("training failed", e);
            events.accept(new TrainingEvent.Failed(
                    "the trainer failed (%s); its log says more, the last checkpoint is intact".formatted(e)));
            return ExitCode.INTERNAL;
        }
    }

    private BackendOptions backendOptions() {
        if (threads != null && threads < 1) {
            throw new TrainingException(Kind.SETTINGS, "--threads must be at least 1, not " + threads);
        }
        return threads == null ? BackendOptions.defaults() : new BackendOptions(threads);
    }

    private TrainingSpec spec() {
        try {
            return source.spec == null ? Objects.requireNonNull(source.options).toSpec() : read(source.spec);
        } catch (IllegalArgumentException e) {
            throw new TrainingException(Kind.SETTINGS, "the settings are wrong: " + e.getMessage(), e);
        }
    }

    private static TrainingSpec read(Path file) {
        try {
            return TrainingJson.spec(Files.readString(file));
        } catch (JsonProcessingException e) {
            Throwable cause = e.getCause() instanceof IllegalArgumentException argument ? argument : e;
            String reason = cause == e ? e.getOriginalMessage() : String.valueOf(cause.getMessage());
            throw new TrainingException(Kind.SETTINGS, "%s is not a training spec: %s".formatted(file, reason), e);
        } catch (IOException e) {
            throw new TrainingException(
                    Kind.INPUT, "the spec %s cannot be read: %s".formatted(file, TrainingData.reason(e)), e);
        }
    }
}
