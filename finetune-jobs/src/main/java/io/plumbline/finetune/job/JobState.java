package io.plumbline.finetune.job;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/** The life of a fine-tuning job; names and meaning are OpenAI's. */
public enum JobState {
    /** Accepted; the lines of its files are being checked. */
    VALIDATING_FILES,
    /** The files are good and {@code auto} settings are chosen; it waits for a free trainer. */
    QUEUED,
    /** A trainer works on it, or it waits for a worker to go on from its last checkpoint. */
    RUNNING,
    /** The adapter is stored and can be deployed. */
    SUCCEEDED,
    /** It gave up; the error says why and what to do. */
    FAILED,
    /** The tenant ended it. */
    CANCELLED;

    /** Whether nothing can happen to it any more. */
    public boolean terminal() {
        return next().isEmpty();
    }

    /** The states that may follow. */
    public Set<JobState> next() {
        return switch (this) {
            case VALIDATING_FILES -> EnumSet.of(QUEUED, FAILED, CANCELLED);
            case QUEUED -> EnumSet.of(RUNNING, FAILED, CANCELLED);
            case RUNNING -> EnumSet.of(SUCCEEDED, FAILED, CANCELLED);
            case SUCCEEDED, FAILED, CANCELLED -> EnumSet.noneOf(JobState.class);
        };
    }

    /** As OpenAI writes it, such as {@code validating_files}. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
