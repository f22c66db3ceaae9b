package io.plumbline.finetune.job;

import io.plumbline.finetune.training.TrainingEvent;
import java.util.Optional;

/**
 * What the holder of a claim writes down. Every method is one transaction; all of them throw {@link LeaseLostException},
 * and write nothing, where the claim no longer holds.
 */
public interface JobLedger {
    /** The job as it is. */
    FineTuningJob read(ClaimedJob claim);

    /**
     * The files are good: the job waits for a trainer, and the claim is given back.
     *
     * @param chosen hyperparameters with every {@code auto} decided
     * @param message what validation found, for the tenant
     */
    void queue(ClaimedJob claim, Hyperparameters chosen, String message);

    /** A trainer is about to work on it. */
    FineTuningJob start(ClaimedJob claim);

    /** Something the trainer reported; what was written before a resumption is not written twice. */
    void record(ClaimedJob claim, TrainingEvent event);

    /** Something the tenant should know. */
    void note(ClaimedJob claim, JobEvent.Level level, String message);

    /** The adapter is stored. */
    void succeed(ClaimedJob claim, long trainedTokens, Optional<String> resultFile);

    /** It cannot be done. */
    void fail(ClaimedJob claim, JobError error);

    /**
     * The trainer ended without saying why. Counts failures since the last checkpoint.
     *
     * @return the count, this one included
     */
    int countFailure(ClaimedJob claim);
}
