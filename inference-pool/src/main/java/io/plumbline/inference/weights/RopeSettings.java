package io.plumbline.inference.weights;

import java.util.List;
import java.util.Map;

/**
 * Rotary embedding as a Hugging Face configuration states it.
 *
 * @param theta base of the frequencies
 * @param type {@code default}, {@code linear}, {@code llama3}, {@code yarn} …
 * @param parameters the numbers of the scaling, such as {@code factor}
 * @param factors its lists of numbers, one per pair of elements, such as {@code long_factor}
 */
public record RopeSettings(
        double theta, String type, Map<String, Double> parameters, Map<String, List<Double>> factors) {
    public RopeSettings {
        parameters = Map.copyOf(parameters);
        factors = Map.copyOf(factors);
    }

    /** A scaling without lists. */
    public RopeSettings(double theta, String type, Map<String, Double> parameters) {
        this(theta, type, parameters, Map.of());
    }
}
