package io.plumbline.inference.kernel.benchmark;

import io.plumbline.inference.kernel.Buffer;
import java.util.Arrays;
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

/** One kernel: prepared on the best backend and on the reference, run once on both, compared to the bit, then timed. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
public abstract class KernelBenchmark {
    private static final String BEST = "auto";
    private static final String REFERENCE = "reference";

    private @Nullable Device device;
    private @Nullable Prepared prepared;

    /**
     * A kernel with its operands.
     *
     * @param run runs it once
     * @param output what it writes
     * @param checked elements of the output that are compared with the reference's
     * @param bytes of its operands
     * @param operations multiplications and additions
     */
    record Prepared(Runnable run, Buffer output, int checked, double bytes, double operations) {}

    /**
     * Makes the operands, in an order that does not depend on the device.
     *
     * @param checkOnly few rows are enough: a row's result does not depend on the others
     */
    abstract Prepared prepare(Device on, boolean checkOnly);

    /** Refuses to time a wrong kernel. */
    @Setup(Level.Trial)
    public void checkAgainstReference() {
        Device best = new Device(BEST);
        device = best;
        prepared = prepare(best, false);
        try (Device reference = new Device(REFERENCE)) {
            Prepared slow = prepare(reference, true);
            slow.run().run();
            float[] expected = reference.read(slow.output(), slow.checked());
            prepared.run().run();
            float[] found = best.read(prepared.output(), slow.checked());
            int difference = Arrays.mismatch(expected, found);
            if (difference >= 0) {
                throw new IllegalStateException("wrong output: element %d is %s, the reference has %s"
                        .formatted(difference, found[difference], expected[difference]));
            }
        }
    }

    /** Frees everything. */
    @TearDown(Level.Trial)
    public void close() {
        if (device != null) {
            device.close();
        }
    }

    /** The kernel. */
    @Benchmark
    public void run(Work work) {
        Prepared now = prepared;
        Device on = device;
        if (now == null || on == null) {
            throw new IllegalStateException("not set up");
        }
        now.run().run();
        on.synchronize();
        work.bytes += now.bytes();
        work.operations += now.operations();
    }
}
