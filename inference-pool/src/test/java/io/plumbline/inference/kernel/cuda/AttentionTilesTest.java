package io.plumbline.inference.kernel.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.inference.kernel.AttentionShape;
import io.plumbline.inference.kernel.cuda.AttentionTiles.Launch;
import io.plumbline.inference.kernel.cuda.AttentionTiles.Tile;
import org.junit.jupiter.api.Test;

class AttentionTilesTest {
    private static final AttentionShape SHAPE = new AttentionShape(4, 2, 64, 0.125f, 0);
    /** Scores of a tile of four positions up to 64 keys: two key heads, two heads of a group. */
    private static final int SCORES = 2 * 4 * 2 * 64;

    private static AttentionTiles tiles(AttentionShape shape, long mostScores, Tile... tiles) {
        var result = new AttentionTiles(shape, 2, 1, mostScores);
        for (Tile tile : tiles) {
            result.add(tile);
        }
        return result;
    }

    @Test
    void aTileTellsItsKeysAndWhereItsScoresBegin() {
        var tiles = tiles(SHAPE, 1 << 20, new Tile(0, 4, 60, 7), new Tile(4, 4, 64, 7), new Tile(8, 1, 0, 9));
        assertThat(tiles.numbers())
                .containsExactly(
                        0,
                        4,
                        60,
                        7,
                        0,
                        64,
                        0, // 64 keys: one column of tiles
                        4,
                        4,
                        64,
                        7,
                        0,
                        68,
                        SCORES / 64, // 68: two
                        8,
                        1,
                        0,
                        9,
                        0,
                        1,
                        3 * SCORES / 64);
        assertThat(tiles.launches()).containsExactly(new Launch(0, 3, 68, 4, 3 * SCORES + SCORES / 4));
        assertThat(tiles.tile(1)).isEqualTo(new Tile(4, 4, 64, 7));
    }

    @Test
    void keysBeforeTheWindowOfTheFirstRowAreLeftOut() {
        AttentionShape shape = new AttentionShape(4, 2, 64, 0.125f, 10);
        assertThat(tiles(shape, 1 << 20, new Tile(0, 4, 60, 0)).numbers()).containsExactly(0, 4, 60, 0, 51, 13, 0);
    }

    @Test
    void aLaunchHasNoMoreScoresThanAllowedOrASingleTile() {
        var tiles = tiles(
                SHAPE,
                2 * SCORES,
                new Tile(0, 4, 0, 0),
                new Tile(4, 4, 4, 0),
                new Tile(8, 4, 8, 0),
                new Tile(12, 4, 1000, 0));
        assertThat(tiles.launches())
                .containsExactly(
                        new Launch(0, 2, 8, 4, 2 * SCORES),
                        new Launch(2, 1, 12, 4, SCORES),
                        new Launch(3, 1, 1004, 4, 16 * SCORES));
        assertThat(tiles.scratch()).isEqualTo(16 * SCORES);
    }
}
