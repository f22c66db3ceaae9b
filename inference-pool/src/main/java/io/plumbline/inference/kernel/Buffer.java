package io.plumbline.inference.kernel;

/**
 * A run of float32 elements in a backend's memory. A slice shares memory with its parent and must not outlive it;
 * closing a slice does nothing.
 */
public interface Buffer extends AutoCloseable {
    /** Number of float32 elements. */
    long elements();

    /**
     * A view of {@code elements} elements starting at {@code offset}.
     *
     * @throws IndexOutOfBoundsException if the range is not inside this buffer
     */
    Buffer slice(long offset, long elements);

    @Override
    void close();
}
