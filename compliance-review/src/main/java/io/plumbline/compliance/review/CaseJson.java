package io.plumbline.compliance.review;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import io.plumbline.inference.pool.OutputConstraint;
import java.util.List;
import java.util.Map;

/** The parts of a case in text columns, as JSON. */
final class CaseJson {
    private static final ObjectMapper JSON = JsonMapper.builder()
            .addModule(new Jdk8Module())
            .addMixIn(OutputConstraint.class, StoredForm.class)
            .build();

    /** How a form says which it is; the names stand in the database. */
    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
    @JsonSubTypes({
        @JsonSubTypes.Type(value = OutputConstraint.JsonObject.class, name = "json_object"),
        @JsonSubTypes.Type(value = OutputConstraint.JsonSchema.class, name = "json_schema"),
        @JsonSubTypes.Type(value = OutputConstraint.Regex.class, name = "regex"),
        @JsonSubTypes.Type(value = OutputConstraint.OneOf.class, name = "choice"),
        @JsonSubTypes.Type(value = OutputConstraint.ToolCalls.class, name = "tools")
    })
    private interface StoredForm {}

    private CaseJson() {}

    static String write(Object value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("cannot be written as JSON: " + value.getClass(), e);
        }
    }

    static List<CaseMessage> messages(String json) {
        return read(json, new TypeReference<>() {});
    }

    static List<HeldChoice> choices(String json) {
        return read(json, new TypeReference<>() {});
    }

    static List<CaseFinding> findings(String json) {
        return read(json, new TypeReference<>() {});
    }

    static OutputConstraint form(String json) {
        return read(json, new TypeReference<>() {});
    }

    static Map<Integer, String> texts(String json) {
        return read(json, new TypeReference<>() {});
    }

    private static <T> T read(String json, TypeReference<T> type) {
        try {
            return JSON.readValue(json, type);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a stored part of a case cannot be read", e);
        }
    }
}
