package io.plumbline.inference.pool;

/**
 * Whose turn comes first when there is not enough for all. Where several classes wait, each gets a fixed share of the
 * tokens, so that none ever starves; within a class, tenants get equal shares.
 */
public enum Priority {
    /** Ahead of the others; for the platform to grant, not for callers to take. */
    HIGH,
    /** Somebody waits for the answer. */
    NORMAL,
    /** Nobody waits: batches, evaluations, background work. */
    LOW
}
