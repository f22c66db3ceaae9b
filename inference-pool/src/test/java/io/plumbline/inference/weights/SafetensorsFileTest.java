package io.plumbline.inference.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsFileTest {
    @TempDir
    Path folder;

    private Path file(String header, int dataBytes) throws IOException {
        byte[] json = header.getBytes(StandardCharsets.UTF_8);
        ByteBuffer content =
                ByteBuffer.allocate(Long.BYTES + json.length + dataBytes).order(ByteOrder.LITTLE_ENDIAN);
        content.putLong(json.length).put(json);
        return Files.write(folder.resolve("model.safetensors"), content.array());
    }

    private Path sample() throws IOException {
        Path path = folder.resolve("sample.safetensors");
        byte[] halves = ByteBuffer.allocate(4)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putShort(Float.floatToFloat16(1.5f))
                .putShort(Float.floatToFloat16(-2f))
                .array();
        SafetensorsWriter.write(
                path,
                Map.of("format", "pt"),
                List.of(
                        new SafetensorsTensor("b", SafetensorsType.F16, List.of(2L), MemorySegment.ofArray(halves)),
                        SafetensorsTensor.ofFloats("a", List.of(2L, 3L), new float[] {1, 2, 3, 4, 5, 6})));
        return path;
    }

    @Test
    void readsWhatItWrites() throws IOException {
        try (SafetensorsFile file = SafetensorsFile.open(sample())) {
            assertThat(file.metadata()).containsExactly(Map.entry("format", "pt"));
            assertThat(file.names()).containsExactly("a", "b");
            WeightTensor a = file.tensor("a");
            assertThat(a.rows()).isEqualTo(2);
            assertThat(a.columns()).isEqualTo(3);
            assertThat(a.toFloats()).containsExactly(1, 2, 3, 4, 5, 6);
            assertThat(file.tensor("b").toFloats()).containsExactly(1.5f, -2f);
            assertThat(file.require("b").toDoubles()).containsExactly(1.5, -2);
        }
        try (var leftOver = Files.list(folder)) {
            assertThat(leftOver).hasSize(1);
        }
    }

    @Test
    void theHeaderIsAlignedSoThatLoadersCanMapTheData() throws IOException {
        byte[] bytes = Files.readAllBytes(sample());
        assertThat(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong() % 8)
                .isZero();
    }

    /** Zeros in the right places make a JSON reader take the bytes for UTF-32. */
    @Test
    void refusesWhatOnlyLooksLikeAnotherEncoding() throws IOException {
        Path path = file("{\0\0\0\0\0\0\"asda", 0);
        assertThatThrownBy(() -> SafetensorsFile.open(path))
                .isInstanceOf(BrokenModelFileException.class)
                .hasMessageContaining("no valid JSON");
    }

    @Test
    void refusesDuplicateNames() {
        SafetensorsTensor tensor = SafetensorsTensor.ofFloats("a", List.of(1L), new float[1]);
        assertThatThrownBy(() ->
                        SafetensorsWriter.write(folder.resolve("x.safetensors"), Map.of(), List.of(tensor, tensor)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void refusesInconsistentHeaders() throws IOException {
        assertBroken("[]", 0, "no JSON object");
        assertBroken("{\"a\":", 0, "no valid JSON");
        assertBroken(entry("F32", "[1]", "[0,4]") + entry("F32", "[1]", "[0,4]"), 4, "no valid JSON");
        assertBroken("{" + entry("F8_E4M3", "[4]", "[0,4]") + "}", 4, "type 'F8_E4M3', which is not read");
        assertBroken("{" + entry("F32", "[2]", "[0,4]") + "}", 4, "does not fit its 4 bytes");
        assertBroken("{" + entry("F32", "[4611686018427387904,8]", "[0,4]") + "}", 4, "does not fit its 4 bytes");
        assertBroken("{" + entry("F32", "[-1]", "[0,4]") + "}", 4, "wrong shape or place");
        assertBroken("{" + entry("F32", "[1]", "[0,9]") + "}", 4, "of 4 bytes of data");
        assertBroken("{" + entry("F32", "[1]", "[4,8]") + "}", 8, "begins at 4 instead of 0");
        assertBroken("{" + entry("F32", "[1]", "[0,4]") + "}", 8, "take 4 bytes of 8");
    }

    private static String entry(String type, String shape, String place) {
        return "\"a\":{\"dtype\":\"%s\",\"shape\":%s,\"data_offsets\":%s}".formatted(type, shape, place);
    }

    private void assertBroken(String header, int dataBytes, String fault) throws IOException {
        Path file = file(header, dataBytes);
        assertThatThrownBy(() -> SafetensorsFile.open(file).close())
                .isInstanceOf(BrokenModelFileException.class)
                .hasMessageContaining(fault);
    }

    @Test
    void anEmptyTensorIsNoWeight() throws IOException {
        try (SafetensorsFile file = SafetensorsFile.open(file("{" + entry("F32", "[0,4]", "[0,0]") + "}", 0))) {
            assertThat(file.require("a").toFloats()).isEmpty();
            assertThatThrownBy(() -> file.tensor("a"))
                    .isInstanceOf(BrokenModelFileException.class)
                    .hasMessageContaining("'a' is empty");
        }
    }

    @Test
    void aHugeHeaderLengthIsRefused() throws IOException {
        Path file = folder.resolve("huge.safetensors");
        Files.write(
                file,
                ByteBuffer.allocate(16)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putLong(Long.MAX_VALUE)
                        .array());
        assertThatThrownBy(() -> SafetensorsFile.open(file).close())
                .isInstanceOf(BrokenModelFileException.class)
                .hasMessageContaining("9223372036854775807");
    }

    @Test
    void damageNeverDoesWorseThanAClearError() throws IOException {
        byte[] bytes = Files.readAllBytes(sample());
        Random random = new Random(3);
        for (int i = 0; i < 2000; i++) {
            byte[] damaged = i < bytes.length ? Arrays.copyOf(bytes, i) : bytes.clone();
            if (damaged.length == bytes.length) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
            }
            Path file = Files.write(folder.resolve("damaged.safetensors"), damaged);
            Throwable thrown = catchThrowable(() -> SafetensorsFile.open(file).close());
            if (thrown != null) {
                assertThat(thrown).isInstanceOf(BrokenModelFileException.class);
            } else {
                assertThat(i).as("truncated to %d bytes", i).isGreaterThanOrEqualTo(bytes.length);
            }
        }
    }
}
