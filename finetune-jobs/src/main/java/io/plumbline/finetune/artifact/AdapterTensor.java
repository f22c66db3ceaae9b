package io.plumbline.finetune.artifact;

import io.plumbline.inference.weights.AdapterSite;
import io.plumbline.inference.weights.LinearModule;

/**
 * Where a tensor of an adapter belongs.
 *
 * @param layer decoder layer
 * @param module linear layer
 * @param factor A or B of {@code ΔW = scale · B·A}
 */
public record AdapterTensor(int layer, LinearModule module, Factor factor) {
    /** The linear layer it belongs to. */
    public AdapterSite site() {
        return new AdapterSite(layer, module);
    }

    /** Which factor of the low-rank delta. */
    public enum Factor {
        /** [rank, in]. */
        A,
        /** [out, rank]. */
        B
    }
}
