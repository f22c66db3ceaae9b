package io.plumbline.inference.kernel.ffm;

import io.plumbline.inference.kernel.KernelException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.CountDownLatch;

/** Measures what this machine can do at most with a number of threads, for benchmarks to compare with. */
public final class MachinePeaks {
    /** More than any last-level cache holds. */
    private static final long BYTES_PER_THREAD = 256L << 20;

    private static final int PAGE = 4096;
    /** What one measurement of a small set reads, so that starting the threads does not count. */
    private static final double LEAST_BYTES = 2e9;

    private static final long ROUNDS = 200_000;
    private static final int ATTEMPTS = 5;

    private final int threads;
    private final MethodHandle read;
    private final MethodHandle update;
    private final MethodHandle fma;
    private final Optional<MethodHandle> dot;

    private MachinePeaks(int threads, SymbolLookup library, List<InstructionSet> sets) {
        this.threads = threads;
        this.read = NativeCall.link(library, "plumbline_peak_read", "PLIP");
        this.update = NativeCall.link(library, "plumbline_peak_update", "PLI");
        this.fma = NativeCall.link(library, "plumbline_peak_fma", "LPP");
        this.dot = sets.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        NativeCall.link(library, "plumbline_" + sets.getLast().symbolPart() + "_peak_dot", "LPP"));
    }

    /**
     * For so many threads together.
     *
     * @throws KernelException if this build has no native library
     */
    public static MachinePeaks of(int threads) {
        return new MachinePeaks(
                threads, NativeResource.load(CpuRuntime.FILE), CpuRuntime.load().instructionSets());
    }

    /**
     * The peaks of so many threads together.
     *
     * @param bytesPerSecond read from memory
     * @param flops single-precision operations a second; a multiply-add counts as two
     */
    public record Peaks(double bytesPerSecond, double flops) {}

    /**
     * Measures; takes about a second.
     *
     * @throws KernelException if this build has no native library
     */
    public static Peaks measure(int threads) {
        MachinePeaks peaks = of(threads);
        return new Peaks(peaks.read(threads * BYTES_PER_THREAD), peaks.multiplyAdd());
    }

    /**
     * Bytes a second when the threads read their shares of so many bytes again and again: of a small set from the
     * caches, of one that no cache holds from memory.
     */
    public double read(long bytes) {
        return moved(bytes, 1, this::read);
    }

    /** The same when they change every element in place; what is read and what is written both count. */
    public double update(long bytes) {
        return moved(bytes, 2, this::update);
    }

    /** Goes through memory so many times. */
    @FunctionalInterface
    private interface Pass {
        void run(MemorySegment memory, int times);
    }

    private double moved(long bytes, int ways, Pass pass) {
        long each = Math.max(PAGE, bytes / threads / PAGE * PAGE);
        int times = (int) Math.max(1, Math.ceil(LEAST_BYTES / ways / threads / each));
        double best = 0;
        try (Arena arena = Arena.ofShared()) {
            List<MemorySegment> memory = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                memory.add(arena.allocate(each, PAGE));
                memory.getLast().fill((byte) 1); // untouched pages would all be the one page of zeros
            }
            for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
                double seconds = together(threads, thread -> pass.run(memory.get(thread), times));
                best = Math.max(best, (double) ways * threads * times * each / seconds);
            }
        }
        return best;
    }

    /** Single-precision operations a second in registers; a multiply-add counts as two. */
    public double multiplyAdd() {
        return operations("multiply-add", fma);
    }

    /**
     * Operations a second of the instructions by which kernels multiply quantised weights with activations of 8 bits; a
     * multiplication and an addition count as two. Empty if the processor has no kernels.
     */
    public OptionalDouble integerDot() {
        return dot.map(function -> OptionalDouble.of(operations("dot product", function)))
                .orElse(OptionalDouble.empty());
    }

    private double operations(String what, MethodHandle function) {
        double best = 0;
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            double[] operations = new double[threads];
            double seconds = together(threads, thread -> operations[thread] = count(what, function));
            best = Math.max(best, Arrays.stream(operations).sum() / seconds);
        }
        return best;
    }

    private void read(MemorySegment memory, int reads) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment sum = arena.allocate(ValueLayout.JAVA_FLOAT);
            NativeCall.check("peak read", () ->
                    (int) read.invokeExact(memory.address(), memory.byteSize(), reads, sum.address()));
        }
    }

    private void update(MemorySegment memory, int times) {
        NativeCall.check("peak update", () -> (int) update.invokeExact(memory.address(), memory.byteSize(), times));
    }

    private static double count(String what, MethodHandle function) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment sum = arena.allocate(ValueLayout.JAVA_FLOAT);
            MemorySegment operations = arena.allocate(ValueLayout.JAVA_DOUBLE);
            NativeCall.check(
                    "peak " + what, () -> (int) function.invokeExact(ROUNDS, operations.address(), sum.address()));
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
