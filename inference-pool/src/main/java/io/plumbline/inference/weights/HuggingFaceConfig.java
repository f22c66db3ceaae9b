package io.plumbline.inference.weights;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * A {@code config.json} as Hugging Face models bring it, in both key styles: {@code rope_theta}, {@code rope_scaling} and
 * {@code torch_dtype} of published checkpoints, {@code rope_parameters} and {@code dtype} of transformers 5. A key that
 * is absent or null answers empty.
 */
public final class HuggingFaceConfig {
    private static final double DEFAULT_THETA = 10_000;
    private static final String REMEDY = "Use the config.json that belongs to the model.";

    private final Path file;
    private final JsonNode root;

    private HuggingFaceConfig(Path file, JsonNode root) {
        this.file = file;
        this.root = root;
    }

    /**
     * Reads a configuration.
     *
     * @throws BrokenModelFileException if it is no JSON object
     * @throws IOException if it cannot be read at all
     */
    public static HuggingFaceConfig read(Path file) throws IOException {
        try {
            JsonNode root = StrictJson.parse(Files.readAllBytes(file));
            if (root.isObject()) {
                return new HuggingFaceConfig(file, root);
            }
        } catch (JsonProcessingException e) {
            long offset = e.getLocation() == null ? -1 : e.getLocation().getByteOffset();
            throw new BrokenModelFileException(
                    file, offset, "this is no valid JSON: " + e.getOriginalMessage(), REMEDY);
        }
        throw new BrokenModelFileException(file, 0, "this is no JSON object", REMEDY);
    }

    /** {@code model_type}, such as {@code llama}. */
    public String modelType() {
        return text("model_type").orElseThrow(() -> missing("model_type"));
    }

    public Optional<String> text(String key) {
        JsonNode node = root.path(key);
        return node.isTextual() ? Optional.of(node.asText()) : Optional.empty();
    }

    /**
     * An integer.
     *
     * @throws BrokenModelFileException if it is something else
     */
    public OptionalInt whole(String key) {
        JsonNode node = root.path(key);
        if (node.isMissingNode() || node.isNull()) {
            return OptionalInt.empty();
        }
        if (!node.isIntegralNumber() || !node.canConvertToInt()) {
            throw wrong(key, "an integer", node);
        }
        return OptionalInt.of(node.asInt());
    }

    /**
     * A number.
     *
     * @throws BrokenModelFileException if it is something else
     */
    public OptionalDouble real(String key) {
        JsonNode node = root.path(key);
        if (node.isMissingNode() || node.isNull()) {
            return OptionalDouble.empty();
        }
        if (!node.isNumber()) {
            throw wrong(key, "a number", node);
        }
        return OptionalDouble.of(node.asDouble());
    }

    public Optional<Boolean> flag(String key) {
        JsonNode node = root.path(key);
        return node.isBoolean() ? Optional.of(node.asBoolean()) : Optional.empty();
    }

    public Optional<List<String>> texts(String key) {
        JsonNode node = root.path(key);
        if (!node.isArray()) {
            return Optional.empty();
        }
        List<String> texts = new ArrayList<>();
        node.forEach(item -> texts.add(item.asText()));
        return Optional.of(texts);
    }

    /**
     * A list of integers.
     *
     * @throws BrokenModelFileException if it is something else
     */
    public List<Integer> wholes(String key) {
        JsonNode node = root.path(key);
        List<Integer> numbers = new ArrayList<>();
        if (node.isMissingNode() || node.isNull()) {
            return numbers;
        }
        for (JsonNode item : node) {
            if (!item.isIntegralNumber()) {
                throw wrong(key, "a list of integers", node);
            }
            numbers.add(item.asInt());
        }
        return numbers;
    }

    /**
     * A count or size, at least 1.
     *
     * @throws BrokenModelFileException if it is missing or out of range
     */
    public int requireCount(String key) {
        int value = whole(key).orElseThrow(() -> missing(key));
        if (value < 1) {
            throw wrong(key, "at least 1", root.path(key));
        }
        return value;
    }

    public double requireReal(String key) {
        return real(key).orElseThrow(() -> missing(key));
    }

    /** Element type of the checkpoint, such as {@code float32}. */
    public Optional<String> dtype() {
        return text("dtype").or(() -> text("torch_dtype"));
    }

    /** {@code eos_token_id}: one number or a list of them; empty if not set. */
    public List<Integer> eosTokenIds() {
        JsonNode node = root.path("eos_token_id");
        List<Integer> ids = new ArrayList<>();
        if (node.isArray()) {
            node.forEach(id -> ids.add(id.asInt()));
        } else if (node.isIntegralNumber()) {
            ids.add(node.asInt());
        }
        return ids;
    }

    /** Rotary embedding of the full-attention layers. */
    public RopeSettings rope() {
        JsonNode parameters = root.path("rope_parameters");
        if (parameters.path("full_attention").isObject()) {
            return settings(parameters.path("full_attention"), DEFAULT_THETA);
        }
        if (parameters.isObject()) {
            return settings(parameters, real("rope_theta").orElse(DEFAULT_THETA));
        }
        return settings(root.path("rope_scaling"), real("rope_theta").orElse(DEFAULT_THETA));
    }

    /** Rotary embedding of the sliding-window layers, where it is another one (Gemma 3). */
    public Optional<RopeSettings> slidingRope() {
        JsonNode sliding = root.path("rope_parameters").path("sliding_attention");
        if (sliding.isObject()) {
            return Optional.of(settings(sliding, DEFAULT_THETA));
        }
        OptionalDouble local = real("rope_local_base_freq");
        return local.isPresent()
                ? Optional.of(new RopeSettings(local.getAsDouble(), "default", Map.of()))
                : Optional.empty();
    }

    private RopeSettings settings(JsonNode node, double defaultTheta) {
        Map<String, Double> numbers = new HashMap<>();
        Map<String, List<Double>> lists = new HashMap<>();
        node.properties().forEach(entry -> {
            if (entry.getValue().isNumber() && !entry.getKey().equals("rope_theta")) {
                numbers.put(entry.getKey(), entry.getValue().asDouble());
            } else if (entry.getValue().isArray()) {
                lists.put(entry.getKey(), numbers(entry.getKey(), entry.getValue()));
            }
        });
        String type = node.path("rope_type").asText(node.path("type").asText("default"));
        return new RopeSettings(node.path("rope_theta").asDouble(defaultTheta), type, numbers, lists);
    }

    private List<Double> numbers(String key, JsonNode array) {
        List<Double> numbers = new ArrayList<>();
        for (JsonNode item : array) {
            if (!item.isNumber()) {
                throw wrong(key, "a list of numbers", array);
            }
            numbers.add(item.asDouble());
        }
        return numbers;
    }

    private BrokenModelFileException missing(String key) {
        return new BrokenModelFileException(file, -1, "the key '%s' is missing".formatted(key), REMEDY);
    }

    private BrokenModelFileException wrong(String key, String wanted, JsonNode found) {
        return new BrokenModelFileException(
                file, -1, "'%s' should be %s but is %s".formatted(key, wanted, found), REMEDY);
    }
}
