package io.plumbline.finetune.training;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.nio.file.Path;

/**
 * What a trainer reports, one JSON object a line on its standard output (nothing else goes there) and in
 * {@code events.jsonl}. Field {@code event} names the kind.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "event")
@JsonSubTypes({
    @JsonSubTypes.Type(value = TrainingEvent.Started.class, name = "started"),
    @JsonSubTypes.Type(value = TrainingEvent.Heartbeat.class, name = "heartbeat"),
    @JsonSubTypes.Type(value = TrainingEvent.Stepped.class, name = "step"),
    @JsonSubTypes.Type(value = TrainingEvent.Evaluated.class, name = "evaluation"),
    @JsonSubTypes.Type(value = TrainingEvent.Checkpointed.class, name = "checkpoint"),
    @JsonSubTypes.Type(value = TrainingEvent.Warned.class, name = "warning"),
    @JsonSubTypes.Type(value = TrainingEvent.Stopped.class, name = "stopped"),
    @JsonSubTypes.Type(value = TrainingEvent.Finished.class, name = "finished"),
    @JsonSubTypes.Type(value = TrainingEvent.Failed.class, name = "failed")
})
public sealed interface TrainingEvent {
    /**
     * The run begins or goes on.
     *
     * @param firstStep 0, or the step after the checkpoint it resumed from
     * @param totalSteps steps of the whole run
     * @param rows training rows
     * @param trainableParameters adapter parameters
     * @param backend name and description of the kernel backend
     */
    record Started(int firstStep, int totalSteps, int rows, long trainableParameters, String backend)
            implements TrainingEvent {}

    /** Sent at least every 5 seconds while nothing else is. */
    record Heartbeat(long unixMillis) implements TrainingEvent {}

    /**
     * One optimiser step.
     *
     * @param step from 0
     * @param loss mean over the target tokens of the batch, before the update
     * @param learningRate of this step
     * @param gradientNorm before clipping
     * @param tokens tokens of the batch, prompt included, padding excluded
     * @param tokensPerSecond of this step
     */
    record Stepped(int step, double loss, double learningRate, double gradientNorm, int tokens, double tokensPerSecond)
            implements TrainingEvent {}

    /**
     * A pass over the held-out rows.
     *
     * @param step steps done before it; 0 = the base model (or the initial adapter)
     * @param loss mean per target token
     * @param targetTokens number of target tokens
     */
    record Evaluated(int step, double loss, long targetTokens) implements TrainingEvent {}

    /**
     * Everything needed to go on is on disk.
     *
     * @param step steps done
     * @param directory adapter in PEFT format plus optimiser state
     */
    record Checkpointed(int step, Path directory) implements TrainingEvent {}

    /** Something the tenant should know that does not stop the run, such as rows left out because they are too long. */
    record Warned(String message) implements TrainingEvent {}

    /**
     * Ended on request (SIGTERM, or the parent process is gone) after a checkpoint; the same spec goes on from there.
     *
     * @param step steps done
     * @param reason who asked
     */
    record Stopped(int step, String reason) implements TrainingEvent {}

    /**
     * Done.
     *
     * @param adapter PEFT folder of the result
     * @param trainedTokens tokens of all steps, prompt included
     */
    record Finished(Path adapter, int steps, long trainedTokens) implements TrainingEvent {}

    /** Gave up; the message is meant for the tenant and says what to do. */
    record Failed(String message) implements TrainingEvent {}
}
