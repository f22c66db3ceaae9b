package io.plumbline.inference.weights;

import com.fasterxml.jackson.databind.JsonNode;
import io.plumbline.inference.weights.pattern.InvalidPatternException;
import io.plumbline.inference.weights.pattern.NamePattern;
import io.plumbline.inference.weights.pattern.StepLimit;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads the settings of a PEFT folder as PEFT does ({@code peft/tuners/tuners_utils.py} and {@code
 * peft/tuners/lora/config.py} of version 0.21), and refuses whatever would make the served model differ from the trained
 * one. Settings that it does not know are refused too if they are in use.
 */
final class PeftSettingsReader {
    static final String WRITE_NAMES = "Write the names of the modules instead of the expression.";

    private static final int MAX_RANK = 4096;

    /** More than a thousand modules against as many patterns fit; evaluating all of it takes about a second. */
    private static final long MATCHING_STEPS = 20_000_000;

    /** Characters of a value that a message repeats. */
    private static final int SHOWN = 80;

    private static final String PLAIN_LORA = "Train the adapter as plain LoRA without it, or merge it into a model.";

    /** Settings that change the mathematics and that plain LoRA leaves off. */
    private static final Map<String, String> UNSUPPORTED = Map.ofEntries(
            Map.entry("use_dora", PLAIN_LORA),
            Map.entry("use_qalora", PLAIN_LORA),
            Map.entry("use_bdlora", PLAIN_LORA),
            Map.entry("lora_bias", PLAIN_LORA),
            Map.entry("kasa_config", PLAIN_LORA),
            Map.entry("velora_config", PLAIN_LORA),
            Map.entry("monteclora_config", PLAIN_LORA),
            Map.entry("megatron_config", PLAIN_LORA),
            Map.entry("layer_replication", "Merge the adapter into the model with the replicated layers."),
            Map.entry("trainable_token_indices", "Train without new tokens, or merge the adapter into a model."),
            Map.entry("modules_to_save", "Train linear layers of the decoder blocks alone, or merge it into a model."),
            Map.entry("target_parameters", "Train for modules by target_modules, or merge it into a model."),
            Map.entry("alora_invocation_tokens", "Train the adapter as plain LoRA, which acts on every token."),
            Map.entry("arrow_config", "Load the adapters that it routes between one by one."));

    /** Settings that say how training went or how PEFT keeps things, not what the adapter computes. */
    private static final Set<String> WITHOUT_EFFECT = Set.of(
            "auto_mapping",
            "corda_config",
            "ensure_weight_tying",
            "eva_config",
            "fan_in_fan_out", // is for Conv1D, which no family here has; PEFT takes it back for linear layers
            "inference_mode",
            "loftq_config",
            "lora_ga_config",
            "megatron_core",
            "peft_version",
            "qalora_group_size",
            "revision",
            "runtime_config",
            "task_type");

    private static final Set<String> READ = Set.of(
            "alpha_pattern",
            "base_model_name_or_path",
            "bias",
            "exclude_modules",
            "init_lora_weights",
            "layers_pattern",
            "layers_to_transform",
            "lora_alpha",
            "lora_dropout",
            "peft_type",
            "r",
            "rank_pattern",
            "target_modules",
            "use_rslora");

    /** Ways to begin that leave the base model's weights as they are. */
    private static final Set<String> PLAIN_BEGINNINGS = Set.of("gaussian", "eva", "orthogonal", "mica");

    private static final String ANY_LAYERS = "[^.]*";

    private final Path config;
    private final JsonNode settings;
    private final FaultList faults;
    private final StepLimit limit = new StepLimit(MATCHING_STEPS);

    PeftSettingsReader(Path config, JsonNode settings, FaultList faults) {
        this.config = config;
        this.settings = settings;
        this.faults = faults;
    }

    /** Whatever is sound of the settings. */
    PeftSettings read() {
        JsonNode type = settings.path("peft_type");
        if (!type.asText().equals("LORA")) {
            fault("peft_type is %s".formatted(shown(type)), "Only LORA adapters can be loaded.");
        }
        refuseWhatIsNotPlainLora();
        Optional<ValuePattern> ranks = sound(() -> values("r", "rank_pattern", new Limits(1, MAX_RANK, true)));
        Optional<ValuePattern> alphas =
                sound(() -> values("lora_alpha", "alpha_pattern", new Limits(Double.MIN_VALUE, 1e9, false)));
        double dropout = settings.has("lora_dropout")
                ? number("lora_dropout", settings.path("lora_dropout"), new Limits(0, Math.nextDown(1.0), false))
                : 0;
        boolean rankStabilised = flag("use_rslora");
        Optional<ModuleSelection> modules = sound(this::selection);
        String base = settings.path("base_model_name_or_path").asText("");
        return new PeftSettings(base, ranks, alphas, rankStabilised, dropout, modules);
    }

    /** What a step reads, or nothing if it finds faults. */
    private <T> Optional<T> sound(Supplier<T> step) {
        int before = faults.size();
        T value = step.get();
        return faults.size() == before ? Optional.of(value) : Optional.empty();
    }

    private void refuseWhatIsNotPlainLora() {
        settings.properties().forEach(entry -> {
            String name = entry.getKey();
            if (isOff(entry.getValue()) || READ.contains(name) || WITHOUT_EFFECT.contains(name)) {
                return;
            }
            String remedy = UNSUPPORTED.get(name);
            if (remedy != null) {
                fault("the setting '%s' is in use, which is not supported".formatted(name), remedy);
            } else {
                fault(
                        "the setting '%s' is in use, which is not known".formatted(shortened(name)),
                        "If it does not change what the adapter computes, remove it from the file.");
            }
        });
        checkBias();
        checkBeginning();
    }

    /** Trained biases are tensors of their own, refused where they are met; a model without biases has none. */
    private void checkBias() {
        JsonNode bias = settings.path("bias");
        if (!isOff(bias) && !Set.of("none", "all", "lora_only").contains(bias.asText())) {
            fault("bias is none of none, all, lora_only: " + shown(bias), PeftWeightsReader.EXPORT_AGAIN);
        }
    }

    private void checkBeginning() {
        JsonNode beginning = settings.path("init_lora_weights");
        if (beginning.isMissingNode() || beginning.isNull() || beginning.isBoolean()) {
            return;
        }
        if (!PLAIN_BEGINNINGS.contains(beginning.asText())) {
            fault(
                    "init_lora_weights is %s, with which training began on changed weights of the base model"
                            .formatted(shown(beginning)),
                    "Export it with save_pretrained(path_initial_model_for_weight_conversion=…), or merge it into a"
                            + " model.");
        }
    }

    private static boolean isOff(JsonNode value) {
        return value.isMissingNode()
                || value.isNull()
                || (value.isContainerNode() && value.isEmpty())
                || (value.isBoolean() && !value.asBoolean());
    }

    /** What a number may be. */
    private record Limits(double least, double most, boolean whole) {
        boolean allow(JsonNode value) {
            return value.isNumber()
                    && (!whole || value.isIntegralNumber())
                    && value.asDouble() >= least
                    && value.asDouble() <= most;
        }
    }

    private ValuePattern values(String name, String patternName, Limits limits) {
        double otherwise = number(name, settings.path(name), limits);
        JsonNode byModule = settings.path(patternName);
        if (!isOff(byModule) && !byModule.isObject()) {
            fault("%s is no object: %s".formatted(patternName, shown(byModule)), PeftWeightsReader.EXPORT_AGAIN);
        }
        List<ValuePattern.Entry> entries = new ArrayList<>();
        byModule.properties().forEach(entry -> {
            String what = "%s of '%s'".formatted(patternName, shortened(entry.getKey()));
            double value = number(what, entry.getValue(), limits);
            NamePattern pattern = pattern(patternName, entry.getKey());
            if (pattern != null) {
                entries.add(new ValuePattern.Entry(pattern, value));
            }
        });
        return new ValuePattern(otherwise, entries, limit);
    }

    private double number(String what, JsonNode value, Limits limits) {
        if (!limits.allow(value)) {
            fault("%s is missing or out of range: %s".formatted(what, shown(value)), PeftWeightsReader.EXPORT_AGAIN);
        }
        return value.asDouble();
    }

    private boolean flag(String name) {
        JsonNode value = settings.path(name);
        if (!isOff(value) && !value.isBoolean()) {
            fault("%s is neither true nor false: %s".formatted(name, shown(value)), PeftWeightsReader.EXPORT_AGAIN);
        }
        return value.asBoolean();
    }

    private void fault(String what, String remedy) {
        faults.add(config, what, remedy);
    }

    private static String shown(JsonNode value) {
        return shortened(value.toString());
    }

    private static String shortened(String text) {
        return text.length() > SHOWN ? text.substring(0, SHOWN) + "…" : text;
    }

    private @Nullable NamePattern pattern(String setting, String source) {
        try {
            return NamePattern.of(source);
        } catch (InvalidPatternException e) {
            fault("%s: %s".formatted(setting, e.getMessage()), WRITE_NAMES);
            return null;
        }
    }

    private ModuleSelection selection() {
        JsonNode targets = settings.path("target_modules");
        if (isOff(targets)) {
            fault("target_modules names no modules: " + shown(targets), PeftWeightsReader.EXPORT_AGAIN);
        }
        Set<Integer> layers = layers(settings.path("layers_to_transform"));
        List<String> layersPattern = texts("layers_pattern");
        boolean layersInUse = !layers.isEmpty() || !layersPattern.isEmpty();
        if (layersInUse && (targets.isTextual() || layers.isEmpty())) {
            fault(
                    "layers_to_transform and layers_pattern are for a list of target_modules, and the latter needs the"
                            + " former",
                    PeftWeightsReader.EXPORT_AGAIN);
        }
        return new ModuleSelection(
                names("target_modules"), names("exclude_modules"), layers, upToLayer(layersPattern), limit);
    }

    private ModuleSelection.Names names(String setting) {
        JsonNode value = settings.path(setting);
        if (!value.isTextual() || value.asText().isEmpty()) {
            return new ModuleSelection.Names.Ends(texts(setting));
        }
        if (setting.equals("target_modules") && value.asText().equalsIgnoreCase("all-linear")) {
            return new ModuleSelection.Names.All();
        }
        NamePattern pattern = pattern(setting, value.asText());
        return pattern == null ? new ModuleSelection.Names.All() : new ModuleSelection.Names.Matching(pattern);
    }

    private Set<Integer> layers(JsonNode value) {
        Set<Integer> layers = new HashSet<>();
        if (isOff(value)) {
            return layers;
        }
        List<JsonNode> numbers = new ArrayList<>();
        if (value.isArray()) {
            value.forEach(numbers::add);
        } else {
            numbers.add(value);
        }
        for (JsonNode number : numbers) {
            layers.add((int) number("layers_to_transform", number, new Limits(0, PeftWeightsReader.MAX_LAYER, true)));
        }
        return layers;
    }

    /** A text, or a list of texts. */
    private List<String> texts(String setting) {
        JsonNode value = settings.path(setting);
        List<String> texts = new ArrayList<>();
        if (value.isTextual()) {
            if (!value.asText().isEmpty()) {
                texts.add(value.asText());
            }
        } else if (!isOff(value)) {
            boolean list = value.isArray();
            for (JsonNode text : value) {
                list &= text.isTextual();
                texts.add(text.asText());
            }
            if (!list) {
                fault("%s is no list of names: %s".formatted(setting, shown(value)), PeftWeightsReader.EXPORT_AGAIN);
            }
        }
        return texts;
    }

    /** PEFT looks for the layer's number behind {@code .PATTERN.}, and without a pattern behind any second part. */
    private List<NamePattern> upToLayer(List<String> layersPattern) {
        List<NamePattern> patterns = new ArrayList<>();
        for (String source : layersPattern.isEmpty() ? List.of(ANY_LAYERS) : layersPattern) {
            if (source.contains("|")) { // PEFT puts the text between others, which an alternative would tear apart
                fault("layers_pattern has the alternatives " + shortened(source), "Write a list of patterns.");
                continue;
            }
            NamePattern pattern = pattern("layers_pattern", ".*?\\." + source + "\\.\\d+\\.");
            if (pattern != null) {
                patterns.add(pattern);
            }
        }
        return patterns;
    }
}
