package io.plumbline.inference.kernel.cuda;

import static io.plumbline.inference.kernel.cuda.CudaBuffer.at;

import io.plumbline.inference.kernel.AttentionShape;
import io.plumbline.inference.kernel.Buffer;
import io.plumbline.inference.kernel.cuda.AttentionTiles.Launch;
import io.plumbline.inference.kernel.cuda.AttentionTiles.Tile;
import io.plumbline.inference.kernel.cuda.TileLaunches.Height;
import io.plumbline.inference.kernel.cuda.driver.Grid;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Gradients of attention: {@code attention_backward.cuh}, one head of every group after another. */
final class CudaAttentionBackward {
    /** Numbers of a {@code pl_key_tile}. */
    private static final int NUMBERS = 7;

    private final CudaStream stream;
    private final long mostScores;

    CudaAttentionBackward(CudaStream stream) {
        this(stream, AttentionTiles.MOST_SCORES);
    }

    /** @param mostScores of a launch; no result depends on it */
    CudaAttentionBackward(CudaStream stream, long mostScores) {
        this.stream = stream;
        this.mostScores = mostScores;
    }

    /** Addresses on the device. */
    record Matrices(long q, long k, long v, long dout, long dq, long dk, long dv) {
        static Matrices of(Buffer q, Buffer k, Buffer v, Buffer dout, Buffer dq, Buffer dk, Buffer dv) {
            return new Matrices(at(q), at(k), at(v), at(dout), at(dq), at(dk), at(dv));
        }
    }

    void run(AttentionShape shape, int[] sequenceStart, Matrices matrices) {
        long rows = sequenceStart[sequenceStart.length - 1];
        stream.clear(matrices.dk(), rows * shape.keyValueWidth() * Float.BYTES);
        stream.clear(matrices.dv(), rows * shape.keyValueWidth() * Float.BYTES);
        AttentionTiles tiles = tiles(shape, sequenceStart);
        List<int[]> keyTiles = new ArrayList<>();
        for (Launch launch : tiles.launches()) {
            keyTiles.add(keyTiles(shape, tiles, launch));
        }
        int[] all = keyTiles.stream().flatMapToInt(Arrays::stream).toArray();
        KeySlots slots = KeySlots.contiguous(sequenceStart);
        long[] staged = stream.upload(slots.firstSlots(), tiles.numbers(), all);
        long scores = tiles.scratch() * Float.BYTES;
        long scratch = stream.workspace(2 * scores);
        var launches =
                new TileLaunches(stream, shape, tiles, staged[1], staged[0], slots.blockSize(), false, Height.HIGH);
        for (int head = 0; head < shape.heads() / shape.keyValueHeads(); head++) {
            long keyTilesAt = staged[2];
            for (int i = 0; i < keyTiles.size(); i++) {
                int count = keyTiles.get(i).length / NUMBERS;
                var keys = new Keys(keyTilesAt, count, head);
                run(launches, tiles.launches().get(i), keys, matrices, scratch, scratch + scores);
                keyTilesAt += (long) keyTiles.get(i).length * Integer.BYTES;
            }
        }
    }

    private AttentionTiles tiles(AttentionShape shape, int[] sequenceStart) {
        var tiles = new AttentionTiles(shape, 1, 1, mostScores);
        for (int s = 0; s + 1 < sequenceStart.length; s++) {
            int start = sequenceStart[s];
            for (int row = start; row < sequenceStart[s + 1]; row += AttentionTiles.ROWS) {
                int positions = Math.min(AttentionTiles.ROWS, sequenceStart[s + 1] - row);
                tiles.add(new Tile(row, positions, row - start, s));
            }
        }
        return tiles;
    }

    /** The keys that the queries of a launch see, sequence by sequence, in tiles as the kernel reads them. */
    private static int[] keyTiles(AttentionShape shape, AttentionTiles tiles, Launch launch) {
        List<int[]> result = new ArrayList<>();
        int end = launch.first() + launch.tiles();
        for (int from = launch.first(), to; from < end; from = to) {
            Tile first = tiles.tile(from);
            int queries = 0;
            for (to = from; to < end && tiles.tile(to).table() == first.table(); to++) {
                queries += tiles.tile(to).positions();
            }
            int behind = first.position() + queries;
            int key = shape.window() == 0 ? 0 : Math.max(0, first.position() - shape.window() + 1);
            for (; key < behind; key += AttentionTiles.ROWS) {
                int keys = Math.min(AttentionTiles.ROWS, behind - key);
                int row = first.row() - first.position() + key;
                result.add(new int[] {row, keys, key, first.row(), first.position(), queries, from - launch.first()});
            }
        }
        return result.stream().flatMapToInt(Arrays::stream).toArray();
    }

    /**
     * The key tiles of a launch.
     *
     * @param at address of their numbers
     * @param head of every group whose share is added
     */
    private record Keys(long at, int tiles, int head) {}

    private void run(TileLaunches launches, Launch launch, Keys keys, Matrices matrices, long scores, long products) {
        AttentionShape shape = launches.shape();
        launches.scores(launch, keys.head(), shape.scale(), matrices.q(), matrices.k(), scores);
        launches.scores(launch, keys.head(), 1f, matrices.dout(), matrices.v(), products);
        stream.launch(
                CudaFunction.ATTENTION_SOFTMAX_BACKWARD,
                launches.softmaxGrid(launch),
                launches.tilesAt(launch),
                shape.heads(),
                shape.keyValueHeads(),
                shape.window(),
                keys.head(),
                shape.scale(),
                scores,
                products);
        launches.values(launch, keys.head(), products, 0L, matrices.k(), matrices.dq());
        int pieces = Height.HIGH.columnPieces(shape.headDim());
        stream.launch(
                CudaFunction.ATTENTION_KEYS_BACKWARD,
                Grid.of(keys.tiles(), shape.keyValueHeads(), 2 * pieces, Height.HIGH.threads()),
                launches.tilesAt(launch),
                keys.at(),
                shape.heads(),
                shape.keyValueHeads(),
                shape.headDim(),
                shape.window(),
                keys.head(),
                products,
                scores,
                matrices.q(),
                matrices.dout(),
                matrices.dk(),
                matrices.dv());
    }
}
