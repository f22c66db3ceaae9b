package io.plumbline.inference.kernel;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** How the keys and values of a paged cache are stored. Attention computes in float32 either way. */
public enum KeyValuePrecision {
    /** As they are: four bytes per element. */
    FLOAT32,
    /**
     * Quantised to 8 bits per block of 32 elements as activations are (ADR 0014): {@code d = max|x| / 127},
     * {@code q = rint(x · (127 / max|x|))}, 0 where the maximum is 0; 1.125 bytes per element. A row of one key head is
     * its headDim codes, one signed byte each, then its headDim / 32 scales d as float32; read back, an element is
     * {@code d · q} in float32. The head dimension must be a multiple of {@link #BLOCK}.
     */
    INT8;

    /** Elements that share a scale. */
    public static final int BLOCK = 32;

    /** Whether heads of so many elements can be stored like this. */
    public boolean supports(int headDim) {
        return this == FLOAT32 || headDim % BLOCK == 0;
    }

    /**
     * Elements of a {@link Buffer} that one key head's row of one position takes.
     *
     * @throws IllegalArgumentException if such heads cannot be stored like this
     */
    public int headElements(int headDim) {
        if (!supports(headDim)) {
            throw new IllegalArgumentException(
                    "keys and values of 8 bits need a head dimension that is a multiple of %d, not %d"
                            .formatted(BLOCK, headDim));
        }
        return switch (this) {
            case FLOAT32 -> headDim;
            case INT8 -> headDim / Float.BYTES + headDim / BLOCK;
        };
    }

    /** Elements of a {@link Buffer} that the keys (or the values) of one position take, all heads one after another. */
    public int rowElements(AttentionShape shape) {
        return shape.keyValueHeads() * headElements(shape.headDim());
    }

    /**
     * The precision of a setting: {@code float32} or {@code int8}, in any case.
     *
     * @throws IllegalArgumentException that names the choices
     */
    public static KeyValuePrecision named(String name) {
        return Arrays.stream(values())
                .filter(precision -> precision.name().equalsIgnoreCase(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no key/value precision '%s'; choose one of %s"
                        .formatted(
                                name,
                                Arrays.stream(values())
                                        .map(KeyValuePrecision::toString)
                                        .collect(Collectors.joining(", ")))));
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
