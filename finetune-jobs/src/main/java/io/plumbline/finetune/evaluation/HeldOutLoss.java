package io.plumbline.finetune.evaluation;

import io.plumbline.finetune.dataset.PackedRows;
import io.plumbline.finetune.dataset.TokenizedRow;
import io.plumbline.inference.model.AdapterRows;
import io.plumbline.inference.model.AdapterWeights;
import io.plumbline.inference.model.TrainingBatch;
import io.plumbline.inference.model.TrainingPass;
import java.util.List;
import java.util.Optional;

/**
 * Mean cross-entropy per target token over rows that were not trained on.
 *
 * @param loss sum of the token losses / number of target tokens, in nats
 * @param targetTokens number of target tokens
 */
public record HeldOutLoss(double loss, long targetTokens) {
    /** Called before every micro-batch; leaves the measurement by an exception if the run should end. */
    @FunctionalInterface
    public interface Interruption {
        void check();
    }

    /**
     * Measures.
     *
     * @param adapter empty = the base model alone
     * @param maxTokens tokens of one packed batch, at most the capacity of {@code pass}
     */
    public static HeldOutLoss measure(
            TrainingPass pass,
            List<TokenizedRow> rows,
            Optional<AdapterWeights> adapter,
            int maxTokens,
            Interruption interruption) {
        double sum = 0;
        long targets = 0;
        for (TrainingBatch batch : PackedRows.pack(rows, maxTokens)) {
            interruption.check();
            AdapterRows adapters =
                    adapter.map(a -> AdapterRows.all(batch.rows(), a)).orElseGet(() -> AdapterRows.none(batch.rows()));
            sum += pass.loss(batch, adapters);
            targets += batch.targetCount();
        }
        return new HeldOutLoss(targets == 0 ? Double.NaN : sum / targets, targets);
    }
}
