package io.plumbline.inference.kernel.cuda;

import java.util.Locale;

/**
 * The entry points of {@code plumbline.cu}, each with its parameters, one letter per parameter: P pointer, L long long, I
 * int, F float, D double.
 */
enum CudaFunction {
    // elementwise.cuh
    FILL("LFP"),
    SCALE("LFP"),
    ADD_SCALED("LFPP"),
    COPY_COLUMNS("IIPIPI"),
    // rows.cuh
    ADD_BIAS("IPP"),
    GATHER_ROWS("IPPP"),
    SCATTER_ADD_ROWS("IPPP"),
    SCATTER_ADD_SCALED_ROWS("IPPPP"),
    RMS_NORM("IFPPP"),
    RMS_NORM_BACKWARD("IFPPPP"),
    ROPE("IIIIFPPP"),
    GATED_ACTIVATION("ILPPP"),
    GATED_ACTIVATION_BACKWARD("ILPPPPP"),
    // attention_rows.cuh, attention.cuh
    STORE_KEY_VALUE("IIIPPPPP"),
    ATTENTION_SCORES_LOW("PPIIIIIIIIFPPP"),
    ATTENTION_SCORES_HIGH("PPIIIIIIIIFPPP"),
    ATTENTION_SOFTMAX("PIIIIIPP"),
    ATTENTION_VALUES_LOW("PPIIIIIIIIPPPP"),
    ATTENTION_VALUES_HIGH("PPIIIIIIIIPPPP"),
    // attention_backward.cuh
    ATTENTION_SOFTMAX_BACKWARD("PIIIIFPP"),
    ATTENTION_KEYS_BACKWARD("PPIIIIIPPPPPP"),
    // loss.cuh
    SOFTMAX_CROSS_ENTROPY("IPFPP"),
    // optimizer.cuh
    SUM_OF_SQUARES("LPP"),
    ADAMW("FFFFFFFFFLPPPP"),
    // packed.cuh, pack.cuh
    EMBED("PIIPIFP"),
    PACK("PIIIP"),
    // products.cuh
    MATMUL_1("IPPIIIP"),
    MATMUL_4("IPPIIIP"),
    MATMUL_16("IPPIIIP"),
    MATMUL_32("IPPIIIP"),
    MATMUL_BACKWARD_16("IPPIIIP"),
    MATMUL_BACKWARD_64("IPPIIIP"),
    MATMUL_BACKWARD_128("IPPIIIP"),
    // integer.cuh
    QUANTISE_ROWS("IIPP"),
    MATMUL_FEW_8("IIPPIIPPIIPPIIP"),
    MATMUL_FEW_16("IIPPIIPPIIPPIIP"),
    MATMUL_MANY("IIPPIIPPIIPPIIP"),
    // lora.cuh
    LORA_DOWN_1("PPIP"),
    LORA_DOWN_4("PPIP"),
    LORA_DOWN_16("PPIP"),
    LORA_UP_4("PP"),
    LORA_UP_16("PP"),
    LORA_BACKWARD_UP("PPPP"),
    LORA_BACKWARD_DOWN("PPIPP"),
    LORA_GRADIENT_B("PIPPP"),
    LORA_GRADIENT_A("PIPIPP");

    private final String parameters;

    CudaFunction(String parameters) {
        this.parameters = parameters;
    }

    /** The name in the source, such as {@code pl_add_scaled}. */
    String symbol() {
        return "pl_" + name().toLowerCase(Locale.ROOT);
    }

    String parameters() {
        return parameters;
    }
}
