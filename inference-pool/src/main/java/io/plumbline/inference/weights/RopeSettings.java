package io.plumbline.inference.weights;

import java.util.Map;

/**
 * Rotary embedding as a Hugging Face configuration states it.
 *
 * @param theta base of the frequencies
 * @param type {@code default}, {@code linear}, {@code llama3}, {@code yarn} …
 * @param parameters the numbers of the scaling, such as {@code factor}
 */
public record RopeSettings(double theta, String type, Map<String, Double> parameters) {
    public RopeSettings {
        parameters = Map.copyOf(parameters);
    }
}
