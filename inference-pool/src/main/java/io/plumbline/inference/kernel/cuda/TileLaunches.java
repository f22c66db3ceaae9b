package io.plumbline.inference.kernel.cuda;

import io.plumbline.inference.kernel.AttentionShape;
import io.plumbline.inference.kernel.cuda.AttentionTiles.Launch;
import io.plumbline.inference.kernel.cuda.driver.Grid;
import java.util.Arrays;
import java.util.stream.Stream;

/**
 * The launches that attention and its gradients share, over the same tiles.
 *
 * @param tilesAt address of the tiles' numbers on the device
 * @param slotsAt address of {@link KeySlots#firstSlots} on the device
 * @param blockSize of the key slots
 * @param eightBit whether keys and values are stored in 8 bits
 * @param height how many rows the tiles have
 */
record TileLaunches(
        CudaStream stream,
        AttentionShape shape,
        AttentionTiles tiles,
        long tilesAt,
        long slotsAt,
        int blockSize,
        boolean eightBit,
        Height height) {
    /** {@code PL_SCORE_THREADS} of {@code attention.cuh}. */
    private static final int SCORE_THREADS = 256;
    /** Of a row: one warp adds, the others bring what it adds. */
    static final int SOFTMAX_THREADS = 288;

    /** The kernels for tiles of so many rows; threads and columns are those of {@code weighted_sums.cuh}. */
    enum Height {
        LOW(8, CudaFunction.ATTENTION_SCORES_LOW, CudaFunction.ATTENTION_VALUES_LOW, 192, 32),
        HIGH(AttentionTiles.ROWS, CudaFunction.ATTENTION_SCORES_HIGH, CudaFunction.ATTENTION_VALUES_HIGH, 128, 64);

        private final int rows;
        private final CudaFunction scores;
        private final CudaFunction values;
        private final int threads;
        private final int columns;

        Height(int rows, CudaFunction scores, CudaFunction values, int threads, int columns) {
            this.rows = rows;
            this.scores = scores;
            this.values = values;
            this.threads = threads;
            this.columns = columns;
        }

        /** The lowest for so many rows. */
        static Height of(int rows) {
            return rows <= LOW.rows ? LOW : HIGH;
        }

        int threads() {
            return threads;
        }

        /** Blocks that share the columns of a head. */
        int columnPieces(int headDim) {
            return Math.ceilDiv(headDim, columns);
        }
    }

    long tilesAt(Launch launch) {
        return tilesAt + launch.offset();
    }

    /** {@code scores = scale · q · keys} of heads {@code firstHead} and so on of every group. */
    void scores(Launch launch, int firstHead, float scale, long q, long keys, long scores) {
        int keyPieces = Math.ceilDiv(launch.keys(), AttentionTiles.KEYS);
        Grid grid = Grid.of(launch.tiles(), tiles.headPieces(), keyPieces, SCORE_THREADS);
        stream.launch(height.scores, grid, arguments(launch, firstHead, scale, q, keys, scores));
    }

    /** Scores become exponentials, {@code inverses} the reciprocals of their sums. */
    void softmax(Launch launch, long scores, long inverses) {
        stream.launch(
                CudaFunction.ATTENTION_SOFTMAX,
                softmaxGrid(launch),
                tilesAt(launch),
                shape.heads(),
                shape.keyValueHeads(),
                shape.window(),
                0,
                tiles.heads(),
                scores,
                inverses);
    }

    /** A block for every row of every tile. */
    Grid softmaxGrid(Launch launch) {
        return Grid.of(launch.tiles(), tiles.headPieces(), launch.positions() * tiles.heads(), SOFTMAX_THREADS);
    }

    /** {@code out = inverses · weights · values}, or without the factor if {@code inverses} is 0. */
    void values(Launch launch, int firstHead, long weights, long inverses, long values, long out) {
        int pieces = height.columnPieces(shape.headDim());
        Grid grid = Grid.of(launch.tiles(), tiles.headPieces(), pieces, height.threads);
        stream.launch(height.values, grid, arguments(launch, firstHead, weights, inverses, values, out));
    }

    /** What the kernels for scores and values have in common, then the others. */
    private Object[] arguments(Launch launch, int firstHead, Object... others) {
        Object[] shared = {
            tilesAt(launch),
            slotsAt,
            blockSize,
            shape.heads(),
            shape.keyValueHeads(),
            shape.headDim(),
            shape.window(),
            firstHead,
            tiles.heads(),
            eightBit ? 1 : 0
        };
        return Stream.concat(Arrays.stream(shared), Arrays.stream(others)).toArray();
    }
}
