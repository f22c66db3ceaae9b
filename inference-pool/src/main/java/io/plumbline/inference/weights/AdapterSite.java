package io.plumbline.inference.weights;

import java.util.Comparator;

/**
 * One linear layer of the base model.
 *
 * @param layer decoder block, from 0
 * @param module which of its layers
 */
public record AdapterSite(int layer, LinearModule module) implements Comparable<AdapterSite> {
    private static final Comparator<AdapterSite> ORDER =
            Comparator.comparingInt(AdapterSite::layer).thenComparing(AdapterSite::module);

    public AdapterSite {
        if (layer < 0) {
            throw new IllegalArgumentException("layers are counted from 0, not " + layer);
        }
    }

    @Override
    public int compareTo(AdapterSite other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return "layer %d %s".formatted(layer, module.moduleName());
    }
}
