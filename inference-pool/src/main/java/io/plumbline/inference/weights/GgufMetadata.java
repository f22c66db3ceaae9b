package io.plumbline.inference.weights;

import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * Metadata of a GGUF file by key. The plain getters answer empty when the key is absent; a value of another type than
 * asked for is a broken file, and so is a missing key for the {@code require…} methods.
 */
public final class GgufMetadata {
    private static final String REMEDY = "Convert the model again with a current converter, or use another file.";

    private final Path file;
    private final Map<String, MetadataValue> values;

    GgufMetadata(Path file, Map<String, MetadataValue> values) {
        this.file = file;
        this.values = Collections.unmodifiableMap(values);
    }

    /** All values in file order. */
    public Map<String, MetadataValue> values() {
        return values;
    }

    /** {@code general.architecture}. */
    public String architecture() {
        return requireText("general.architecture");
    }

    public Optional<String> text(String key) {
        return switch (values.get(key)) {
            case null -> Optional.empty();
            case MetadataValue.Text(String value) -> Optional.of(value);
            case MetadataValue other -> throw wrongType(key, "a string", other);
        };
    }

    public OptionalLong whole(String key) {
        return switch (values.get(key)) {
            case null -> OptionalLong.empty();
            case MetadataValue.Whole(GgufType _, long value) -> OptionalLong.of(value);
            case MetadataValue other -> throw wrongType(key, "an integer", other);
        };
    }

    /** A floating-point number; an integer is taken as one. */
    public OptionalDouble real(String key) {
        return switch (values.get(key)) {
            case null -> OptionalDouble.empty();
            case MetadataValue.Real(GgufType _, double value) -> OptionalDouble.of(value);
            case MetadataValue.Whole(GgufType _, long value) -> OptionalDouble.of(value);
            case MetadataValue other -> throw wrongType(key, "a number", other);
        };
    }

    public Optional<Boolean> flag(String key) {
        return switch (values.get(key)) {
            case null -> Optional.empty();
            case MetadataValue.Flag(boolean value) -> Optional.of(value);
            case MetadataValue other -> throw wrongType(key, "a truth value", other);
        };
    }

    public Optional<List<String>> texts(String key) {
        return textArray(key).map(MetadataValue.Array::texts);
    }

    /** A list of strings that need not become objects. */
    private Optional<MetadataValue.Array> textArray(String key) {
        return array(key).map(array -> {
            if (array.elementType() != GgufType.STRING && array.size() > 0) {
                throw wrongType(key, "a list of strings", array);
            }
            return array.size() == 0 ? MetadataValue.ofTexts(List.of()) : array;
        });
    }

    public Optional<long[]> wholes(String key) {
        return array(key).map(array -> {
            if (!array.elementType().isWhole()) {
                throw wrongType(key, "a list of integers", array);
            }
            return array.wholes();
        });
    }

    public Optional<float[]> reals(String key) {
        return array(key).map(array -> {
            if (!array.elementType().isReal() && !array.elementType().isWhole()) {
                throw wrongType(key, "a list of numbers", array);
            }
            return array.reals();
        });
    }

    public String requireText(String key) {
        return text(key).orElseThrow(() -> missing(key));
    }

    public long requireWhole(String key) {
        return whole(key).orElseThrow(() -> missing(key));
    }

    /**
     * A count or size: an integer from {@code least} to 2³¹ − 1.
     *
     * @throws BrokenModelFileException if the key is missing or the value out of range
     */
    public int requireCount(String key, int least) {
        long value = requireWhole(key);
        if (value < least || value > Integer.MAX_VALUE) {
            throw broken("the metadata value '%s' is out of range: %d".formatted(key, value));
        }
        return (int) value;
    }

    public double requireReal(String key) {
        return real(key).orElseThrow(() -> missing(key));
    }

    public List<String> requireTexts(String key) {
        return texts(key).orElseThrow(() -> missing(key));
    }

    /** The same, for a list of which the strings need not become objects. */
    public MetadataValue.Array requireTextArray(String key) {
        return textArray(key).orElseThrow(() -> missing(key));
    }

    private Optional<MetadataValue.Array> array(String key) {
        return switch (values.get(key)) {
            case null -> Optional.empty();
            case MetadataValue.Array array -> Optional.of(array);
            case MetadataValue other -> throw wrongType(key, "a list", other);
        };
    }

    /** An exception of this file, for a reader that finds its values inconsistent. */
    public BrokenModelFileException broken(String fault) {
        return new BrokenModelFileException(file, -1, fault, REMEDY);
    }

    private BrokenModelFileException missing(String key) {
        return broken("the metadata key '%s' is missing".formatted(key));
    }

    private BrokenModelFileException wrongType(String key, String wanted, MetadataValue found) {
        String type = found instanceof MetadataValue.Array array
                ? "an array of " + array.elementType()
                : found.getClass().getSimpleName();
        return broken("the metadata value '%s' should be %s but is %s".formatted(key, wanted, type));
    }
}
