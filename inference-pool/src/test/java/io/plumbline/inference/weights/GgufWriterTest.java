package io.plumbline.inference.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.plumbline.inference.quant.QuantFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GgufWriterTest {
    private static final GgufWriter.Check NONE = _ -> {};

    @TempDir
    Path folder;

    private static GgufTensor tensor(String name, QuantFormat format, List<Long> dimensions, byte[] bytes) {
        return new GgufTensor(name, format, dimensions, sink -> {
            sink.accept(java.util.Arrays.copyOf(bytes, bytes.length / 2));
            sink.accept(java.util.Arrays.copyOfRange(bytes, bytes.length / 2, bytes.length));
        });
    }

    private List<String> filesOf(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    @Test
    void everyTypeOfValueAndTensorComesBack() throws IOException {
        Map<String, MetadataValue> metadata = new LinkedHashMap<>();
        metadata.put("general.architecture", new MetadataValue.Text("llama"));
        metadata.put("general.alignment", MetadataValue.ofCount(64));
        for (GgufType type : List.of(GgufType.UINT8, GgufType.UINT16, GgufType.UINT32, GgufType.UINT64)) {
            metadata.put("a." + type, new MetadataValue.Whole(type, 200));
        }
        for (GgufType type : List.of(GgufType.INT8, GgufType.INT16, GgufType.INT32, GgufType.INT64)) {
            metadata.put("a." + type, new MetadataValue.Whole(type, -100));
        }
        metadata.put("a.f32", MetadataValue.ofFloat(1e-5));
        metadata.put("a.f64", new MetadataValue.Real(GgufType.FLOAT64, 0.1));
        metadata.put("a.flag", new MetadataValue.Flag(true));
        metadata.put("a.texts", MetadataValue.ofTexts(List.of("", "ö", "你好")));
        metadata.put("a.ints", MetadataValue.ofInts(new int[] {3, -4}));
        metadata.put("a.floats", MetadataValue.ofFloats(new float[] {0.5f}));
        byte[] q8 = new byte[2 * 34];
        q8[33] = 7;
        Path file = folder.resolve("all.gguf");
        GgufWriter.write(
                file,
                metadata,
                List.of(
                        tensor("matrix", QuantFormat.Q8_0, List.of(2L, 32L), q8),
                        tensor("vector", QuantFormat.F32, List.of(3L), new byte[] {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 32, 64
                        })),
                NONE);
        try (GgufFile read = GgufFile.open(file)) {
            metadata.remove("general.alignment");
            assertThat(read.metadata().values().keySet()).containsExactlyElementsOf(metadata.keySet());
            metadata.forEach((key, value) -> {
                MetadataValue found = read.metadata().values().get(key);
                if (!(value instanceof MetadataValue.Array)) {
                    assertThat(found).as(key).isEqualTo(value);
                }
            });
            assertThat(read.metadata().requireTexts("a.texts")).containsExactly("", "ö", "你好");
            assertThat(read.metadata().wholes("a.ints").orElseThrow()).containsExactly(3, -4);
            assertThat(read.metadata().reals("a.floats").orElseThrow()).containsExactly(0.5f);
            assertThat(read.tensor("matrix").dimensions()).containsExactly(2L, 32L);
            assertThat(read.tensor("matrix").storedRows(0, 2)).isEqualTo(q8);
            assertThat(read.tensor("vector").toFloats()).containsExactly(0, 0, 2.5f);
        }
    }

    @Test
    void nestedListsAreCopiedAsTheyAre() throws IOException {
        byte[] nested = GgufBuilder.concat(List.of(
                new byte[] {9, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0}, // one array
                new byte[] {0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 5, 6})); // of two UINT8
        Path first = folder.resolve("first.gguf");
        Files.write(first, new GgufBuilder().rawEntry("nested", 9, nested).build());
        Path second = folder.resolve("second.gguf");
        try (GgufFile read = GgufFile.open(first)) {
            GgufWriter.write(second, read.metadata().values(), List.of(), NONE);
        }
        assertThat(Files.readAllBytes(second)).isEqualTo(Files.readAllBytes(first));
    }

    @Test
    void whatFailsLeavesTheTargetAsItWasAndNothingBehind() throws IOException {
        Path file = folder.resolve("model.gguf");
        Files.writeString(file, "before");
        GgufTensor broken = new GgufTensor("t", QuantFormat.F32, List.of(4L), _ -> {
            throw new IOException("No space left on device");
        });
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> GgufWriter.write(file, Map.of(), List.of(broken), NONE))
                .withMessageContaining("No space left");
        GgufTensor fine = tensor("t", QuantFormat.F32, List.of(1L), new byte[4]);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> GgufWriter.write(file, Map.of(), List.of(fine), draft -> {
                    GgufFile.open(draft).close();
                    throw new IllegalArgumentException("refused by the check");
                }))
                .withMessage("refused by the check");
        GgufTensor tooLong = tensor("t", QuantFormat.F32, List.of(1L), new byte[8]);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> GgufWriter.write(file, Map.of(), List.of(tooLong), NONE))
                .withMessageContaining("8 bytes instead of 4");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> GgufWriter.write(file, Map.of(), List.of(fine, fine), NONE))
                .withMessageContaining("'t' is taken");
        assertThat(Files.readString(file)).isEqualTo("before");
        assertThat(filesOf(folder)).containsExactly("model.gguf");
    }

    @Test
    void aFileThatDoesNotFitOntoTheDiskIsNotBegun() throws IOException {
        GgufTensor huge = new GgufTensor("t", QuantFormat.F32, List.of(1L << 30, 1L << 30), _ -> {});
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> GgufWriter.write(folder.resolve("huge.gguf"), Map.of(), List.of(huge), NONE))
                .withMessageContaining("free; make room");
        assertThat(filesOf(folder)).isEmpty();
    }
}
