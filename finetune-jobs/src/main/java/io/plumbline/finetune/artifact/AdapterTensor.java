package io.plumbline.finetune.artifact;

import io.plumbline.inference.model.Projection;

/**
 * Where a tensor of an adapter belongs.
 *
 * @param layer decoder layer
 * @param projection linear layer
 * @param factor A or B of {@code ΔW = scale · B·A}
 */
public record AdapterTensor(int layer, Projection projection, Factor factor) {
    /** Which factor of the low-rank delta. */
    public enum Factor {
        /** [rank, in]. */
        A,
        /** [out, rank]. */
        B
    }
}
