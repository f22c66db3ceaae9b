package io.plumbline.finetune.artifact;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.plumbline.inference.kernel.RopeLayout;
import io.plumbline.inference.model.LayerPlan;
import io.plumbline.inference.model.ModelPlan;
import io.plumbline.inference.model.Projection;
import io.plumbline.inference.weights.RopePermutation;
import io.plumbline.inference.weights.SafetensorsFile;
import io.plumbline.inference.weights.SafetensorsTensor;
import io.plumbline.inference.weights.SafetensorsWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * A folder in the format of Hugging Face PEFT: {@code adapter_config.json} and {@code adapter_model.safetensors} with
 * float32 tensors in Hugging Face row order, so that PEFT, vLLM and this product load it alike.
 */
public final class PeftFolder {
    /** Name of the configuration file. */
    public static final String CONFIG = "adapter_config.json";

    /** Name of the weights file. */
    public static final String WEIGHTS = "adapter_model.safetensors";

    private static final ObjectMapper JSON = new ObjectMapper();
    // What PyTorch loaders expect in the header.
    private static final Map<String, String> METADATA = Map.of("format", "pt");

    private PeftFolder() {}

    /**
     * Writes configuration and weights.
     *
     * @param baseName how the configuration names the base model
     * @param values of each tensor, row-major, in the row order of the base model's own weights
     */
    public static void write(
            Path folder, LoraConfig config, String baseName, ModelPlan plan, Function<AdapterTensor, float[]> values)
            throws IOException {
        JSON.writerWithDefaultPrettyPrinter().writeValue(folder.resolve(CONFIG).toFile(), json(config, baseName));
        writeTensors(folder.resolve(WEIGHTS), config, plan, "", values);
    }

    /** Writes one value per adapter parameter, such as an optimiser moment, under the adapter's names with a prefix. */
    public static void writeTensors(
            Path file, LoraConfig config, ModelPlan plan, String prefix, Function<AdapterTensor, float[]> values)
            throws IOException {
        List<SafetensorsTensor> tensors = new ArrayList<>();
        for (AdapterTensor tensor : tensors(config, plan)) {
            tensors.add(SafetensorsTensor.ofFloats(
                    prefix + tensor.peftName(),
                    shape(tensor, config, plan),
                    toPeft(tensor, plan, values.apply(tensor))));
        }
        SafetensorsWriter.write(file, METADATA, tensors);
    }

    /**
     * Reads what {@link #writeTensors} wrote.
     *
     * @throws io.plumbline.inference.weights.BrokenModelFileException if a tensor is missing
     * @throws AdapterFormatException if a tensor has another shape than the base model asks for
     */
    public static void readTensors(Path file, LoraConfig config, ModelPlan plan, String prefix, Target target)
            throws IOException {
        try (SafetensorsFile tensors = SafetensorsFile.open(file)) {
            for (AdapterTensor tensor : tensors(config, plan)) {
                SafetensorsTensor stored = tensors.require(prefix + tensor.peftName());
                List<Long> expected = shape(tensor, config, plan);
                if (!stored.shape().equals(expected)) {
                    throw new AdapterFormatException(
                            "%s: the tensor %s has shape %s where the base model asks for %s; the adapter belongs to another base model"
                                    .formatted(file.getFileName(), stored.name(), stored.shape(), expected));
                }
                target.accept(tensor, fromPeft(tensor, plan, stored.toFloats()));
            }
        }
    }

    /** Takes the values of one tensor, in the row order of the base model's own weights. */
    @FunctionalInterface
    public interface Target {
        void accept(AdapterTensor tensor, float[] values);
    }

    /** Every tensor of an adapter, layer by layer, projection by projection, A before B. */
    public static List<AdapterTensor> tensors(LoraConfig config, ModelPlan plan) {
        List<AdapterTensor> tensors = new ArrayList<>();
        for (int layer = 0; layer < plan.layers().size(); layer++) {
            for (Projection projection : config.projections()) {
                tensors.add(new AdapterTensor(layer, projection, AdapterTensor.Factor.A));
                tensors.add(new AdapterTensor(layer, projection, AdapterTensor.Factor.B));
            }
        }
        return tensors;
    }

    private static List<Long> shape(AdapterTensor tensor, LoraConfig config, ModelPlan plan) {
        long rank = config.rank();
        return switch (tensor.factor()) {
            case A -> List.of(rank, (long) tensor.projection().in(plan, tensor.layer()));
            case B -> List.of((long) tensor.projection().out(plan, tensor.layer()), rank);
        };
    }

    private static float[] toPeft(AdapterTensor tensor, ModelPlan plan, float[] values) {
        int heads = interleavedHeads(tensor, plan);
        return heads == 0 ? values : RopePermutation.toHalves(values, columns(tensor, plan, values), heads);
    }

    private static float[] fromPeft(AdapterTensor tensor, ModelPlan plan, float[] values) {
        int heads = interleavedHeads(tensor, plan);
        return heads == 0 ? values : RopePermutation.toInterleaved(values, columns(tensor, plan, values), heads);
    }

    private static int columns(AdapterTensor tensor, ModelPlan plan, float[] values) {
        return values.length / tensor.projection().out(plan, tensor.layer());
    }

    /** Heads whose rows stand in another order than in Hugging Face files; 0 = the order is the same. */
    private static int interleavedHeads(AdapterTensor tensor, ModelPlan plan) {
        LayerPlan layer = plan.layers().get(tensor.layer());
        if (tensor.factor() == AdapterTensor.Factor.A || layer.rope().layout() != RopeLayout.INTERLEAVED) {
            return 0;
        }
        return switch (tensor.projection()) {
            case QUERY -> layer.attention().heads();
            case KEY -> layer.attention().keyValueHeads();
            case VALUE, OUTPUT, GATE, UP, DOWN -> 0;
        };
    }

    private static JsonNode json(LoraConfig config, String baseName) {
        ObjectNode json = JSON.createObjectNode()
                .put("peft_type", "LORA")
                .put("task_type", "CAUSAL_LM")
                .put("base_model_name_or_path", baseName)
                .put("r", config.rank())
                .put("lora_alpha", config.alpha())
                .put("lora_dropout", 0.0)
                .put("use_rslora", config.rankStabilized())
                .put("use_dora", false)
                .put("bias", "none")
                .put("fan_in_fan_out", false)
                .put("init_lora_weights", true)
                .put("inference_mode", true);
        ArrayNode modules = json.putArray("target_modules");
        config.projections().forEach(p -> modules.add(p.module()));
        json.putNull("modules_to_save");
        return json;
    }
}
