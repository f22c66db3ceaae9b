package io.plumbline.inference.weights;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads a PEFT folder and refuses whatever would make the served model differ from the trained one. */
final class PeftAdapterReader {
    private static final Pattern TENSOR_NAME =
            Pattern.compile("base_model\\.model\\.(?:model\\.)?layers\\.(\\d{1,6})\\."
                    + "([a-z_]{1,40})\\.([a-z_]{1,40})\\.lora_([AB])(?:\\.default)?\\.weight");
    private static final long MAX_CONFIG_BYTES = 1 << 20;
    private static final int MAX_RANK = 4096;
    private static final String EXPORT_AGAIN = "Export the adapter again with PEFT's save_pretrained().";

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

    PeftAdapterReader(Path folder) {
        this.folder = folder;
        this.config = folder.resolve(PeftAdapterFolder.CONFIG);
        this.weights = folder.resolve(PeftAdapterFolder.WEIGHTS);
    }

    PeftAdapter read() throws IOException {
        requirePlainFile(config);
        requirePlainFile(weights);
        JsonNode settings = readConfig();
        int rank = settings.path("r").asInt();
        Set<LinearModule> targets = targetModules(settings.path("target_modules"));
        SortedMap<AdapterSite, LowRankPair> layers;
        try (SafetensorsFile file = SafetensorsFile.open(weights)) {
            layers = readLayers(file, rank);
        }
        checkModules(layers, targets);
        return new PeftAdapter(
                settings.path("base_model_name_or_path").asText(""),
                rank,
                settings.path("lora_alpha").asDouble(),
                settings.path("use_rslora").asBoolean(),
                settings.path("lora_dropout").asDouble(),
                layers);
    }

    private void requirePlainFile(Path file) {
        if (Files.isSymbolicLink(file)) {
            // A link in an uploaded folder could point at any file of this machine.
            throw broken(file, "this is a symbolic link", "Put the file itself into the folder.");
        }
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            throw broken(
                    folder,
                    "the folder has no file " + file.getFileName(),
                    "An adapter folder holds adapter_config.json and adapter_model.safetensors.");
        }
    }

    private JsonNode readConfig() throws IOException {
        if (Files.size(config) > MAX_CONFIG_BYTES) {
            throw broken(config, "the file has more than 1 MiB", EXPORT_AGAIN);
        }
        JsonNode settings;
        try {
            settings = StrictJson.parse(Files.readAllBytes(config));
        } catch (JsonProcessingException e) {
            throw broken(config, "this is no valid JSON: " + e.getOriginalMessage(), EXPORT_AGAIN);
        }
        String type = settings.path("peft_type").asText();
        if (!type.equals("LORA")) {
            throw broken(config, "peft_type is '%s'".formatted(type), "Only LORA adapters can be loaded.");
        }
        requireNumber(settings, "r", 1, MAX_RANK, true);
        requireNumber(settings, "lora_alpha", Double.MIN_VALUE, 1e9, false);
        if (settings.has("lora_dropout")) {
            requireNumber(settings, "lora_dropout", 0, Math.nextDown(1.0), false);
        }
        if (!settings.path("bias").asText("none").equals("none")) {
            throw unsupported("bias");
        }
        for (String name : UNSUPPORTED) {
            JsonNode value = settings.path(name);
            boolean off = value.isMissingNode()
                    || value.isNull()
                    || (value.isContainerNode() && value.isEmpty())
                    || (value.isBoolean() && !value.asBoolean());
            if (!off) {
                throw unsupported(name);
            }
        }
        return settings;
    }

    private void requireNumber(JsonNode settings, String name, double least, double most, boolean whole) {
        JsonNode value = settings.path(name);
        if (!value.isNumber()
                || (whole && !value.isIntegralNumber())
                || !(value.asDouble() >= least && value.asDouble() <= most)) {
            throw broken(config, "%s is missing or out of range: %s".formatted(name, value), EXPORT_AGAIN);
        }
    }

    private BrokenModelFileException unsupported(String setting) {
        return broken(
                config,
                "the setting '%s' is in use, which is not supported".formatted(setting),
                "Train the adapter as plain LoRA without it, or merge it into a model.");
    }

    private Set<LinearModule> targetModules(JsonNode names) {
        if (names.isTextual() && names.asText().equals("all-linear")) {
            return EnumSet.allOf(LinearModule.class);
        }
        if (!names.isArray() || names.isEmpty()) {
            throw broken(config, "target_modules is no list of module names: " + names, EXPORT_AGAIN);
        }
        Set<LinearModule> modules = EnumSet.noneOf(LinearModule.class);
        for (JsonNode name : names) {
            modules.add(module(config, name.asText()));
        }
        return modules;
    }

    private LinearModule module(Path file, String name) {
        return LinearModule.of(name)
                .orElseThrow(() -> broken(
                        file,
                        "the module '%s' is unknown".formatted(name),
                        "Adapters may change q_proj, k_proj, v_proj, o_proj, gate_proj, up_proj and down_proj."));
    }

    private SortedMap<AdapterSite, LowRankPair> readLayers(SafetensorsFile file, int rank) {
        Map<AdapterSite, WeightTensor> a = new HashMap<>();
        Map<AdapterSite, WeightTensor> b = new HashMap<>();
        for (String name : file.names()) {
            Matcher match = TENSOR_NAME.matcher(name);
            if (!match.matches()) {
                throw broken(weights, "the tensor '%s' is none of a LoRA adapter".formatted(name), EXPORT_AGAIN);
            }
            LinearModule module = module(weights, match.group(3));
            if (!module.parent().equals(match.group(2))) {
                throw broken(
                        weights,
                        "the tensor '%s' has its module in '%s' instead of '%s'"
                                .formatted(name, match.group(2), module.parent()),
                        EXPORT_AGAIN);
            }
            AdapterSite site = new AdapterSite(Integer.parseInt(match.group(1)), module);
            if ((match.group(4).equals("A") ? a : b).put(site, file.tensor(name)) != null) {
                throw broken(weights, "the tensor '%s' occurs twice".formatted(name), EXPORT_AGAIN);
            }
        }
        SortedMap<AdapterSite, LowRankPair> layers = new TreeMap<>();
        a.forEach((site, factor) -> layers.put(site, pair(site, factor, b.remove(site), rank)));
        for (AdapterSite site : b.keySet()) {
            throw broken(weights, "%s has lora_B but no lora_A".formatted(site), EXPORT_AGAIN);
        }
        if (layers.isEmpty()) {
            throw broken(weights, "the file holds no tensors", EXPORT_AGAIN);
        }
        return layers;
    }

    private LowRankPair pair(AdapterSite site, WeightTensor a, @Nullable WeightTensor b, int rank) {
        if (b == null) {
            throw broken(weights, "%s has lora_A but no lora_B".formatted(site), EXPORT_AGAIN);
        }
        if (a.dimensions().size() != 2
                || b.dimensions().size() != 2
                || a.elements() == 0
                || b.elements() == 0
                || a.rows() != rank
                || b.columns() != rank) {
            throw broken(
                    weights,
                    "%s has A%s and B%s, which do not fit r=%d".formatted(site, a.dimensions(), b.dimensions(), rank),
                    EXPORT_AGAIN);
        }
        return new LowRankPair(a.columns(), b.rows(), rank, finite(site, a), finite(site, b));
    }

    private float[] finite(AdapterSite site, WeightTensor tensor) {
        float[] values = tensor.toFloats();
        for (float value : values) {
            if (!Float.isFinite(value)) {
                throw broken(
                        weights,
                        "%s contains %s".formatted(site, value),
                        "Its training diverged; train again with a smaller learning rate.");
            }
        }
        return values;
    }

    private void checkModules(SortedMap<AdapterSite, LowRankPair> layers, Set<LinearModule> targets) {
        Map<LinearModule, LowRankPair> shapes = new HashMap<>();
        layers.forEach((site, pair) -> {
            if (!targets.contains(site.module())) {
                throw broken(weights, "%s is not among the target_modules".formatted(site), EXPORT_AGAIN);
            }
            LowRankPair first = shapes.putIfAbsent(site.module(), pair);
            if (first != null && (first.in() != pair.in() || first.out() != pair.out())) {
                throw broken(
                        weights,
                        "%s maps %d to %d features, other layers %d to %d"
                                .formatted(site, pair.in(), pair.out(), first.in(), first.out()),
                        EXPORT_AGAIN);
            }
        });
    }

    private static BrokenModelFileException broken(Path file, String fault, String remedy) {
        return new BrokenModelFileException(file, -1, fault, remedy);
    }
}
