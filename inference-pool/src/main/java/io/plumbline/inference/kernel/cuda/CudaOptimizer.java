package io.plumbline.inference.kernel.cuda;

import static io.plumbline.inference.kernel.cuda.CudaBuffer.at;

import io.plumbline.inference.kernel.AdamWFactors;
import io.plumbline.inference.kernel.AdamWStep;
import io.plumbline.inference.kernel.Buffer;
import io.plumbline.inference.kernel.cuda.driver.Grid;
import java.lang.foreign.MemorySegment;

/** The length of a gradient and the step along it: {@code optimizer.cuh}. */
final class CudaOptimizer {
    /** One warp adds, the others bring what it adds. */
    private static final int SUM_THREADS = 512;

    private final CudaStream stream;

    CudaOptimizer(CudaStream stream) {
        this.stream = stream;
    }

    double sumOfSquares(long count, Buffer x) {
        long result = stream.workspace(Double.BYTES);
        stream.launch(CudaFunction.SUM_OF_SQUARES, Grid.of(1, SUM_THREADS), count, at(x), result);
        double[] sum = new double[1];
        stream.read(MemorySegment.ofArray(sum), result);
        return sum[0];
    }

    void adamW(AdamWStep step, long count, Buffer parameters, Buffer gradients, Buffer m, Buffer v) {
        AdamWFactors f = AdamWFactors.of(step);
        stream.launch(
                CudaFunction.ADAMW,
                Grid.elements(count),
                f.keep(),
                f.beta1(),
                f.beta2(),
                f.rest1(),
                f.rest2(),
                f.stepSize(),
                f.rootCorrection(),
                f.epsilon(),
                f.gradientScale(),
                count,
                at(parameters),
                at(gradients),
                at(m),
                at(v));
    }
}
