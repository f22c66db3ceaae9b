package io.plumbline.inference.kernel.cuda;

import static io.plumbline.inference.kernel.cuda.CudaBuffer.at;

import io.plumbline.inference.kernel.Buffer;
import io.plumbline.inference.kernel.cuda.driver.Grid;

/** The loss of logits over a vocabulary: {@code loss.cuh}. */
final class CudaLoss {
    /** Of a row: one warp adds, the others bring what it adds. */
    private static final int THREADS = 512;

    private final CudaStream stream;

    CudaLoss(CudaStream stream) {
        this.stream = stream;
    }

    void softmaxCrossEntropy(int vocabulary, int[] targets, float gradientScale, Buffer logits, Buffer loss) {
        long[] staged = stream.upload(targets);
        Grid grid = Grid.of(targets.length, THREADS);
        stream.launch(
                CudaFunction.SOFTMAX_CROSS_ENTROPY, grid, vocabulary, staged[0], gradientScale, at(logits), at(loss));
    }
}
