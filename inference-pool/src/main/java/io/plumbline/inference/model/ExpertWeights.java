package io.plumbline.inference.model;

import io.plumbline.inference.kernel.Weight;
import java.util.List;

/**
 * The weights of a feed-forward block with experts.
 *
 * @param router [experts, hidden]
 * @param experts one gated block each
 */
public record ExpertWeights(Weight router, List<Expert> experts) {
    public ExpertWeights {
        experts = List.copyOf(experts);
    }

    /**
     * One expert.
     *
     * @param gate [width, hidden]
     * @param up [width, hidden]
     * @param down [hidden, width]
     */
    public record Expert(Weight gate, Weight up, Weight down) {}
}
