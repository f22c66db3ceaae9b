package io.plumbline.inference.model;

import io.plumbline.inference.kernel.PagedBatch;
import java.util.List;

/** How the rows of a forward pass see each other: the one thing in which serving and training differ. */
public sealed interface AttentionStep {
    /** Position of each row in its sequence. */
    int[] positions();

    /**
     * Serving: rows continue sequences whose earlier keys and values are in a paged cache.
     *
     * @param batch where each row belongs
     * @param caches one per decoder layer
     */
    record Paged(PagedBatch batch, List<LayerCache> caches) implements AttentionStep {
        public Paged {
            caches = List.copyOf(caches);
        }

        @Override
        public int[] positions() {
            int[] positions = new int[batch.rows()];
            for (int s = 0; s < batch.sequences(); s++) {
                int first = batch.rowStart()[s];
                for (int row = first; row < batch.rowStart()[s + 1]; row++) {
                    positions[row] = batch.firstPosition()[s] + row - first;
                }
            }
            return positions;
        }
    }

    /**
     * Training: whole sequences, one after the other, without a cache.
     *
     * @param sequenceStart length sequences + 1; sequence s owns rows sequenceStart[s] to sequenceStart[s+1] - 1
     */
    record Sequences(int[] sequenceStart) implements AttentionStep {
        @Override
        public int[] positions() {
            int[] positions = new int[sequenceStart[sequenceStart.length - 1]];
            for (int s = 0; s < sequenceStart.length - 1; s++) {
                for (int row = sequenceStart[s]; row < sequenceStart[s + 1]; row++) {
                    positions[row] = row - sequenceStart[s];
                }
            }
            return positions;
        }
    }
}
