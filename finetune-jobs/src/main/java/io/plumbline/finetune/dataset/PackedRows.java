package io.plumbline.finetune.dataset;

import io.plumbline.inference.model.TrainingBatch;
import java.util.ArrayList;
import java.util.List;

/**
 * Splits the rows of a step into packed batches of limited size. Rows stay in their order and whole; a batch is closed
 * when the next row does not fit any more; rows without targets are left out. The split depends on the rows alone, so it is the same in every run.
 */
public final class PackedRows {
    private PackedRows() {}

    /**
     * Packs rows.
     *
     * @param maxTokens tokens of one batch; a longer row is a batch of its own
     */
    public static List<TrainingBatch> pack(List<TokenizedRow> rows, int maxTokens) {
        List<TrainingBatch> batches = new ArrayList<>();
        List<TokenizedRow> open = new ArrayList<>();
        int tokens = 0;
        for (TokenizedRow row : rows) {
            if (row.targetCount() == 0) {
                continue;
            }
            if (!open.isEmpty() && tokens + row.usefulLength() > maxTokens) {
                batches.add(join(open));
                open.clear();
                tokens = 0;
            }
            open.add(row);
            tokens += row.usefulLength();
        }
        if (!open.isEmpty()) {
            batches.add(join(open));
        }
        return batches;
    }

    private static TrainingBatch join(List<TokenizedRow> rows) {
        int[] start = new int[rows.size() + 1];
        for (int i = 0; i < rows.size(); i++) {
            start[i + 1] = start[i] + rows.get(i).usefulLength();
        }
        int total = start[rows.size()];
        int[] tokens = new int[total];
        int[] targets = new int[total];
        for (int i = 0; i < rows.size(); i++) {
            TokenizedRow row = rows.get(i);
            System.arraycopy(row.tokens(), 0, tokens, start[i], row.usefulLength());
            System.arraycopy(row.targets(), 0, targets, start[i], row.usefulLength());
        }
        return new TrainingBatch(tokens, start, targets);
    }
}
