package io.plumbline.inference.weights;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/**
 * Adapter folders in PEFT's format, readable by PEFT, vLLM and vLLM-Ascend: {@code adapter_config.json} and {@code
 * adapter_model.safetensors}.
 */
public final class PeftAdapterFolder {
    /** The settings. */
    public static final String CONFIG = "adapter_config.json";

    /** The weights. */
    public static final String WEIGHTS = "adapter_model.safetensors";

    private static final String TENSOR_PREFIX = "base_model.model.model.layers.";

    private PeftAdapterFolder() {}

    /**
     * Reads an adapter into memory, as floats.
     *
     * @throws BrokenModelFileException if a file is missing, damaged, or says something this product does not do
     * @throws IOException if a file cannot be read at all
     */
    public static PeftAdapter read(Path folder) throws IOException {
        return new PeftAdapterReader(folder).read();
    }

    /**
     * Writes an adapter into a folder, which is created if needed; B in Hugging Face row order.
     *
     * @throws IOException if it cannot be written
     */
    public static void write(Path folder, PeftAdapter adapter) throws IOException {
        Files.createDirectories(folder);
        writeWeights(folder.resolve(WEIGHTS), adapter.layers());
        Path draft = Files.createTempFile(folder, ".writing-", ".json");
        try {
            Files.write(draft, StrictJson.write(config(adapter)));
            Files.move(
                    draft, folder.resolve(CONFIG), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(draft);
        }
    }

    /**
     * Reads the tensors of an adapter without its settings, as floats: its weights, or what {@link #writeWeights} wrote
     * under their names.
     *
     * @param rank r, which every tensor must have
     * @throws BrokenModelFileException if the file is damaged or its tensors do not pair up
     * @throws IOException if it cannot be read at all
     */
    public static SortedMap<AdapterSite, LowRankPair> readWeights(Path file, int rank) throws IOException {
        return new PeftWeightsReader(file).read(rank);
    }

    /**
     * Writes the tensors of an adapter without its settings, F32: its weights, or one value per weight, such as an
     * optimiser's moments, under the same names.
     *
     * @throws IOException if it cannot be written
     */
    public static void writeWeights(Path file, SortedMap<AdapterSite, LowRankPair> layers) throws IOException {
        List<SafetensorsTensor> tensors = new ArrayList<>();
        layers.forEach((site, pair) -> {
            long rank = pair.rank();
            tensors.add(SafetensorsTensor.ofFloats(tensorName(site, "A"), List.of(rank, (long) pair.in()), pair.a()));
            tensors.add(SafetensorsTensor.ofFloats(tensorName(site, "B"), List.of((long) pair.out(), rank), pair.b()));
        });
        SafetensorsWriter.write(file, Map.of("format", "pt"), tensors);
    }

    /** The name PEFT gives to factor {@code A} or {@code B} of a layer. */
    private static String tensorName(AdapterSite site, String factor) {
        return "%s%d.%s.%s.lora_%s.weight"
                .formatted(
                        TENSOR_PREFIX,
                        site.layer(),
                        site.module().parent(),
                        site.module().moduleName(),
                        factor);
    }

    private static ObjectNode config(PeftAdapter adapter) {
        ObjectNode config = JsonNodeFactory.instance.objectNode();
        config.putObject("alpha_pattern");
        config.putNull("auto_mapping");
        config.put("base_model_name_or_path", adapter.baseModel());
        config.put("bias", "none");
        config.put("fan_in_fan_out", false);
        config.put("inference_mode", true);
        config.put("init_lora_weights", true);
        config.putNull("layers_pattern");
        config.putNull("layers_to_transform");
        if (adapter.alpha() == Math.rint(adapter.alpha()) && adapter.alpha() <= Integer.MAX_VALUE) {
            config.put("lora_alpha", (int) adapter.alpha()); // PEFT declares an integer
        } else {
            config.put("lora_alpha", adapter.alpha());
        }
        config.put("lora_dropout", adapter.dropout());
        config.putNull("modules_to_save");
        config.put("peft_type", "LORA");
        config.put("r", adapter.rank());
        config.putObject("rank_pattern");
        config.putNull("revision");
        var modules = config.putArray("target_modules");
        adapter.targetModules().forEach(module -> modules.add(module.moduleName()));
        config.put("task_type", "CAUSAL_LM");
        config.put("use_dora", false);
        config.put("use_rslora", adapter.rankStabilised());
        return config;
    }
}
