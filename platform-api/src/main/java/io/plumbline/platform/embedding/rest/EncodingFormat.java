package io.plumbline.platform.embedding.rest;

import io.plumbline.platform.error.InvalidRequest;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** How vectors are written. */
enum EncodingFormat {
    /** A JSON array of numbers. */
    FLOAT,
    /** Base 64 of little-endian 32-bit floats, which the SDKs ask for by default. */
    BASE64;

    static EncodingFormat of(@Nullable String name) {
        return switch (name) {
            case null -> FLOAT;
            case "float" -> FLOAT;
            case "base64" -> BASE64;
            default ->
                throw new InvalidRequest(
                        "encoding_format", "'encoding_format' is float or base64, not '%s'.".formatted(name));
        };
    }

    /** @param vector shape (dimensions) */
    Object write(float[] vector) {
        return switch (this) {
            case FLOAT -> vector;
            case BASE64 -> {
                ByteBuffer bytes =
                        ByteBuffer.allocate(vector.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
                bytes.asFloatBuffer().put(vector);
                yield Base64.getEncoder().encodeToString(bytes.array());
            }
        };
    }
}
