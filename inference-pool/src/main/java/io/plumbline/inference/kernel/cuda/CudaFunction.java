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
    COPY_COLUMNS("IIPIPI");

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
