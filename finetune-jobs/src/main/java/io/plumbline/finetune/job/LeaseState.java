package io.plumbline.finetune.job;

/** What a worker learns when it renews its lease. */
public enum LeaseState {
    /** Go on. */
    HELD,
    /** The job ended meanwhile, as when the tenant cancelled it: stop, and keep nothing. */
    ENDED,
    /** Another worker has it: stop at once, and touch nothing. */
    LOST
}
