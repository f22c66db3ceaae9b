package io.plumbline.inference.model;

import io.plumbline.inference.weights.LinearModule;
import java.util.List;
import java.util.Optional;

/**
 * What a model computes: everything {@link ForwardPass} needs to know besides the weights.
 *
 * @param architecture the family
 * @param vocabulary tokens, rows of the embedding and of the head
 * @param hidden width of the residual stream
 * @param contextLength positions the model was made for
 * @param normEpsilon ε of every RMS norm
 * @param embeddingScale factor on embeddings (Gemma: √hidden)
 * @param residualScale factor on what a block adds to the residual stream (MiniCPM: depth scale)
 * @param headScale factor on the normalised hidden state before the head (MiniCPM: 1/width multiple)
 * @param layers the decoder layers
 */
public record ModelPlan(
        Architecture architecture,
        int vocabulary,
        int hidden,
        int contextLength,
        float normEpsilon,
        float embeddingScale,
        float residualScale,
        float headScale,
        List<LayerPlan> layers) {
    public ModelPlan {
        layers = List.copyOf(layers);
    }

    /** The matrices of a layer that every row goes through: those that an adapter can change. */
    public List<ModulePlan> modules(int layer) {
        return ModulePlan.of(this, layer);
    }

    /** The matrix of that name, or empty if the layer has none. */
    public Optional<ModulePlan> module(int layer, LinearModule module) {
        return modules(layer).stream().filter(m -> m.module() == module).findFirst();
    }

    /** The widest feed-forward block. */
    public int maxFeedForward() {
        return layers.stream().mapToInt(l -> l.feedForward().width()).max().orElse(0);
    }

    /** The widest row of attention's output. */
    public int maxMixedWidth() {
        return layers.stream().mapToInt(LayerPlan::mixedWidth).max().orElse(0);
    }

    /** The widest query row. */
    public int maxQueryWidth() {
        return layers.stream().mapToInt(l -> l.attention().queryWidth()).max().orElse(0);
    }

    /** The widest key or value row. */
    public int maxKeyValueWidth() {
        return layers.stream()
                .mapToInt(l -> l.attention().keyValueWidth())
                .max()
                .orElse(0);
    }
}
