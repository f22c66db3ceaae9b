package io.plumbline.inference.kernel;

/** Finds and opens one backend; listed in {@code META-INF/services}. The constructor loads no native code. */
public interface BackendProvider {
    /** The name used in configuration: {@code reference}, {@code cpu}, {@code cuda}, {@code ascend}. */
    String name();

    /** Looks whether the backend can run here; cheap, without side effects, never throws. */
    Availability probe();

    /**
     * Opens the backend.
     *
     * @throws KernelException if it cannot be opened; the message says why and what to do
     */
    Backend open(BackendOptions options);
}
