package io.plumbline.inference.kernel.cuda;

import io.plumbline.inference.kernel.AttentionShape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Tiles of query rows that read the same keys, in launches whose scores fit into scratch memory. Which rows share a tile
 * or a launch does not show in a result.
 */
final class AttentionTiles {
    /** Query rows of a tile: {@code ROWS} of the tiles in {@code weighted_sums.cuh}. */
    static final int ROWS = 16;
    /** {@code PL_TILE_KEYS} of {@code attention_rows.cuh}. */
    static final int KEYS = 64;
    /** Scores of a launch that is not a single tile: 128 MB, which keep a large device busy with long contexts. */
    static final long MOST_SCORES = 1 << 25;
    /** Numbers of a {@code pl_tile}. */
    private static final int NUMBERS = 7;

    private final AttentionShape shape;
    private final int heads;
    private final int pieces;
    private final long mostScores;
    private final List<Launch> launches = new ArrayList<>();
    private int[] numbers = new int[NUMBERS * 16];
    private int tiles;

    /**
     * One tile.
     *
     * @param row of its first position among all rows of the call
     * @param positions neighbouring positions of a sequence
     * @param position the first one
     * @param table where the sequence's keys begin in {@link KeySlots#firstSlots}
     */
    record Tile(int row, int positions, int position, int table) {}

    /**
     * Tiles of one launch.
     *
     * @param first number of the first tile
     * @param tiles one after another
     * @param keys of the tile that has most
     * @param positions of the tile that has most
     * @param scores floats of scratch that all of them need
     */
    record Launch(int first, int tiles, int keys, int positions, long scores) {
        private static Launch behind(int tiles) {
            return new Launch(tiles, 0, 0, 0, 0);
        }

        private Launch with(Tile tile, int tileKeys, long tileScores) {
            return new Launch(
                    first,
                    tiles + 1,
                    Math.max(keys, tileKeys),
                    Math.max(positions, tile.positions()),
                    scores + tileScores);
        }

        /** Bytes from the first of all tiles to the first of these. */
        long offset() {
            return (long) first * NUMBERS * Integer.BYTES;
        }
    }

    /**
     * No tiles yet.
     *
     * @param heads query heads of a group that share a tile
     * @param pieces of so many heads that are computed of every group
     * @param mostScores of a launch with several tiles
     */
    AttentionTiles(AttentionShape shape, int heads, int pieces, long mostScores) {
        this.shape = shape;
        this.heads = heads;
        this.pieces = pieces;
        this.mostScores = mostScores;
    }

    /** Query heads that share a tile: a group, or as much of one as a tile has rows. */
    static int headsOfTile(AttentionShape shape) {
        return Math.min(ROWS, shape.heads() / shape.keyValueHeads());
    }

    void add(Tile tile) {
        int firstKey = shape.window() == 0 ? 0 : Math.max(0, tile.position() - shape.window() + 1);
        int keys = tile.position() + tile.positions() - firstKey;
        long stride = Math.ceilDiv(keys, KEYS) * (long) KEYS;
        long scores = (long) headPieces() * tile.positions() * heads * stride;
        Launch last = launches.isEmpty() ? Launch.behind(0) : launches.removeLast();
        if (last.tiles() > 0 && last.scores() + scores > mostScores) {
            launches.add(last);
            last = Launch.behind(tiles);
        }
        launches.add(last.with(tile, keys, scores));
        append(tile, firstKey, keys, Math.toIntExact(last.scores() / KEYS));
    }

    private void append(Tile tile, int firstKey, int keys, int scores) {
        int at = tiles++ * NUMBERS;
        if (at + NUMBERS > numbers.length) {
            numbers = Arrays.copyOf(numbers, 2 * numbers.length);
        }
        numbers[at] = tile.row();
        numbers[at + 1] = tile.positions();
        numbers[at + 2] = tile.position();
        numbers[at + 3] = tile.table();
        numbers[at + 4] = firstKey;
        numbers[at + 5] = keys;
        numbers[at + 6] = scores;
    }

    /** All tiles as the kernels read them. */
    int[] numbers() {
        return Arrays.copyOf(numbers, tiles * NUMBERS);
    }

    Tile tile(int number) {
        int at = number * NUMBERS;
        return new Tile(numbers[at], numbers[at + 1], numbers[at + 2], numbers[at + 3]);
    }

    List<Launch> launches() {
        return launches;
    }

    /** Floats of scratch for the scores of any launch. */
    long scratch() {
        return launches.stream().mapToLong(Launch::scores).max().orElse(0);
    }

    int heads() {
        return heads;
    }

    /** Pieces of heads that a tile has, of all groups together. */
    int headPieces() {
        return shape.keyValueHeads() * pieces;
    }

    boolean isEmpty() {
        return tiles == 0;
    }
}
