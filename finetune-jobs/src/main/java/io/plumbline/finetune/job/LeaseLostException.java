package io.plumbline.finetune.job;

/** A worker tried to write to a job that is no longer its own; nothing was written. */
public final class LeaseLostException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final LeaseState state;

    public LeaseLostException(JobId job, LeaseState state) {
        super("job %s: %s".formatted(job, state == LeaseState.ENDED ? "it has ended" : "another worker claimed it"));
        this.state = state;
    }

    /** {@link LeaseState#ENDED} or {@link LeaseState#LOST}. */
    public LeaseState state() {
        return state;
    }
}
