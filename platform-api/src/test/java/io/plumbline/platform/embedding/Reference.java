package io.plumbline.platform.embedding;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.StreamSupport;

/**
 * What another implementation made of a text: token ids by Hugging Face tokenizers 0.23.3 (text lower-cased before), vectors
 * by ONNX Runtime 1.31.1 for Python.
 */
record Reference(String text, int[] ids, Optional<float[]> vector) {
    static List<Reference> all() {
        ObjectMapper json = new ObjectMapper();
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(
                Objects.requireNonNull(Reference.class.getResourceAsStream("/embedding/bge-small-zh-reference.jsonl")),
                StandardCharsets.UTF_8))) {
            return lines.lines().map(line -> of(json, line)).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Reference of(ObjectMapper json, String line) {
        try {
            JsonNode row = json.readTree(line);
            int[] ids = StreamSupport.stream(row.path("ids").spliterator(), false)
                    .mapToInt(JsonNode::asInt)
                    .toArray();
            Optional<float[]> vector = Optional.ofNullable(row.get("vector")).map(node -> floats(node.asText()));
            return new Reference(row.path("text").asText(), ids, vector);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static float[] floats(String base64) {
        ByteBuffer bytes = ByteBuffer.wrap(Base64.getDecoder().decode(base64)).order(ByteOrder.LITTLE_ENDIAN);
        float[] floats = new float[bytes.remaining() / Float.BYTES];
        bytes.asFloatBuffer().get(floats);
        return floats;
    }

    static double cosine(float[] a, float[] b) {
        double dot = 0;
        double lengthA = 0;
        double lengthB = 0;
        for (int i = 0; i < a.length; i++) {
            dot += (double) a[i] * b[i];
            lengthA += (double) a[i] * a[i];
            lengthB += (double) b[i] * b[i];
        }
        return dot / Math.sqrt(lengthA * lengthB);
    }
}
