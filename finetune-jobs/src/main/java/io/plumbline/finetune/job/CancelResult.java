package io.plumbline.finetune.job;

/** What became of a wish to cancel. */
public sealed interface CancelResult {
    /** The job is cancelled; a trainer that works on it stops within a heartbeat. */
    record Cancelled(FineTuningJob job) implements CancelResult {}

    /** It had ended before. */
    record AlreadyEnded(FineTuningJob job) implements CancelResult {}

    /** The tenant has no such job. */
    record Unknown() implements CancelResult {}
}
