package io.plumbline.inference.kernel.ffm;

import io.plumbline.inference.kernel.KernelException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.CountDownLatch;

/**
 * Measures what this machine can do at most with a number of threads, for benchmarks to compare with. This is the one
 * place that says what a peak is; a benchmark that wants it beside each of its results takes single tries in turn with
 * them, and the best of the tries counts.
 */
public final class MachinePeaks {
    private static final Path CACHES = Path.of("/sys/devices/system/cpu/cpu0/cache");
    private static final long LEAST_MEMORY = 512L << 20;
    private static final long MOST_MEMORY = 4L << 30;
    private static final int CACHES_IN_MEMORY = 8;

    private static final int PAGE = 4096;
    /** What one try on a small set moves, so that starting the threads does not count. */
    private static final double LEAST_BYTES = 5e8;

    private static final long ROUNDS = 200_000;
    private static final int TRIES = 8;

    private final int threads;
    private final MethodHandle read;
    private final MethodHandle update;
    private final MethodHandle fma;
    private final Optional<MethodHandle> dot;

    private MachinePeaks(int threads, SymbolLookup library, List<InstructionSet> sets) {
        this.threads = threads;
        this.read = NativeCall.link(library, "plumbline_peak_read", "PLIIP");
        this.update = NativeCall.link(library, "plumbline_peak_update", "PLII");
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
     * @param updatedBytesPerSecond of memory that is changed in place: what is read and what is written both count
     * @param flops single-precision operations a second; a multiply-add counts as two
     * @param integerOperations a second of 8-bit dot products, as {@link #integerDot}
     */
    public record Peaks(
            double bytesPerSecond, double updatedBytesPerSecond, double flops, OptionalDouble integerOperations) {}

    /**
     * Measures; takes about a second.
     *
     * @throws KernelException if this build has no native library
     */
    public static Peaks measure(int threads) {
        MachinePeaks machine = of(threads);
        double bytes = 0;
        double updated = 0;
        double flops = 0;
        OptionalDouble integer = OptionalDouble.empty();
        try (Region memory = machine.region(memoryBytes())) {
            for (int i = 0; i < TRIES; i++) {
                bytes = Math.max(bytes, memory.read());
                updated = Math.max(updated, memory.update());
                flops = Math.max(flops, machine.multiplyAdd());
                integer = larger(integer, machine.integerDot());
            }
        }
        return new Peaks(bytes, updated, flops, integer);
    }

    /** The larger of two figures of which there may be none. */
    public static OptionalDouble larger(OptionalDouble a, OptionalDouble b) {
        return a.isEmpty() || b.isPresent() && b.getAsDouble() > a.getAsDouble() ? b : a;
    }

    /**
     * Bytes of which the caches of this machine hold next to nothing: eight times its last-level cache, but neither less
     * than 512 MiB nor more than 4 GiB.
     */
    public static long memoryBytes() {
        return Math.clamp(CACHES_IN_MEMORY * lastLevelCache(), LEAST_MEMORY, MOST_MEMORY);
    }

    /** Bytes of the largest cache that the system tells of, 0 if of none. */
    public static long lastLevelCache() {
        long largest = 0;
        try (DirectoryStream<Path> levels = Files.newDirectoryStream(CACHES, "index*")) {
            for (Path level : levels) {
                String size = Files.readString(level.resolve("size")).strip(); // "32768K"
                if (size.matches("[0-9]{1,9}K")) {
                    largest = Math.max(largest, Long.parseLong(size.substring(0, size.length() - 1)) << 10);
                }
            }
        } catch (IOException e) {
            return largest; // no such files on this system: the least that counts as memory is used
        }
        return largest;
    }

    /** Memory of which every thread has a share, so many bytes in all. */
    public Region region(long bytes) {
        return new Region(bytes);
    }

    /**
     * Memory that the threads read or change, each its own share: if it is small, in their caches. Two ways of going
     * through it take turns from try to try, since machines differ in which is the faster one.
     */
    public final class Region implements AutoCloseable {
        private static final int SIDE_BY_SIDE = 4;

        private final Arena arena = Arena.ofShared();
        private final List<MemorySegment> shares = new ArrayList<>();
        private final long each;
        private int tries;

        private Region(long bytes) {
            each = Math.max(PAGE, bytes / threads / PAGE * PAGE);
            for (int i = 0; i < threads; i++) {
                shares.add(arena.allocate(each, PAGE));
                shares.getLast().fill((byte) 1); // untouched pages would all be the one page of zeros
            }
        }

        /** One try: bytes a second that are read. */
        public double read() {
            return moved(1, MachinePeaks.this::read);
        }

        /** One try: bytes a second when every element is changed in place; what is read and what is written both count. */
        public double update() {
            return moved(2, MachinePeaks.this::update);
        }

        private double moved(int ways, Pass pass) {
            int times = (int) Math.max(1, Math.ceil(LEAST_BYTES / ways / threads / each));
            int runs = tries++ / 2 % 2 == 0 ? 1 : SIDE_BY_SIDE;
            double seconds = together(threads, thread -> pass.run(shares.get(thread), runs, times));
            return (double) ways * threads * times * each / seconds;
        }

        @Override
        public void close() {
            arena.close();
        }
    }

    /** Goes through memory so many times, in one run or in several side by side. */
    @FunctionalInterface
    private interface Pass {
        void run(MemorySegment memory, int runs, int times);
    }

    /** One try: single-precision operations a second in registers; a multiply-add counts as two. */
    public double multiplyAdd() {
        return operations("multiply-add", fma);
    }

    /**
     * One try: operations a second of the instructions by which kernels multiply quantised weights with activations of 8
     * bits; a multiplication and an addition count as two. Empty if the processor has no kernels.
     */
    public OptionalDouble integerDot() {
        return dot.map(function -> OptionalDouble.of(operations("dot product", function)))
                .orElse(OptionalDouble.empty());
    }

    private double operations(String what, MethodHandle function) {
        double[] operations = new double[threads];
        double seconds = together(threads, thread -> operations[thread] = count(what, function));
        return Arrays.stream(operations).sum() / seconds;
    }

    private void read(MemorySegment memory, int runs, int times) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment sum = arena.allocate(ValueLayout.JAVA_FLOAT);
            NativeCall.check("peak read", () ->
                    (int) read.invokeExact(memory.address(), memory.byteSize(), runs, times, sum.address()));
        }
    }

    private void update(MemorySegment memory, int runs, int times) {
        NativeCall.check(
                "peak update", () -> (int) update.invokeExact(memory.address(), memory.byteSize(), runs, times));
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
