package io.plumbline.inference.conversion;

import io.plumbline.inference.quant.QuantFormat;
import java.util.List;

/**
 * Which format each tensor of a model gets, after llama.cpp's plain mixtures: vectors stay F32, matrices take the target
 * format, and the matrix that makes the logits (the head, or the embedding where the two are one) takes Q6_K if the
 * target has fewer bits. A matrix whose rows are not whole blocks falls back to the neighbour with smaller blocks.
 *
 * @param target what the model is quantised to
 * @param tiedEmbedding whether the embedding is the head too
 */
record FormatPolicy(QuantFormat target, boolean tiedEmbedding) {
    private static final String EMBEDDING = "token_embd.weight";
    private static final String HEAD = "output.weight";

    /** A mixture-of-experts router: tiny, and what it decides is all or nothing. */
    private static final String ROUTER = "ffn_gate_inp.weight";

    /** The format of a tensor. */
    QuantFormat formatOf(String name, List<Long> dimensions) {
        if (dimensions.size() < 2 || name.endsWith(ROUTER)) {
            return QuantFormat.F32;
        }
        return fitting(wanted(name), dimensions.getLast());
    }

    /** The format that a matrix would have if its rows were whole blocks. */
    QuantFormat wanted(String name) {
        boolean makesLogits = name.equals(HEAD) || tiedEmbedding && name.equals(EMBEDDING);
        return makesLogits && bitsPerWeight(target) < bitsPerWeight(QuantFormat.Q6_K) ? QuantFormat.Q6_K : target;
    }

    static double bitsPerWeight(QuantFormat format) {
        return 8.0 * format.blockBytes() / format.blockElements();
    }

    private static QuantFormat fitting(QuantFormat format, long columns) {
        QuantFormat fitting = format;
        while (columns % fitting.blockElements() != 0) {
            fitting = switch (fitting) {
                case Q2_K, Q3_K, IQ4_XS -> QuantFormat.IQ4_NL;
                case Q4_K -> QuantFormat.Q5_0;
                case Q5_K -> QuantFormat.Q5_1;
                case Q6_K -> QuantFormat.Q8_0;
                case Q4_0, Q4_1, Q5_0, Q5_1, Q8_0, IQ4_NL, F32, F16, BF16 -> QuantFormat.F16;
            };
        }
        return fitting;
    }
}
