package io.plumbline.inference.kernel.benchmark;

import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * One kernel: prepared on a backend and on the reference, compared, timed, and compared again with what the timed runs
 * have left.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
public abstract class KernelBenchmark {
    /** System property: which backend is measured. */
    static final String BACKEND = "plumbline.bench.backend";

    /** Backends that follow the reference's arithmetic to the bit; others may differ by this part of the largest element. */
    private static final Set<String> CANONICAL = Set.of("cpu", "vector", Device.REFERENCE);

    private static final double NEAR = 1e-2;

    private @Nullable Device device;
    private @Nullable Prepared prepared;
    private @Nullable PeakTries peaks;
    private float[] expected = {};
    private int next;

    /**
     * Makes the operands, in an order that does not depend on the device.
     *
     * @param checkOnly whether it runs only to be compared: a few rows are enough, and one copy
     */
    abstract Prepared prepare(Device on, boolean checkOnly);

    /** Threads that the kernel uses. */
    int threads() {
        return Device.threads();
    }

    /** Refuses to time a wrong kernel. */
    @Setup(Level.Trial)
    public void checkAgainstReference() {
        try (Device reference = new Device(Device.REFERENCE)) {
            Prepared slow = prepare(reference, true);
            slow.runs().getFirst().run();
            expected = slow.output().read(reference);
        }
        Device best = new Device(System.getProperty(BACKEND, "auto"));
        device = best;
        Prepared fast = prepare(best, false);
        prepared = fast;
        fast.runs().getFirst().run();
        check(best, fast);
        peaks = new PeakTries(fast.cost(), threads());
    }

    /** The machine changes its pace from one second to the next, so its peaks take turns with the kernel. */
    @Setup(Level.Iteration)
    public void measurePeaks() {
        if (peaks != null) {
            peaks.again();
        }
    }

    /** Refuses a figure whose output was wrong, then frees everything. */
    @TearDown(Level.Trial)
    public void checkWhatWasTimed() {
        if (peaks != null) {
            peaks.close();
        }
        if (device != null && prepared != null) {
            try (Device on = device) {
                if (prepared.output().overwritten()) {
                    check(on, prepared);
                }
            }
        }
    }

    private void check(Device on, Prepared kernel) {
        float[] found = kernel.output().read(on);
        if (CANONICAL.contains(on.name())) {
            int difference = Arrays.mismatch(expected, found);
            if (difference >= 0) {
                throw wrong(difference, found);
            }
            return;
        }
        double largest = 0;
        for (float value : expected) {
            largest = Math.max(largest, Math.abs(value));
        }
        for (int i = 0; i < expected.length; i++) {
            if (!(Math.abs((double) found[i] - expected[i]) <= NEAR * largest)) {
                throw wrong(i, found);
            }
        }
    }

    private IllegalStateException wrong(int element, float[] found) {
        return new IllegalStateException("wrong output: compared element %d is %s, the reference has %s"
                .formatted(element, found[element], expected[element]));
    }

    /** The kernel. */
    @Benchmark
    public void run(Work work) {
        Prepared now = prepared;
        Device on = device;
        PeakTries machine = peaks;
        if (now == null || on == null || machine == null) {
            throw new IllegalStateException("not set up");
        }
        now.runs().get(next).run();
        on.synchronize();
        next = next + 1 == now.runs().size() ? 0 : next + 1;
        work.tell(now.cost(), machine);
    }
}
