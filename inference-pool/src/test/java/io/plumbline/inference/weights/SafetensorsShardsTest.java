package io.plumbline.inference.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsShardsTest {
    private static final String TWO = """
            {"metadata": {"total_size": 20}, "weight_map": {"a": "m-1.safetensors", "b": "m-2.safetensors"}}
            """;

    @TempDir
    private Path folder;

    @Test
    void aModelInSeveralFilesReadsLikeOneInOne() throws IOException {
        shard("m-1.safetensors", "a", 1, 2);
        shard("m-2.safetensors", "b", 3, 4, 5);
        index(TWO);
        try (WeightFile file = SafetensorsShards.open(folder)) {
            assertThat(file.names()).containsExactly("a", "b");
            assertThat(file.tensor("a").toFloats()).containsExactly(1, 2);
            assertThat(file.tensor("b").toFloats()).containsExactly(3, 4, 5);
            assertThat(file.find("c")).isEmpty();
            assertThat(file.path()).isEqualTo(folder);
        }
        shard(SafetensorsShards.SINGLE, "whole", 6);
        try (WeightFile file = SafetensorsShards.open(folder)) {
            assertThat(file.names()).containsExactly("whole");
        }
    }

    @Test
    void anIndexThatItsFilesContradictIsRefused() throws IOException {
        shard("m-1.safetensors", "a", 1);
        shard("m-2.safetensors", "c", 2);
        index(TWO);
        assertBroken("the tensor 'b' is not in m-2.safetensors");
        index(TWO.replace("\"b\"", "\"a2\"").replace("m-2", "m-1"));
        assertBroken("'a2' is not in m-1.safetensors");
        index(TWO.replace("\"b\"", "\"c\"").replace("\"a\": \"m-1.safetensors\", ", ""));
        SafetensorsShards.open(folder).close();
        index("{\"weight_map\": {}}");
        assertBroken("no 'weight_map'");
        index("[");
        assertBroken("no valid JSON");
    }

    @Test
    void aTensorThatTheIndexDoesNotNameIsRefused() throws IOException {
        shard("m-1.safetensors", "a", 1);
        SafetensorsWriter.write(
                folder.resolve("m-2.safetensors"),
                Map.of(),
                List.of(
                        SafetensorsTensor.ofFloats("b", List.of(1L), new float[1]),
                        SafetensorsTensor.ofFloats("hidden", List.of(1L), new float[1])));
        index(TWO);
        assertBroken("the tensor 'hidden' of m-2.safetensors is not where the index says");
    }

    @Test
    void noFileOutsideTheFolderIsOpened() throws IOException {
        for (String name :
                List.of("../m-2.safetensors", "/etc/m.safetensors", "x/m.safetensors", ".safetensors", "m.bin")) {
            index(TWO.replace("m-2.safetensors", name));
            assertBroken("'%s' is no name of a file".formatted(name));
        }
    }

    @Test
    void aFileThatIsMissingIsNamed() throws IOException {
        shard("m-1.safetensors", "a", 1);
        index(TWO);
        assertThatExceptionOfType(NoSuchFileException.class)
                .isThrownBy(() -> SafetensorsShards.open(folder).close())
                .withMessageContaining("m-2.safetensors");
    }

    private void assertBroken(String fault) {
        assertThatExceptionOfType(BrokenModelFileException.class)
                .isThrownBy(() -> SafetensorsShards.open(folder).close())
                .withMessageContaining(fault);
    }

    private void shard(String file, String tensor, float... values) throws IOException {
        SafetensorsWriter.write(
                folder.resolve(file),
                Map.of(),
                List.of(SafetensorsTensor.ofFloats(tensor, List.of((long) values.length), values)));
    }

    private void index(String text) throws IOException {
        Files.writeString(folder.resolve("model.safetensors.index.json"), text);
    }
}
