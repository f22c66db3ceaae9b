package io.plumbline.finetune.job;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/** Who works on which job. Times are those of the database, so that no worker's clock matters. */
public interface JobQueue {
    /** What a worker does with the job it claims. */
    enum Work {
        /** Check the files of jobs in {@link JobState#VALIDATING_FILES}. */
        VALIDATE,
        /** Train jobs in {@link JobState#QUEUED}, and go on with those in {@link JobState#RUNNING} that lost their worker. */
        TRAIN
    }

    /**
     * Takes the next job that nobody holds. Interrupted jobs come first; then the tenant with the fewest jobs in
     * training, then the one that was served longest ago; within a tenant priority decides, then age.
     *
     * @param owner names the worker
     * @param lease how long the claim holds without renewal
     */
    Optional<ClaimedJob> claim(Work work, String owner, Duration lease);

    /** Gives up whatever an earlier life of this worker held, so that it need not expire first. */
    void releaseAll(String owner);

    /** Extends a claim. */
    LeaseState renew(ClaimedJob claim, Duration lease);

    /** Gives a claim back; nobody takes the job for a while. Does nothing if the claim was lost. */
    void release(ClaimedJob claim, Duration pause);

    /** All jobs, of all tenants, that did not reach a terminal state. */
    Set<JobId> unfinished();
}
