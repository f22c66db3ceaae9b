package io.plumbline.inference.kernel.benchmark;

import io.plumbline.inference.kernel.ActivationPrecision;
import io.plumbline.inference.kernel.Buffer;
import io.plumbline.inference.kernel.Weight;
import io.plumbline.inference.quant.QuantFormat;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.openjdk.jmh.annotations.Param;

/** Loading a weight matrix: its blocks are read and packed into new memory, which the system has to give first. */
public class PackBenchmark extends KernelBenchmark {
    private static final int OUT = 4096;
    private static final int IN = 2048;
    private static final int DISTINCT_ROWS = 64;

    @Param({"Q4_0", "Q4_1", "Q8_0", "Q4_K", "Q6_K"})
    public QuantFormat packed = QuantFormat.Q4_0;

    @Override
    Prepared prepare(Device on, boolean checkOnly) {
        byte[] blocks = on.blocks(packed, DISTINCT_ROWS, IN);
        Buffer x = on.normal(IN);
        Buffer y = on.zeros(OUT);
        long bytes = OUT * packed.rowBytes(IN);
        List<Runnable> runs = new ArrayList<>();
        Slot slot = new Slot();
        for (int copy = 0; copy < Device.copies(bytes, checkOnly); copy++) {
            MemorySegment source = on.repeated(blocks, packed, OUT, IN);
            runs.add(() -> slot.set(on.upload(source, packed, OUT, IN, ActivationPrecision.INT8)));
        }
        long before = on.bytesInUse();
        runs.getFirst().run();
        long made = on.bytesInUse() - before;
        // New pages come from memory, whatever the caches hold.
        var resident = new Cost.Resident(0, made, Double.MAX_VALUE);
        return new Prepared(
                runs,
                new Prepared.Output(from -> product(from, x, slot.weight(), y), true),
                Cost.streamed(bytes, resident, 0));
    }

    /** What a packed weight holds shows in a product with it. */
    private static float[] product(Device on, Buffer x, Weight weight, Buffer y) {
        on.kernels().matmul(1, x, weight, y);
        return on.read(y, OUT);
    }

    /** The weight that was loaded last; the one before is freed. */
    private static final class Slot {
        private final List<Weight> held = new ArrayList<>();

        void set(Weight weight) {
            held.forEach(Weight::close);
            held.clear();
            held.add(weight);
        }

        Weight weight() {
            return held.getLast();
        }
    }
}
