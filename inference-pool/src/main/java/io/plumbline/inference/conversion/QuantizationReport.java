package io.plumbline.inference.conversion;

import io.plumbline.inference.evaluation.Perplexity;
import io.plumbline.inference.quant.QuantFormat;
import java.util.List;
import java.util.Optional;

/**
 * What quantising a model did.
 *
 * @param before the model as it was
 * @param after the model as it was written
 * @param perplexityBefore empty if not asked for
 * @param perplexityAfter empty if not asked for
 * @param notes what a reader should know, a sentence each
 */
record QuantizationReport(
        Contents before,
        Contents after,
        Optional<Perplexity> perplexityBefore,
        Optional<Perplexity> perplexityAfter,
        List<String> notes) {
    /**
     * What a model's weights are stored as.
     *
     * @param formats one entry per format that occurs
     */
    record Contents(List<FormatShare> formats) {
        long weights() {
            return formats.stream().mapToLong(FormatShare::weights).sum();
        }

        long bytes() {
            return formats.stream().mapToLong(FormatShare::bytes).sum();
        }

        double bitsPerWeight() {
            return 8.0 * bytes() / weights();
        }
    }

    /**
     * The tensors of one format.
     *
     * @param tensors how many
     * @param weights their elements
     * @param bytes their size
     */
    record FormatShare(QuantFormat format, int tensors, long weights, long bytes) {
        FormatShare plus(FormatShare other) {
            return new FormatShare(format, tensors + other.tensors, weights + other.weights, bytes + other.bytes);
        }
    }
}
