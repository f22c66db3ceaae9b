package io.plumbline.finetune.training;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.plumbline.finetune.artifact.AdapterFormatException;
import io.plumbline.finetune.artifact.LoraConfig;
import io.plumbline.finetune.artifact.PeftFolder;
import io.plumbline.finetune.training.TrainableAdapter.Content;
import io.plumbline.inference.model.ModelPlan;
import io.plumbline.inference.weights.BrokenModelFileException;
import io.plumbline.inference.weights.PeftAdapterFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What lies in a checkpoint folder: the adapter in PEFT format, both AdamW moments under the adapter's tensor names, and
 * {@code state.json}. All floats are stored as they are, so nothing is lost by stopping and going on.
 *
 * @param plan of the base model
 * @param config of the adapter
 * @param baseName how the adapter names its base
 */
record CheckpointContent(ModelPlan plan, LoraConfig config, String baseName) {
    private static final String FIRST_MOMENTS = "moments_first.safetensors";
    private static final String SECOND_MOMENTS = "moments_second.safetensors";
    private static final String STATE = "state.json";

    void write(Path folder, TrainableAdapter adapter, CheckpointState state) throws IOException {
        writeAdapter(folder, adapter);
        PeftFolder.writeTensors(
                folder.resolve(FIRST_MOMENTS), config, plan, t -> adapter.read(Content.FIRST_MOMENTS, t));
        PeftFolder.writeTensors(
                folder.resolve(SECOND_MOMENTS), config, plan, t -> adapter.read(Content.SECOND_MOMENTS, t));
        Files.write(folder.resolve(STATE), TrainingJson.mapper().writeValueAsBytes(state));
    }

    /** The adapter alone. */
    void writeAdapter(Path folder, TrainableAdapter adapter) throws IOException {
        PeftFolder.write(folder, config, baseName, plan, t -> adapter.read(Content.PARAMETERS, t));
    }

    /** What the checkpoint says about itself. */
    static CheckpointState readState(Path folder) throws IOException {
        try {
            return TrainingJson.mapper().readValue(folder.resolve(STATE).toFile(), CheckpointState.class);
        } catch (JsonProcessingException e) {
            throw damaged(folder, e.getOriginalMessage(), e);
        }
    }

    private static TrainingException damaged(Path folder, @Nullable String reason, Exception cause) {
        return new TrainingException(
                TrainingException.Kind.OUTPUT,
                "the checkpoint %s is damaged (%s); delete that folder to go on from the one before"
                        .formatted(folder, reason),
                cause);
    }

    /** Brings parameters and moments back. */
    void read(Path folder, TrainableAdapter adapter) throws IOException {
        try {
            read(folder.resolve(PeftAdapterFolder.WEIGHTS), adapter, Content.PARAMETERS);
            read(folder.resolve(FIRST_MOMENTS), adapter, Content.FIRST_MOMENTS);
            read(folder.resolve(SECOND_MOMENTS), adapter, Content.SECOND_MOMENTS);
        } catch (BrokenModelFileException | AdapterFormatException e) {
            throw damaged(folder, e.getMessage(), e);
        }
    }

    private void read(Path file, TrainableAdapter adapter, Content part) throws IOException {
        PeftFolder.readTensors(file, config, plan, (tensor, values) -> adapter.write(part, tensor, values));
    }
}
