package io.plumbline.finetune.training;

import java.io.PrintStream;
import java.util.Locale;

/** Writes events for a person at a terminal. */
final class ProgressSink implements EventSink {
    private final PrintStream out;
    private int totalSteps;

    ProgressSink(PrintStream out) {
        this.out = out;
    }

    @Override
    public void accept(TrainingEvent event) {
        switch (event) {
            case TrainingEvent.Started e -> {
                totalSteps = e.totalSteps();
                line(
                        "%d rows, %d steps, %,d trained parameters, backend %s%s",
                        e.rows(),
                        e.totalSteps(),
                        e.trainableParameters(),
                        e.backend(),
                        e.firstStep() == 0 ? "" : "; going on after step %d".formatted(e.firstStep()));
            }
            case TrainingEvent.Heartbeat _ -> {
                // A person sees that the machine is busy.
            }
            case TrainingEvent.Stepped e ->
                line(
                        "step %4d/%d  loss %.4f  lr %.2e  norm %.3f  %d tokens  %.0f tokens/s",
                        e.step() + 1,
                        totalSteps,
                        e.loss(),
                        e.learningRate(),
                        e.gradientNorm(),
                        e.tokens(),
                        e.tokensPerSecond());
            case TrainingEvent.Evaluated e ->
                line("held-out loss after %d steps: %.4f per token (%,d tokens)", e.step(), e.loss(), e.targetTokens());
            case TrainingEvent.Checkpointed e -> line("checkpoint of step %d: %s", e.step(), e.directory());
            case TrainingEvent.Warned e -> line("warning: %s", e.message());
            case TrainingEvent.Stopped e ->
                line("stopped after step %d (%s); start the same command again to go on", e.step(), e.reason());
            case TrainingEvent.Finished e ->
                line("done: %d steps, %,d tokens, adapter in %s", e.steps(), e.trainedTokens(), e.adapter());
            case TrainingEvent.Failed e -> line("failed: %s", e.message());
        }
    }

    private void line(String format, Object... values) {
        out.println(String.format(Locale.ROOT, format, values));
        out.flush();
    }
}
