package io.plumbline.inference.kernel.benchmark;

import io.plumbline.inference.kernel.AdamWStep;
import io.plumbline.inference.kernel.Buffer;

/** One AdamW update of as many parameters as the adapters of a small model have. */
public class OptimiserBenchmark extends KernelBenchmark {
    private static final int COUNT = 1 << 24;
    private static final AdamWStep STEP = new AdamWStep(1e-3, 0.9, 0.999, 1e-8, 0.01, 1, 1);

    @Override
    Prepared prepare(Device on, boolean checkOnly) {
        Buffer parameters = on.normal(COUNT);
        Buffer gradients = on.normal(COUNT);
        Buffer first = on.zeros(COUNT);
        Buffer second = on.zeros(COUNT);
        // Read: all four; written: all but the gradients.
        return Prepared.of(
                () -> on.kernels().adamW(STEP, COUNT, parameters, gradients, first, second),
                Prepared.Output.whole(parameters, COUNT).accumulated(),
                Cost.resident(16.0 * COUNT, 12.0 * COUNT, 16.0 * COUNT, 15.0 * COUNT));
    }
}
