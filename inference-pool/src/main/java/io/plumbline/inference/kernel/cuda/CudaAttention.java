package io.plumbline.inference.kernel.cuda;

import static io.plumbline.inference.kernel.cuda.CudaBuffer.at;

import io.plumbline.inference.kernel.AttentionShape;
import io.plumbline.inference.kernel.Buffer;
import io.plumbline.inference.kernel.KeyValuePrecision;
import io.plumbline.inference.kernel.PagedBatch;
import io.plumbline.inference.kernel.cuda.AttentionTiles.Launch;
import io.plumbline.inference.kernel.cuda.AttentionTiles.Tile;
import io.plumbline.inference.kernel.cuda.TileLaunches.Height;
import io.plumbline.inference.kernel.cuda.driver.Grid;

/** Keys and values into a cache, and attention over a cache or over whole sequences: {@code attention.cuh}. */
final class CudaAttention {
    private final CudaStream stream;
    private final long mostScores;

    CudaAttention(CudaStream stream) {
        this(stream, AttentionTiles.MOST_SCORES);
    }

    /** @param mostScores of a launch; no result depends on it */
    CudaAttention(CudaStream stream, long mostScores) {
        this.stream = stream;
        this.mostScores = mostScores;
    }

    void storeKeyValue(AttentionShape shape, PagedBatch batch, Buffer k, Buffer v, Buffer keyCache, Buffer valueCache) {
        long[] staged = stream.upload(KeySlots.paged(batch).ofRows(batch));
        Grid columns = CudaRows.columns(batch.rows(), shape.keyValueWidth());
        stream.launch(
                CudaFunction.STORE_KEY_VALUE,
                Grid.of(columns.blocksX(), columns.blocksY(), 2, columns.threadsX()),
                shape.keyValueHeads(),
                shape.headDim(),
                batch.precision() == KeyValuePrecision.INT8 ? 1 : 0,
                staged[0],
                at(k),
                at(v),
                at(keyCache),
                at(valueCache));
    }

    void paged(AttentionShape shape, PagedBatch batch, Buffer q, Buffer keyCache, Buffer valueCache, Buffer out) {
        boolean eightBit = batch.precision() == KeyValuePrecision.INT8;
        var rows = new Rows(batch.rowStart(), batch.firstPosition(), KeySlots.paged(batch), eightBit);
        run(shape, rows, new Matrices(at(q), at(keyCache), at(valueCache), at(out)));
    }

    void contiguous(AttentionShape shape, int[] sequenceStart, Buffer q, Buffer k, Buffer v, Buffer out) {
        int[] firstPosition = new int[sequenceStart.length - 1];
        var rows = new Rows(sequenceStart, firstPosition, KeySlots.contiguous(sequenceStart), false);
        run(shape, rows, new Matrices(at(q), at(k), at(v), at(out)));
    }

    /** Query rows of sequences as in {@link PagedBatch}, and where their keys lie. */
    private record Rows(int[] start, int[] firstPosition, KeySlots slots, boolean eightBit) {
        int count() {
            return start[start.length - 1];
        }
    }

    /** Addresses on the device. */
    private record Matrices(long q, long keys, long values, long out) {}

    private void run(AttentionShape shape, Rows rows, Matrices matrices) {
        int heads = AttentionTiles.headsOfTile(shape);
        int pieces = Math.ceilDiv(shape.heads() / shape.keyValueHeads(), heads);
        var low = new AttentionTiles(shape, heads, pieces, mostScores);
        var high = new AttentionTiles(shape, heads, pieces, mostScores);
        for (int s = 0; s + 1 < rows.start().length; s++) {
            addTiles(rows, s, low, high);
        }
        long inverses = (long) rows.count() * shape.heads() * Float.BYTES;
        long scores = Math.max(low.scratch(), high.scratch()) * Float.BYTES;
        long[] staged = stream.upload(rows.slots().firstSlots(), low.numbers(), high.numbers());
        // Scores come first: they are aligned to whole tiles of keys.
        long scratch = stream.workspace(scores + inverses);
        for (Height height : Height.values()) {
            AttentionTiles tiles = height == Height.LOW ? low : high;
            long tilesAt = height == Height.LOW ? staged[1] : staged[2];
            int blockSize = rows.slots().blockSize();
            var launches =
                    new TileLaunches(stream, shape, tiles, tilesAt, staged[0], blockSize, rows.eightBit(), height);
            run(launches, matrices, scratch, scratch + scores);
        }
    }

    private static void addTiles(Rows rows, int sequence, AttentionTiles low, AttentionTiles high) {
        int start = rows.start()[sequence];
        int count = rows.start()[sequence + 1] - start;
        int most = AttentionTiles.ROWS / low.heads();
        for (int done = 0; done < count; done += most) {
            int positions = Math.min(most, count - done);
            int position = rows.firstPosition()[sequence] + done;
            AttentionTiles tiles = Height.of(positions * low.heads()) == Height.LOW ? low : high;
            tiles.add(new Tile(start + done, positions, position, rows.slots().start()[sequence]));
        }
    }

    private static void run(TileLaunches launches, Matrices matrices, long scores, long inverses) {
        for (Launch launch : launches.tiles().launches()) {
            launches.scores(launch, 0, launches.shape().scale(), matrices.q(), matrices.keys(), scores);
            launches.softmax(launch, scores, inverses);
            launches.values(launch, 0, scores, inverses, matrices.values(), matrices.out());
        }
    }
}
