package io.plumbline.finetune.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.inference.model.TrainingBatch;
import java.util.List;
import org.junit.jupiter.api.Test;

class PackedRowsTest {
    @Test
    void rowsFollowEachOtherWithoutPaddingAndWithoutWhatInfluencesNoLoss() {
        var first = new TokenizedRow(1, new int[] {1, 2, 3, 4}, new int[] {-1, 3, -1, -1}, 1);
        var second = new TokenizedRow(2, new int[] {5, 6}, new int[] {6, -1}, 1);
        List<TrainingBatch> batches = PackedRows.pack(List.of(first, second), 100);
        assertThat(batches).singleElement().satisfies(batch -> {
            assertThat(batch.tokens()).containsExactly(1, 2, 5);
            assertThat(batch.targets()).containsExactly(-1, 3, 6);
            assertThat(batch.sequenceStart()).containsExactly(0, 2, 3);
            assertThat(batch.targetRows()).containsExactly(1, 2);
        });
    }

    @Test
    void aBatchIsClosedWhenTheNextRowDoesNotFitAndALongRowStandsAlone() {
        List<TokenizedRow> rows = List.of(row(3), row(3), row(9), row(2), row(4));
        assertThat(PackedRows.pack(rows, 6)).extracting(TrainingBatch::rows).containsExactly(6, 9, 6);
    }

    @Test
    void rowsWithoutTargetsAreLeftOut() {
        var silent = new TokenizedRow(1, new int[4], new int[] {-1, -1, -1, -1}, 0);
        assertThat(PackedRows.pack(List.of(silent, row(2), silent), 10))
                .extracting(TrainingBatch::rows)
                .containsExactly(2);
    }

    private static TokenizedRow row(int usefulLength) {
        int[] targets = new int[usefulLength];
        return new TokenizedRow(1, new int[usefulLength], targets, usefulLength);
    }
}
