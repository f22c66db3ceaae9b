package io.plumbline.ascend.acl;

/** The operators that kernels use. */
public enum OperatorName {
    CAST("aclnnCast"),
    INPLACE_COPY("aclnnInplaceCopy"),
    RMS_NORM("aclnnRmsNorm"),
    WEIGHT_QUANT_MATMUL_V2("aclnnWeightQuantBatchMatmulV2"),
    WEIGHT_QUANT_MATMUL_V3("aclnnWeightQuantBatchMatmulV3");

    private final String symbol;

    OperatorName(String symbol) {
        this.symbol = symbol;
    }

    public String symbol() {
        return symbol;
    }
}
