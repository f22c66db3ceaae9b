package io.plumbline.inference.kernel.vector;

import io.plumbline.inference.kernel.KernelException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Platform threads that share the tasks of one job at a time; the calling thread works too. A worker that sleeps delays
 * nobody: the caller waits only for workers that have joined. An idle worker spins for a moment, because the next
 * kernel usually comes within microseconds, and then parks.
 */
final class WorkerPool implements AutoCloseable {
    private static final long SPIN_NANOS = 60_000;
    private static final int SPINS_PER_CLOCK = 64;
    private static final int SPINS_BEFORE_YIELD = 4000;
    private static final long ALIGNMENT = 64;

    /** One task of a job. */
    @FunctionalInterface
    interface Task {
        /**
         * @param task its number
         * @param scratch address of memory that only this thread uses
         */
        void run(int task, long scratch);
    }

    /** A published job; each field of progress is touched by several threads. */
    private static final class Job {
        final Task task;
        final int tasks;
        final AtomicInteger next = new AtomicInteger();
        /** Threads inside, negative once the caller has closed the door. */
        final AtomicInteger inside = new AtomicInteger();

        final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

        Job(Task task, int tasks) {
            this.task = task;
            this.tasks = tasks;
        }

        void work(long scratch) {
            try {
                for (int i = next.getAndIncrement(); i < tasks; i = next.getAndIncrement()) {
                    task.run(i, scratch);
                }
            } catch (RuntimeException | Error e) {
                failure.compareAndSet(null, e);
                next.set(tasks);
            }
        }
    }

    private static final int CLOSED = Integer.MIN_VALUE / 2;

    private final Thread[] workers;
    private Arena arena = Arena.ofShared();
    private MemorySegment scratch = MemorySegment.NULL;
    private long scratchBytes;
    private volatile @Nullable Job current;
    private volatile boolean stopped;
    private final AtomicInteger sleeping = new AtomicInteger();

    WorkerPool(int threads) {
        workers = new Thread[threads - 1];
        reserve(1 << 16);
        for (int i = 0; i < workers.length; i++) {
            int index = i + 1;
            workers[i] = Thread.ofPlatform()
                    .daemon()
                    .name("plumbline-vector-" + index)
                    .start(() -> serve(index));
        }
    }

    int threads() {
        return workers.length + 1;
    }

    /** Makes sure that every thread has so much scratch; called between jobs. */
    void reserve(long bytesPerThread) {
        if (bytesPerThread <= scratchBytes) {
            return;
        }
        long bytes = (bytesPerThread + bytesPerThread / 4 + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
        try {
            Arena grown = Arena.ofShared();
            scratch = grown.allocate(bytes * threads(), ALIGNMENT);
            arena.close();
            arena = grown;
            scratchBytes = bytes;
        } catch (OutOfMemoryError e) {
            throw new KernelException(
                    "no memory for %d bytes of scratch; run fewer or shorter sequences at a time"
                            .formatted(bytes * threads()),
                    e);
        }
    }

    private long scratchOf(int thread) {
        return scratch.address() + thread * scratchBytes;
    }

    /** Runs tasks 0 … tasks - 1, each once, and returns when all are done. */
    void run(int tasks, Task task) {
        if (tasks <= 1 || workers.length == 0) {
            for (int i = 0; i < tasks; i++) {
                task.run(i, scratchOf(0));
            }
            return;
        }
        Job job = new Job(task, tasks);
        current = job;
        if (sleeping.get() > 0) {
            for (Thread worker : workers) {
                LockSupport.unpark(worker);
            }
        }
        job.work(scratchOf(0));
        current = null;
        // The door closes when nobody is inside; whoever comes later finds it closed.
        for (int spins = 0; !job.inside.compareAndSet(0, CLOSED); spins++) {
            if (spins < SPINS_BEFORE_YIELD) {
                Thread.onSpinWait();
            } else {
                Thread.yield();
            }
        }
        Throwable failure = job.failure.get();
        if (failure instanceof Error error) {
            throw error;
        }
        if (failure != null) {
            throw (RuntimeException) failure;
        }
    }

    private void serve(int index) {
        Job done = null;
        while (!stopped) {
            Job job = await(done);
            if (job != null && job.inside.incrementAndGet() > 0) {
                job.work(scratchOf(index));
                job.inside.decrementAndGet();
            }
            done = job;
        }
    }

    /** Another job than the last one, or null when the pool stops. */
    private @Nullable Job await(@Nullable Job done) {
        long until = System.nanoTime() + SPIN_NANOS;
        for (int spins = 1; ; spins++) {
            Job job = current;
            if (stopped || job != null && job != done) {
                return job;
            }
            Thread.onSpinWait();
            if (spins % SPINS_PER_CLOCK == 0 && System.nanoTime() > until) {
                sleeping.incrementAndGet();
                // Counted first, looked second: either the publisher sees the count, or this sees the job.
                while (!stopped && (current == null || current == done)) {
                    LockSupport.park(this);
                }
                sleeping.decrementAndGet();
                until = System.nanoTime() + SPIN_NANOS;
            }
        }
    }

    @Override
    public void close() {
        stopped = true;
        for (Thread worker : workers) {
            LockSupport.unpark(worker);
        }
        for (Thread worker : workers) {
            while (worker.isAlive()) {
                try {
                    worker.join();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return;
                }
            }
        }
        arena.close();
    }
}
