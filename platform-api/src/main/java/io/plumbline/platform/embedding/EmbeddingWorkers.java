package io.plumbline.platform.embedding;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.function.BooleanSupplier;
import java.util.function.IntFunction;

/**
 * Computes the texts of all requests on a few threads. A request has at most as many texts in the queue as there are
 * threads, so that a small one passes beside a large one. Platform threads: native code would pin virtual ones.
 */
final class EmbeddingWorkers implements AutoCloseable {
    private final int threads;
    private final int maxRequests;
    private final ExecutorService executor;
    private final Semaphore requests;

    EmbeddingWorkers(int threads, int maxRequests) {
        this.threads = threads;
        this.maxRequests = maxRequests;
        this.executor = Executors.newFixedThreadPool(
                threads, Thread.ofPlatform().daemon().name("embedding-", 0).factory());
        this.requests = new Semaphore(maxRequests);
    }

    /**
     * Computes items 0 to count - 1 and waits for them.
     *
     * @param cancelled asked before each item; once true, no further one begins
     * @return the results in order; fewer than {@code count} if it was cancelled
     * @throws EmbeddingsOverloaded if too many requests are under way
     * @throws InterruptedException if the waiting thread is interrupted; what has not begun is dropped
     */
    <T> List<T> compute(int count, IntFunction<T> item, BooleanSupplier cancelled) throws InterruptedException {
        if (!requests.tryAcquire()) {
            throw new EmbeddingsOverloaded(maxRequests);
        }
        List<Future<T>> pending = new ArrayList<>(count);
        try {
            Semaphore window = new Semaphore(threads);
            for (int i = 0; i < count && !cancelled.getAsBoolean(); i++) {
                int index = i;
                window.acquire();
                pending.add(executor.submit(() -> {
                    try {
                        return item.apply(index);
                    } finally {
                        window.release();
                    }
                }));
            }
            return results(pending);
        } finally {
            pending.forEach(future -> future.cancel(false)); // ends what an exception left; the rest is done
            requests.release();
        }
    }

    private static <T> List<T> results(List<Future<T>> pending) throws InterruptedException {
        List<T> results = new ArrayList<>(pending.size());
        for (Future<T> future : pending) {
            try {
                results.add(future.get());
            } catch (ExecutionException e) {
                throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e.getCause());
            }
        }
        return results;
    }

    @Override
    public void close() {
        executor.close();
    }
}
