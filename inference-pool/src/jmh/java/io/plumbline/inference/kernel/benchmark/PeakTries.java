package io.plumbline.inference.kernel.benchmark;

import io.plumbline.inference.kernel.ffm.MachinePeaks;
import org.jspecify.annotations.Nullable;

/** The peaks that concern one kernel, tried again before each of its iterations; the best try so far counts. */
final class PeakTries implements AutoCloseable {
    /** Of each peak before each iteration; the two ways of reading take turns. */
    private static final int TRIES = 4;

    private final MachinePeaks machine;
    private final int threads;
    private final Cost.Arithmetic arithmetic;
    private final MachinePeaks.@Nullable Region memory;
    private final MachinePeaks.@Nullable Region near;
    private double memoryRead;
    private double memoryUpdate;
    private double nearRead;
    private double nearUpdate;
    private double calculation;

    PeakTries(Cost cost, int threads) {
        this.machine = MachinePeaks.of(threads);
        this.threads = threads;
        this.arithmetic = cost.arithmetic();
        boolean far = Measured.inMemory(cost.resident().set());
        this.memory = far || cost.streamed() > 0 ? machine.region(MachinePeaks.memoryBytes()) : null;
        this.near = far ? null : machine.region((long) cost.resident().set());
    }

    void again() {
        for (int i = 0; i < TRIES; i++) {
            if (memory != null) {
                memoryRead = Math.max(memoryRead, memory.read());
                memoryUpdate = Math.max(memoryUpdate, memory.update());
            }
            if (near != null) {
                nearRead = Math.max(nearRead, near.read());
                nearUpdate = Math.max(nearUpdate, near.update());
            }
            double operations =
                    switch (arithmetic) {
                        case FLOAT32 -> machine.multiplyAdd();
                        case INT8 -> machine.integerDot().orElse(0);
                    };
            calculation = Math.max(calculation, operations);
        }
    }

    int threads() {
        return threads;
    }

    double memoryRead() {
        return memoryRead;
    }

    double memoryUpdate() {
        return memoryUpdate;
    }

    double nearRead() {
        return nearRead;
    }

    double nearUpdate() {
        return nearUpdate;
    }

    /** Operations a second; 0 if this processor has no such kernels. */
    double calculation() {
        return calculation;
    }

    @Override
    public void close() {
        if (memory != null) {
            memory.close();
        }
        if (near != null) {
            near.close();
        }
    }
}
