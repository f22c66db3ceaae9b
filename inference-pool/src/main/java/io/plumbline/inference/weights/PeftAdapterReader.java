package io.plumbline.inference.weights;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;

/** Reads a PEFT folder and refuses whatever would make the served model differ from the trained one. */
final class PeftAdapterReader {
    private static final long MAX_CONFIG_BYTES = 1 << 20;
    private static final int MAX_RANK = 4096;

    /** Settings that change the mathematics and that plain LoRA leaves off. */
    private static final List<String> UNSUPPORTED = List.of(
            "use_dora",
            "use_qalora",
            "use_bdlora",
            "lora_bias",
            "fan_in_fan_out",
            "modules_to_save",
            "layer_replication",
            "trainable_token_indices",
            "target_parameters",
            "alora_invocation_tokens",
            "arrow_config",
            "rank_pattern",
            "alpha_pattern");

    private final Path folder;
    private final Path config;
    private final Path weights;
    private final FaultList faults = new FaultList();

    PeftAdapterReader(Path folder) {
        this.folder = folder;
        this.config = folder.resolve(PeftAdapterFolder.CONFIG);
        this.weights = folder.resolve(PeftAdapterFolder.WEIGHTS);
    }

    /** Looks at everything before it refuses, so that the refusal names every reason. */
    PeftAdapter read() throws IOException {
        requirePlainFile(config);
        requirePlainFile(weights);
        faults.throwIfAny(folder);
        JsonNode settings = readConfig();
        checkSettings(settings);
        Set<LinearModule> targets = targetModules(settings.path("target_modules"));
        SortedMap<AdapterSite, LowRankPair> layers = layers(settings);
        checkModules(layers, targets);
        faults.throwIfAny(folder);
        return new PeftAdapter(
                settings.path("base_model_name_or_path").asText(""),
                settings.path("r").asInt(),
                settings.path("lora_alpha").asDouble(),
                settings.path("use_rslora").asBoolean(),
                settings.path("lora_dropout").asDouble(),
                layers);
    }

    private SortedMap<AdapterSite, LowRankPair> layers(JsonNode settings) throws IOException {
        try {
            // Without a rank in the settings there is nothing to compare the tensors with.
            int rank =
                    settings.path("r").isIntegralNumber() ? settings.path("r").asInt() : -1;
            return new PeftWeightsReader(weights).read(rank, faults);
        } catch (BrokenModelFileException e) { // no safetensors file at all
            faults.add(e.file(), e.fault(), e.remedy());
            return Collections.emptySortedMap();
        }
    }

    private void requirePlainFile(Path file) {
        if (Files.isSymbolicLink(file)) {
            // A link in an uploaded folder could point at any file of this machine.
            faults.add(file, "this is a symbolic link", "Put the file itself into the folder.");
        } else if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            faults.add(
                    folder,
                    "the folder has no file " + file.getFileName(),
                    "An adapter folder holds adapter_config.json and adapter_model.safetensors.");
        }
    }

    private JsonNode readConfig() throws IOException {
        if (Files.size(config) > MAX_CONFIG_BYTES) {
            throw broken(config, "the file has more than 1 MiB", PeftWeightsReader.EXPORT_AGAIN);
        }
        try {
            return StrictJson.parse(Files.readAllBytes(config));
        } catch (JsonProcessingException e) {
            throw broken(config, "this is no valid JSON: " + e.getOriginalMessage(), PeftWeightsReader.EXPORT_AGAIN);
        }
    }

    private void checkSettings(JsonNode settings) {
        String type = settings.path("peft_type").asText();
        if (!type.equals("LORA")) {
            faults.add(config, "peft_type is '%s'".formatted(type), "Only LORA adapters can be loaded.");
        }
        requireNumber(settings, "r", 1, MAX_RANK, true);
        requireNumber(settings, "lora_alpha", Double.MIN_VALUE, 1e9, false);
        if (settings.has("lora_dropout")) {
            requireNumber(settings, "lora_dropout", 0, Math.nextDown(1.0), false);
        }
        if (!settings.path("bias").asText("none").equals("none")) {
            unsupported("bias");
        }
        for (String name : UNSUPPORTED) {
            JsonNode value = settings.path(name);
            boolean off = value.isMissingNode()
                    || value.isNull()
                    || (value.isContainerNode() && value.isEmpty())
                    || (value.isBoolean() && !value.asBoolean());
            if (!off) {
                unsupported(name);
            }
        }
    }

    private void requireNumber(JsonNode settings, String name, double least, double most, boolean whole) {
        JsonNode value = settings.path(name);
        if (!value.isNumber()
                || (whole && !value.isIntegralNumber())
                || !(value.asDouble() >= least && value.asDouble() <= most)) {
            faults.add(
                    config, "%s is missing or out of range: %s".formatted(name, value), PeftWeightsReader.EXPORT_AGAIN);
        }
    }

    private void unsupported(String setting) {
        faults.add(
                config,
                "the setting '%s' is in use, which is not supported".formatted(setting),
                "Train the adapter as plain LoRA without it, or merge it into a model.");
    }

    private Set<LinearModule> targetModules(JsonNode names) {
        if (names.isTextual() && names.asText().equals("all-linear")) {
            return EnumSet.allOf(LinearModule.class);
        }
        if (!names.isArray() || names.isEmpty()) {
            faults.add(config, "target_modules is no list of module names: " + names, PeftWeightsReader.EXPORT_AGAIN);
            return EnumSet.allOf(LinearModule.class);
        }
        Set<LinearModule> modules = EnumSet.noneOf(LinearModule.class);
        for (JsonNode name : names) {
            LinearModule module = faults.attempt(() -> PeftWeightsReader.module(config, name.asText()));
            if (module != null) {
                modules.add(module);
            }
        }
        return modules;
    }

    private void checkModules(SortedMap<AdapterSite, LowRankPair> layers, Set<LinearModule> targets) {
        Map<LinearModule, LowRankPair> shapes = new HashMap<>();
        layers.forEach((site, pair) -> {
            if (!targets.contains(site.module())) {
                faults.add(
                        weights, "%s is not among the target_modules".formatted(site), PeftWeightsReader.EXPORT_AGAIN);
            }
            LowRankPair first = shapes.putIfAbsent(site.module(), pair);
            if (first != null && (first.in() != pair.in() || first.out() != pair.out())) {
                faults.add(
                        weights,
                        "%s maps %d to %d features, other layers %d to %d"
                                .formatted(site, pair.in(), pair.out(), first.in(), first.out()),
                        PeftWeightsReader.EXPORT_AGAIN);
            }
        });
    }

    private static BrokenModelFileException broken(Path file, String fault, String remedy) {
        return new BrokenModelFileException(file, -1, fault, remedy);
    }
}
