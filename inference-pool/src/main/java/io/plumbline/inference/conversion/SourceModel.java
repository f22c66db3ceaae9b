package io.plumbline.inference.conversion;

import io.plumbline.inference.kernel.Backend;
import io.plumbline.inference.model.ExportedTensor;
import io.plumbline.inference.model.GgufExport;
import io.plumbline.inference.model.LoadedModel;
import io.plumbline.inference.model.ModelConfig;
import io.plumbline.inference.tokenizer.GgufTokenizerMetadata;
import io.plumbline.inference.tokenizer.GgufTokenizers;
import io.plumbline.inference.tokenizer.HuggingFaceTokenizers;
import io.plumbline.inference.tokenizer.Tokenizer;
import io.plumbline.inference.weights.GgufFile;
import io.plumbline.inference.weights.GgufWriter;
import io.plumbline.inference.weights.MetadataValue;
import io.plumbline.inference.weights.SafetensorsShards;
import io.plumbline.inference.weights.WeightFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A model that is to be quantised, as it will stand in a GGUF file; owns the open file.
 *
 * @param path the GGUF file, or the folder in Hugging Face layout
 * @param file the weights
 * @param metadata everything but the weights
 * @param tensors in the order of the file to be
 * @param tokenizer the model's
 * @param check what a written file must pass
 */
record SourceModel(
        Path path,
        WeightFile file,
        Map<String, MetadataValue> metadata,
        List<ExportedTensor> tensors,
        Tokenizer tokenizer,
        GgufWriter.Check check)
        implements AutoCloseable {
    private static final String HEAD = "output.weight";

    /**
     * Opens a model.
     *
     * @throws io.plumbline.inference.weights.BrokenModelFileException if a file is damaged
     * @throws io.plumbline.inference.model.UnsupportedModelException if this product cannot run the model, or GGUF cannot
     *     hold it
     * @throws IOException if a file cannot be read at all
     */
    static SourceModel open(Path path) throws IOException {
        return Files.isDirectory(path) ? ofFolder(path) : ofGguf(path);
    }

    private static SourceModel ofGguf(Path path) throws IOException {
        GgufFile file = GgufFile.open(path);
        try {
            ModelConfig.of(file);
            return new SourceModel(
                    path,
                    file,
                    file.metadata().values(),
                    GgufExport.unchanged(file),
                    GgufTokenizers.of(file.metadata()),
                    draft -> GgufFile.open(draft).close());
        } catch (RuntimeException e) {
            file.close();
            throw e;
        }
    }

    private static SourceModel ofFolder(Path folder) throws IOException {
        WeightFile file = SafetensorsShards.open(folder);
        try {
            GgufExport export = GgufExport.of(folder.resolve("config.json"), file);
            Map<String, MetadataValue> metadata = new LinkedHashMap<>(export.metadata());
            String name = folder.toAbsolutePath().normalize().getFileName().toString();
            metadata.put("general.name", new MetadataValue.Text(name));
            metadata.putAll(GgufTokenizerMetadata.of(folder, export.vocabulary()));
            return new SourceModel(
                    folder,
                    file,
                    metadata,
                    export.tensors(),
                    HuggingFaceTokenizers.read(folder.resolve("tokenizer.json")),
                    draft -> {
                        try (GgufFile written = GgufFile.open(draft)) {
                            export.requireSame(ModelConfig.of(written));
                            GgufTokenizerMetadata.requireSame(folder, written.metadata());
                        }
                    });
        } catch (RuntimeException | IOException e) {
            file.close();
            throw e;
        }
    }

    /** The model on a backend; belongs to the caller. */
    LoadedModel load(Backend backend) throws IOException {
        return LoadedModel.open(path, backend);
    }

    /** Whether the embedding is the head too. */
    boolean tiedEmbedding() {
        return tensors.stream().noneMatch(tensor -> tensor.name().equals(HEAD));
    }

    @Override
    public void close() {
        file.close();
    }
}
