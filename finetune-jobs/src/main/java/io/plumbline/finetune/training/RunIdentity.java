package io.plumbline.finetune.training;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.plumbline.inference.weights.FileDigest;
import io.plumbline.inference.weights.PeftAdapterFolder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * SHA-256 of everything that determines a run's result. Two runs with the same {@link #digest} and backend compute the
 * same adapter, wherever their files lie.
 *
 * @param baseModel of the base model file
 * @param trainingData of the training file
 * @param evaluationData of the held-out file; empty = there is none
 * @param initialAdapter of the initial adapter's settings and weights; empty = random start
 * @param digest of all of these and of the settings
 */
public record RunIdentity(
        String baseModel,
        String trainingData,
        Optional<String> evaluationData,
        Optional<String> initialAdapter,
        String digest) {

    /** Raised when the arithmetic of training changes, so that old checkpoints are not continued differently. */
    private static final int ARITHMETIC_VERSION = 1;

    /**
     * Reads the files of a spec.
     *
     * @throws IOException if one cannot be read
     */
    public static RunIdentity of(TrainingSpec spec) throws IOException {
        String base = FileDigest.of(spec.baseModel());
        String data = FileDigest.of(spec.trainingFile());
        Optional<String> evaluation = spec.evaluationFile().isPresent()
                ? Optional.of(FileDigest.of(spec.evaluationFile().get()))
                : Optional.empty();
        Optional<String> adapter = spec.initialAdapter().isPresent()
                ? Optional.of(folderDigest(spec.initialAdapter().get()))
                : Optional.empty();
        var parts = new TreeMap<String, Object>();
        parts.put("arithmetic", ARITHMETIC_VERSION);
        parts.put("baseModel", base);
        parts.put("trainingData", data);
        parts.put("evaluationData", evaluation);
        parts.put("initialAdapter", adapter);
        parts.put("lora", spec.lora());
        parts.put("optimizer", spec.optimizer());
        parts.put("chatTemplate", spec.chatTemplate());
        return new RunIdentity(base, data, evaluation, adapter, digest(parts));
    }

    private static String digest(TreeMap<String, Object> parts) {
        try {
            return FileDigest.of(TrainingJson.mapper().writeValueAsBytes(parts));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("settings are plain data", e);
        }
    }

    private static String folderDigest(Path folder) throws IOException {
        var digests = new StringBuilder();
        for (String name : List.of(PeftAdapterFolder.CONFIG, PeftAdapterFolder.WEIGHTS)) {
            Path file = folder.resolve(name);
            digests.append(Files.isRegularFile(file) ? FileDigest.of(file) : "").append('\n');
        }
        return FileDigest.of(digests.toString().getBytes(StandardCharsets.UTF_8));
    }
}
