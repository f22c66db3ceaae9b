package io.plumbline.compliance.audit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Reads the members of one JSON object, each by name and type. Whatever is missing, of another type, double or left over is an
 * {@link IllegalArgumentException} that names the member.
 */
final class JsonMembers {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private final JsonNode object;

    private JsonMembers(JsonNode object) {
        this.object = object;
    }

    /** @param names all members that there are, in any order */
    static JsonMembers of(byte[] json, List<String> names) {
        return of(parse(json), names);
    }

    static JsonMembers of(JsonNode object, List<String> names) {
        if (!object.isObject()) {
            throw new IllegalArgumentException("a JSON object is expected");
        }
        object.fieldNames().forEachRemaining(name -> {
            if (!names.contains(name)) {
                throw new IllegalArgumentException("there is no member '%s'".formatted(name));
            }
        });
        return new JsonMembers(object);
    }

    static JsonNode parse(byte[] json) {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not valid JSON: " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new IllegalArgumentException("not valid JSON: " + e.getMessage(), e);
        }
    }

    String string(String name) {
        JsonNode value = object.path(name);
        if (!value.isTextual()) {
            throw new IllegalArgumentException("the member '%s' is missing or no string".formatted(name));
        }
        return value.textValue();
    }

    long number(String name) {
        JsonNode value = object.path(name);
        if (!value.isIntegralNumber() || !value.canConvertToLong()) {
            throw new IllegalArgumentException("the member '%s' is missing or no whole number".formatted(name));
        }
        return value.longValue();
    }

    Instant time(String name) {
        String text = string(name);
        try {
            Instant time = Instant.parse(text);
            if (LogTime.text(time).equals(text)) {
                return time;
            }
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("the member '%s' is no time".formatted(name), e);
        }
        throw new IllegalArgumentException(
                "the member '%s' is no time such as 2026-11-22T04:05:06.789Z".formatted(name));
    }

    MerkleHash hash(String name) {
        try {
            return MerkleHash.ofHex(string(name));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("'%s': %s".formatted(name, e.getMessage()), e);
        }
    }

    /** Base 64 with padding, in its one form. */
    byte[] bytes(String name) {
        String text = string(name);
        try {
            byte[] bytes = Base64.getDecoder().decode(text);
            if (Base64.getEncoder().encodeToString(bytes).equals(text)) {
                return bytes;
            }
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("the member '%s' is no base 64".formatted(name), e);
        }
        throw new IllegalArgumentException("the member '%s' is no canonical base 64".formatted(name));
    }

    SortedMap<String, String> strings(String name) {
        JsonNode value = node(name);
        SortedMap<String, String> members = new TreeMap<>();
        value.properties().forEach(member -> {
            if (!member.getValue().isTextual()) {
                throw new IllegalArgumentException("'%s.%s' is no string".formatted(name, member.getKey()));
            }
            members.put(member.getKey(), member.getValue().textValue());
        });
        return members;
    }

    List<MerkleHash> hashes(String name) {
        return list(name, value -> MerkleHash.ofHex(value.asText()));
    }

    <T> List<T> list(String name, Function<JsonNode, T> element) {
        JsonNode value = object.path(name);
        if (!value.isArray()) {
            throw new IllegalArgumentException("the member '%s' is missing or no list".formatted(name));
        }
        List<T> elements = new ArrayList<>();
        value.forEach(node -> elements.add(element.apply(node)));
        return List.copyOf(elements);
    }

    /** A member that is itself an object. */
    JsonNode node(String name) {
        JsonNode value = object.path(name);
        if (!value.isObject()) {
            throw new IllegalArgumentException("the member '%s' is missing or no object".formatted(name));
        }
        return value;
    }
}
