package io.plumbline.finetune.runner;

/** Why a runner ends its trainer. */
enum StopReason {
    /** The job ended meanwhile: the tenant cancelled it. */
    JOB_ENDED(false),
    /** Another worker has the job. */
    LEASE_LOST(true),
    /** The lease could not be renewed in time, so another worker may have the job. */
    LEASE_EXPIRED(true),
    /** The trainer reports nothing any more. */
    STALLED(true),
    /** This server stops; the job goes on after its next start. */
    SHUTDOWN(false);

    private final boolean immediate;

    StopReason(boolean immediate) {
        this.immediate = immediate;
    }

    /** Whether the trainer gets no time for a checkpoint: it would write where another one works, or hangs. */
    boolean immediate() {
        return immediate;
    }
}
