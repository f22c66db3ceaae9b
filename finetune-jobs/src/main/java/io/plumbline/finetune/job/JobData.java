package io.plumbline.finetune.job;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.LinkedHashMap;
import java.util.Map;

/** Small maps in text columns, as JSON. */
final class JobData {
    private static final ObjectMapper JSON = new ObjectMapper();

    private JobData() {}

    static String write(Map<String, ?> map) {
        try {
            return JSON.writeValueAsString(map);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("cannot be written as JSON: " + map, e);
        }
    }

    static Map<String, String> texts(String json) {
        return read(json, new TypeReference<LinkedHashMap<String, String>>() {});
    }

    static Map<String, Number> numbers(String json) {
        return read(json, new TypeReference<LinkedHashMap<String, Number>>() {});
    }

    private static <T> T read(String json, TypeReference<T> type) {
        try {
            return JSON.readValue(json, type);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a stored map is not JSON", e);
        }
    }
}
