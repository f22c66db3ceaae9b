package io.plumbline.inference.kernel.cuda;

import static io.plumbline.inference.kernel.cuda.CudaBuffer.at;

import io.plumbline.inference.kernel.Buffer;
import io.plumbline.inference.kernel.LoraBatch;
import io.plumbline.inference.kernel.LoraDelta;
import io.plumbline.inference.kernel.LoraGradient;
import io.plumbline.inference.kernel.cuda.driver.Grid;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The grouped low-rank delta: {@code lora.cuh}. */
final class CudaLora {
    private static final int THREADS = 256;
    /** Rows of A, or columns of B, that a block takes. */
    private static final int RANKS = 16;
    /** Input or output features that a block takes. */
    private static final int FEATURES = 64;
    /** Rows of a part in the backward pass. */
    private static final int BACKWARD_ROWS = 16;

    private final CudaStream stream;

    CudaLora(CudaStream stream) {
        this.stream = stream;
    }

    void forward(Buffer x, List<LoraDelta> deltas) {
        LoraBatch batch = deltas.getFirst().batch();
        AdapterRows rows = AdapterRows.of(batch.adapterOfRow(), batch.adapters().size());
        PartRows size = PartRows.of(rows.largest());
        LoraParts parts = new LoraParts();
        int out = 0;
        for (LoraDelta delta : deltas) {
            parts.addForward(rows, delta, size.rows);
            out = Math.max(out, delta.batch().out());
        }
        if (parts.count() == 0) {
            return;
        }
        int maxRank = parts.maxRank();
        long[] staged = stream.upload(parts.toSegment(), MemorySegment.ofArray(rows.listed()));
        Grid down = Grid.of(Math.ceilDiv(maxRank, RANKS), parts.count(), THREADS);
        stream.launch(size.down, down, staged[0], staged[1], batch.in(), at(x));
        Grid up = Grid.of(Math.ceilDiv(out, FEATURES), parts.count(), THREADS);
        stream.launch(size.up, up, staged[0], staged[1]);
    }

    /** Kernels by the most rows of a part. */
    private enum PartRows {
        ONE(1, CudaFunction.LORA_DOWN_1, CudaFunction.LORA_UP_4),
        FOUR(4, CudaFunction.LORA_DOWN_4, CudaFunction.LORA_UP_4),
        SIXTEEN(16, CudaFunction.LORA_DOWN_16, CudaFunction.LORA_UP_16);

        private final int rows;
        private final CudaFunction down;
        private final CudaFunction up;

        PartRows(int rows, CudaFunction down, CudaFunction up) {
            this.rows = rows;
            this.down = down;
            this.up = up;
        }

        static PartRows of(int largest) {
            return largest <= 1 ? ONE : largest <= 4 ? FOUR : SIXTEEN;
        }
    }

    /** What the backward pass reads and writes beside the adapters. */
    record Flow(Buffer x, Buffer t, Buffer dy, Buffer dt, Buffer dx) {}

    void backward(LoraBatch batch, List<@Nullable LoraGradient> gradients, Flow flow) {
        AdapterRows rows = AdapterRows.of(batch.adapterOfRow(), batch.adapters().size());
        LoraParts parts = new LoraParts();
        parts.addBackward(rows, batch, BACKWARD_ROWS);
        LoraParts trained = new LoraParts();
        trained.addGradients(rows, batch, gradients);
        if (parts.count() == 0) {
            return;
        }
        long[] staged = stream.upload(parts.toSegment(), MemorySegment.ofArray(rows.listed()), trained.toSegment());
        long listed = staged[1];
        int in = batch.in();
        int rankTiles = Math.ceilDiv(batch.maxRank(), RANKS);
        Grid up = Grid.of(rankTiles, parts.count(), THREADS);
        stream.launch(CudaFunction.LORA_BACKWARD_UP, up, staged[0], listed, at(flow.dy()), at(flow.dt()));
        Grid down = Grid.of(Math.ceilDiv(in, FEATURES), parts.count(), THREADS);
        stream.launch(CudaFunction.LORA_BACKWARD_DOWN, down, staged[0], listed, in, at(flow.dt()), at(flow.dx()));
        int slots = trained.count() * rankTiles;
        Grid b = Grid.of(Math.ceilDiv(batch.out(), FEATURES), slots, THREADS);
        stream.launch(CudaFunction.LORA_GRADIENT_B, b, staged[2], rankTiles, listed, at(flow.dy()), at(flow.t()));
        Grid a = Grid.of(Math.ceilDiv(in, FEATURES), slots, THREADS);
        stream.launch(CudaFunction.LORA_GRADIENT_A, a, staged[2], rankTiles, listed, in, at(flow.dt()), at(flow.x()));
    }
}
