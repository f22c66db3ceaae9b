package io.plumbline.inference.kernel;

/**
 * Settings of a backend.
 *
 * @param threads worker threads, at least 1
 */
public record BackendOptions(int threads) {
    public BackendOptions {
        if (threads < 1) {
            throw new IllegalArgumentException("threads must be at least 1, not " + threads);
        }
    }

    /** One thread per processor that this process may use. */
    public static BackendOptions defaults() {
        return new BackendOptions(Runtime.getRuntime().availableProcessors());
    }
}
