package io.plumbline.inference.kernel.ffm;

import io.plumbline.inference.kernel.KernelException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** Measures what this machine can do at most with a number of threads, for benchmarks to compare with. */
public final class MachinePeaks {
    /** More than any last-level cache holds. */
    private static final long BYTES_PER_THREAD = 256L << 20;

    private static final int READS = 3;
    private static final long FMA_ROUNDS = 200_000;
    private static final int ATTEMPTS = 3;

    private final MethodHandle read;
    private final MethodHandle fma;

    private MachinePeaks(SymbolLookup library) {
        this.read = NativeCall.link(library, "plumbline_peak_read", "PLIP");
        this.fma = NativeCall.link(library, "plumbline_peak_fma", "LPP");
    }

    /**
     * The peaks of so many threads together; takes about a second.
     *
     * @param bytesPerSecond read from memory
     * @param flops single-precision operations a second; a multiply-add counts as two
     */
    public record Peaks(double bytesPerSecond, double flops) {}

    /**
     * Measures.
     *
     * @throws KernelException if this build has no native library
     */
    public static Peaks measure(int threads) {
        MachinePeaks peaks = new MachinePeaks(NativeResource.load(CpuRuntime.FILE));
        double bandwidth = 0;
        double flops = 0;
        try (Arena arena = Arena.ofShared()) {
            List<MemorySegment> memory = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                memory.add(arena.allocate(BYTES_PER_THREAD, 4096));
                memory.getLast().fill((byte) 1); // untouched pages would all be the one page of zeros
            }
            for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
                double seconds = together(threads, thread -> peaks.read(memory.get(thread)));
                bandwidth = Math.max(bandwidth, (double) threads * READS * BYTES_PER_THREAD / seconds);
                double[] operations = new double[threads];
                seconds = together(threads, thread -> operations[thread] = peaks.fma());
                double sum = 0;
                for (double each : operations) {
                    sum += each;
                }
                flops = Math.max(flops, sum / seconds);
            }
        }
        return new Peaks(bandwidth, flops);
    }

    private void read(MemorySegment memory) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment sum = arena.allocate(ValueLayout.JAVA_FLOAT);
            NativeCall.check("peak read", () ->
                    (int) read.invokeExact(memory.address(), memory.byteSize(), READS, sum.address()));
        }
    }

    private double fma() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment sum = arena.allocate(ValueLayout.JAVA_FLOAT);
            MemorySegment operations = arena.allocate(ValueLayout.JAVA_DOUBLE);
            NativeCall.check("peak fma", () -> (int) fma.invokeExact(FMA_ROUNDS, operations.address(), sum.address()));
            return operations.get(ValueLayout.JAVA_DOUBLE, 0);
        }
    }

    /** The work of one thread. */
    @FunctionalInterface
    private interface Work {
        void run(int thread);
    }

    /** Runs the work on all threads at once; returns seconds until the last is done. */
    private static double together(int threads, Work work) {
        CountDownLatch begin = new CountDownLatch(1);
        List<Thread> started = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            int number = i;
            started.add(Thread.ofPlatform().name("peak-" + i).daemon().start(() -> {
                try {
                    begin.await();
                    work.run(number);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }));
        }
        long start = System.nanoTime();
        begin.countDown();
        try {
            for (Thread thread : started) {
                thread.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KernelException("measuring the machine's peaks was interrupted", e);
        }
        return (System.nanoTime() - start) / 1e9;
    }
}
