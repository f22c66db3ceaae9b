package io.plumbline.inference.model.golden;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;

/** Arrays of numbers. */
final class GoldenJson {
    private GoldenJson() {}

    static int[] ints(JsonNode array) {
        int[] values = new int[array.size()];
        Arrays.setAll(values, i -> array.path(i).asInt());
        return values;
    }

    static float[] floats(JsonNode array) {
        float[] values = new float[array.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) array.path(i).asDouble();
        }
        return values;
    }
}
