package io.plumbline.inference.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.plumbline.inference.quant.QuantFormat;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GgufFileTest {
    @TempDir
    Path folder;

    private static byte[] tinyModel() throws IOException {
        try (InputStream in = GgufFileTest.class.getResourceAsStream("/weights/tiny-qwen3-q4_0.gguf")) {
            return in.readAllBytes();
        }
    }

    private Path file(byte[] content) throws IOException {
        return Files.write(folder.resolve("model.gguf"), content);
    }

    private void assertBroken(byte[] content, String fault) throws IOException {
        Path file = file(content);
        assertThatThrownBy(() -> GgufFile.open(file).close())
                .isInstanceOf(BrokenModelFileException.class)
                .hasMessageStartingWith("model.gguf: ")
                .hasMessageContaining(fault);
    }

    @Test
    void readsMetadataAndTensorsOfAConvertedModel() throws IOException {
        try (GgufFile model = GgufFile.open(file(tinyModel()))) {
            assertThat(model.metadata().architecture()).isEqualTo("qwen3");
            assertThat(model.metadata().requireCount("qwen3.block_count", 1)).isEqualTo(2);
            assertThat(model.metadata().requireText("tokenizer.ggml.model")).isEqualTo("gpt2");
            assertThat(model.metadata().requireTexts("tokenizer.ggml.tokens").subList(0, 5))
                    .containsExactly("<pad>", "<s>", "</s>", "<|im_start|>", "<|im_end|>");

            WeightTensor embedding = model.tensor("token_embd.weight");
            assertThat(embedding.format()).isEqualTo(QuantFormat.Q4_0);
            assertThat(embedding.dimensions()).containsExactly(320L, 64L);
            assertThat(embedding.rows(3, 2).byteSize()).isEqualTo(2 * 2 * 18);
            WeightTensor norm = model.tensor("output_norm.weight");
            assertThat(norm.toFloats()).hasSize(64).doesNotContain(Float.NaN);
        }
    }

    @Test
    void namesTheMissingTensor() throws IOException {
        try (GgufFile model = GgufFile.open(file(tinyModel()))) {
            assertThatThrownBy(() -> model.tensor("blk.7.attn_q.weight"))
                    .isInstanceOf(BrokenModelFileException.class)
                    .hasMessageContaining("'blk.7.attn_q.weight' is missing");
        }
    }

    @Test
    void aMetadataValueOfAnotherTypeIsNamed() throws IOException {
        try (GgufFile model = GgufFile.open(file(tinyModel()))) {
            assertThatThrownBy(() -> model.metadata().whole("general.architecture"))
                    .isInstanceOf(BrokenModelFileException.class)
                    .hasMessageContaining("'general.architecture' should be an integer but is Text");
        }
    }

    @Test
    void refusesOtherFormatsAndVersions() throws IOException {
        assertBroken(new byte[0], "does not begin with 'GGUF'");
        assertBroken("PK\3\4 a zip archive".getBytes(StandardCharsets.UTF_8), "does not begin with 'GGUF'");
        assertBroken(new GgufBuilder().version(1).build(), "GGUF version 1 is not read");
        assertBroken(new GgufBuilder().version(0x03000000).build(), "big-endian");
    }

    @Test
    void refusesHostileCountsBeforeAllocatingForThem() throws IOException {
        byte[] model = new GgufBuilder().build();
        ByteBuffer buffer = ByteBuffer.wrap(model).order(ByteOrder.LITTLE_ENDIAN);
        assertBroken(buffer.putLong(8, Long.MAX_VALUE).array().clone(), "tensors, more than it has room for");
        assertBroken(buffer.putLong(8, -1).array().clone(), "18446744073709551615 tensors");
        buffer.putLong(8, 0);
        assertBroken(buffer.putLong(16, 1L << 40).array().clone(), "metadata entries, more than it has room for");
        assertBroken(new GgufBuilder().rawEntry("key", 8, longs(1L << 60)).build(), "a string of 1152921504606846976");
        assertBroken(
                new GgufBuilder()
                        .rawEntry("key", 9, concat(ints(10), longs(1L << 61)))
                        .build(),
                "elements in 'key', more than it has room for");
    }

    @Test
    void refusesArraysNestedWithoutEnd() throws IOException {
        byte[] level = concat(ints(9), longs(1));
        byte[] nested = level;
        for (int i = 0; i < 2000; i++) {
            nested = concat(level, nested);
        }
        assertBroken(new GgufBuilder().rawEntry("key", 9, nested).build(), "nested too deeply");
    }

    @Test
    void refusesImpossibleTensors() throws IOException {
        byte[] data = new byte[256];
        assertBroken(new GgufBuilder().tensor("t", 99, 0, 32).data(data).build(), "type 99, which is not supported");
        assertBroken(new GgufBuilder().tensor("t", 2, 0, 33).data(data).build(), "does not fit the format Q4_0");
        assertBroken(new GgufBuilder().tensor("t", 0, 8, 4).data(data).build(), "not a multiple of 32");
        assertBroken(new GgufBuilder().tensor("t", 0, 32, 64).data(data).build(), "has only 256");
        assertBroken(new GgufBuilder().tensor("t", 0, 1L << 62, 64).data(data).build(), "has only 256");
        assertBroken(new GgufBuilder().tensor("t", 0, 0, 1L << 40).data(data).build(), "a dimension of 1099511627776");
        assertBroken(
                new GgufBuilder()
                        .tensor("t", 0, 0, 1L << 30, 1L << 30, 1L << 30)
                        .data(data)
                        .build(),
                "does not fit the format");
        assertBroken(
                new GgufBuilder()
                        .tensor("a", 0, 0, 16)
                        .tensor("b", 0, 32, 4)
                        .data(data)
                        .build(),
                "'a' and 'b' overlap");
        assertBroken(
                new GgufBuilder()
                        .tensor("a", 0, 0, 4)
                        .tensor("a", 0, 32, 4)
                        .data(data)
                        .build(),
                "'a' occurs twice");
    }

    @Test
    void readsEveryMetadataType() throws IOException {
        byte[] bytes = new GgufBuilder()
                .rawEntry("u8", 0, new byte[] {(byte) 200})
                .rawEntry("i8", 1, new byte[] {-3})
                .rawEntry("u32", 4, ints(-1))
                .rawEntry("i32", 5, ints(-1))
                .rawEntry("f32", 6, ints(Float.floatToIntBits(0.5f)))
                .rawEntry("bool", 7, new byte[] {1})
                .rawEntry("u64", 10, longs(1L << 40))
                .rawEntry("f64", 12, longs(Double.doubleToLongBits(0.1)))
                .rawEntry("list", 9, concat(ints(5), longs(3), ints(7, -8, 9)))
                .build();
        try (GgufFile model = GgufFile.open(file(bytes))) {
            GgufMetadata metadata = model.metadata();
            assertThat(metadata.requireWhole("u8")).isEqualTo(200);
            assertThat(metadata.requireWhole("i8")).isEqualTo(-3);
            assertThat(metadata.requireWhole("u32")).isEqualTo(4294967295L);
            assertThat(metadata.requireWhole("i32")).isEqualTo(-1);
            assertThat(metadata.requireReal("f32")).isEqualTo(0.5);
            assertThat(metadata.flag("bool")).contains(true);
            assertThat(metadata.requireWhole("u64")).isEqualTo(1L << 40);
            assertThat(metadata.requireReal("f64")).isEqualTo(0.1);
            assertThat(metadata.wholes("list").orElseThrow()).containsExactly(7, -8, 9);
            assertThat(metadata.whole("absent")).isEmpty();
        }
    }

    @Test
    void everyTruncationIsAClearError() throws IOException {
        byte[] model = tinyModel();
        Random random = new Random(1);
        for (int i = 0; i < 300; i++) {
            int length = i < 100 ? i : random.nextInt(model.length);
            Path file = file(Arrays.copyOf(model, length));
            assertThatThrownBy(() -> GgufFile.open(file).close())
                    .as("first %d bytes", length)
                    .isInstanceOf(BrokenModelFileException.class);
        }
    }

    @Test
    void flippedBytesNeverDoWorseThanAClearError() throws IOException {
        byte[] model = tinyModel();
        Random random = new Random(2);
        int broken = 0;
        for (int i = 0; i < 1500; i++) {
            byte[] damaged = model.clone();
            int header = 12_000; // metadata and tensor table; flips among the weights change values only
            for (int flip = random.nextInt(1, 4); flip > 0; flip--) {
                damaged[random.nextInt(i < 500 ? 256 : header)] = (byte) random.nextInt(256);
            }
            Path file = file(damaged);
            Throwable thrown = catchThrowable(() -> readEverything(file));
            if (thrown != null) {
                assertThat(thrown).isInstanceOf(BrokenModelFileException.class);
                broken++;
            }
        }
        assertThat(broken).isGreaterThan(300);
    }

    private static void readEverything(Path file) throws IOException {
        try (GgufFile model = GgufFile.open(file)) {
            for (String key : model.metadata().values().keySet()) {
                switch (model.metadata().values().get(key)) {
                    case MetadataValue.Array array when array.elementType() == GgufType.STRING -> array.texts();
                    case MetadataValue.Array array when array.elementType().isWhole() -> array.wholes();
                    case MetadataValue.Array array when array.elementType().isReal() -> array.reals();
                    default -> {}
                }
            }
            for (String name : model.names()) {
                WeightTensor tensor = model.tensor(name);
                assertThat(tensor.rows(0, tensor.rows()).byteSize())
                        .isEqualTo(tensor.data().byteSize());
            }
        }
    }

    private static byte[] ints(int... values) {
        ByteBuffer buffer = ByteBuffer.allocate(values.length * Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        Arrays.stream(values).forEach(buffer::putInt);
        return buffer.array();
    }

    private static byte[] longs(long... values) {
        ByteBuffer buffer = ByteBuffer.allocate(values.length * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        Arrays.stream(values).forEach(buffer::putLong);
        return buffer.array();
    }

    private static byte[] concat(byte[]... parts) {
        return GgufBuilder.concat(List.of(parts));
    }
}
