package io.plumbline.inference.model;

/**
 * The input of one forward pass.
 *
 * @param tokens one per row
 * @param attention how the rows see each other
 * @param adapters which adapter each row uses
 */
public record ModelStep(int[] tokens, AttentionStep attention, AdapterRows adapters) {
    public ModelStep {
        if (adapters.adapterOfRow().length != tokens.length || attention.positions().length != tokens.length) {
            throw new IllegalArgumentException("tokens, positions and adapters must have one entry per row");
        }
    }

    /** Number of rows. */
    public int rows() {
        return tokens.length;
    }
}
