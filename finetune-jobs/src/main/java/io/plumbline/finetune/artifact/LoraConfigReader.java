package io.plumbline.finetune.artifact;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.plumbline.inference.model.Projection;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Reads PEFT's {@code adapter_config.json} as far as this product can go on training it, and refuses the rest. */
public final class LoraConfigReader {
    private static final ObjectMapper JSON = new ObjectMapper();

    private LoraConfigReader() {}

    /**
     * Reads the configuration of an adapter folder.
     *
     * @throws AdapterFormatException with every reason why this adapter cannot be trained on
     * @throws IOException if the file cannot be read or is no JSON
     */
    public static LoraConfig read(Path folder) throws IOException {
        JsonNode json = JSON.readTree(folder.resolve(PeftFolder.CONFIG).toFile());
        List<String> reasons = new ArrayList<>();
        refuseUnless(json.path("peft_type").asText().equals("LORA"), "peft_type must be LORA", reasons);
        refuseUnless(!json.path("use_dora").asBoolean(), "use_dora is not supported", reasons);
        refuseUnless(json.path("bias").asText("none").equals("none"), "bias must be none", reasons);
        refuseUnless(!json.path("lora_bias").asBoolean(), "lora_bias is not supported", reasons);
        refuseUnless(!json.path("fan_in_fan_out").asBoolean(), "fan_in_fan_out is not supported", reasons);
        refuseUnless(json.path("lora_dropout").asDouble() == 0, "lora_dropout must be 0", reasons);
        for (String key : List.of(
                "rank_pattern",
                "alpha_pattern",
                "layers_to_transform",
                "modules_to_save",
                "target_parameters",
                "exclude_modules")) {
            refuseUnless(json.path(key).isEmpty(), key + " is not supported", reasons);
        }
        refuseUnless(json.path("r").asInt() >= 1, "r must be at least 1", reasons);
        refuseUnless(json.path("lora_alpha").isNumber(), "lora_alpha must be a number", reasons);
        List<Projection> projections = projections(json.path("target_modules"), reasons);
        if (!reasons.isEmpty()) {
            throw new AdapterFormatException("the adapter %s cannot be trained on: %s"
                    .formatted(folder.getFileName(), String.join("; ", reasons)));
        }
        return new LoraConfig(
                json.path("r").asInt(),
                json.path("lora_alpha").asDouble(),
                json.path("use_rslora").asBoolean(),
                projections);
    }

    private static List<Projection> projections(JsonNode modules, List<String> reasons) {
        List<Projection> projections = new ArrayList<>();
        refuseUnless(modules.isArray() && !modules.isEmpty(), "target_modules must be a list of names", reasons);
        for (JsonNode module : modules) {
            Projection.ofModule(module.asText())
                    .ifPresentOrElse(
                            projections::add,
                            () -> reasons.add("the target module '%s' is not supported".formatted(module.asText())));
        }
        return projections;
    }

    private static void refuseUnless(boolean condition, String reason, List<String> reasons) {
        if (!condition) {
            reasons.add(reason);
        }
    }
}
