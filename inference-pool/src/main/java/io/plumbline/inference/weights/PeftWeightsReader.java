package io.plumbline.inference.weights;

import io.plumbline.inference.weights.pattern.ModuleName;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the tensors of a PEFT adapter, or others under the same names, and pairs A with B. */
final class PeftWeightsReader {
    static final String EXPORT_AGAIN = "Export the adapter again with PEFT's save_pretrained().";

    /** The largest number of a layer that a name may hold. */
    static final int MAX_LAYER = 999_999;

    private static final Pattern TENSOR_NAME =
            Pattern.compile("base_model\\.model\\.((?:model\\.)?layers\\.(0|[1-9]\\d{0,5})\\."
                    + "([a-z_]{1,40})\\.([a-z_]{1,40}))\\.lora_([AB])(?:\\.default)?\\.weight");

    /** Characters of a name that a message repeats. */
    private static final int SHOWN = 120;

    private static final String WITHOUT_IT = "Train the adapter as plain LoRA without it, or merge it into a model.";

    private final Path weights;
    private final Map<AdapterSite, ModuleName> modules = new HashMap<>();

    PeftWeightsReader(Path weights) {
        this.weights = weights;
    }

    /**
     * Reads whatever is sound.
     *
     * @param faults takes what is wrong with single tensors
     * @throws BrokenModelFileException if this is no safetensors file
     */
    SortedMap<AdapterSite, LowRankPair> read(FaultList faults) throws IOException {
        try (SafetensorsFile file = SafetensorsFile.open(weights)) {
            return readLayers(file, faults);
        }
    }

    /** The path of a module in the model that PEFT trained, as the file tells it. */
    ModuleName module(AdapterSite site) {
        ModuleName module = modules.get(site);
        if (module == null) {
            throw new IllegalArgumentException("the file has no " + site);
        }
        return module;
    }

    /** A pair whose rank is not the one that its adapter's settings give it. */
    void refuseRank(AdapterSite site, LowRankPair pair, int rank, FaultList faults) {
        if (pair.rank() != rank) {
            faults.add(
                    weights,
                    "%s has A[%d, %d] and B[%d, %d], which do not fit r=%d"
                            .formatted(site, pair.rank(), pair.in(), pair.out(), pair.rank(), rank),
                    EXPORT_AGAIN);
        }
    }

    private SortedMap<AdapterSite, LowRankPair> readLayers(SafetensorsFile file, FaultList faults) {
        SortedMap<AdapterSite, WeightTensor> a = new TreeMap<>();
        SortedMap<AdapterSite, WeightTensor> b = new TreeMap<>();
        for (String name : file.names()) {
            faults.attempt(() -> enter(file, name, a, b));
        }
        SortedMap<AdapterSite, LowRankPair> layers = new TreeMap<>();
        a.forEach((site, factor) -> {
            LowRankPair pair = faults.attempt(() -> pair(site, factor, b.remove(site)));
            if (pair != null) {
                layers.put(site, pair);
            }
        });
        for (AdapterSite site : b.keySet()) {
            faults.add(weights, "%s has lora_B but no lora_A".formatted(site), EXPORT_AGAIN);
        }
        if (file.names().isEmpty()) {
            faults.add(weights, "the file holds no tensors", EXPORT_AGAIN);
        }
        return layers;
    }

    /** Finds out what a tensor is; true if it is a factor. */
    private boolean enter(
            SafetensorsFile file, String name, Map<AdapterSite, WeightTensor> a, Map<AdapterSite, WeightTensor> b) {
        if (name.contains(".mlp.experts.") || name.contains(".mlp.gate.")) {
            throw broken(
                    "the tensor '%s' changes experts or their router, which is not supported".formatted(shown(name)),
                    "Train the adapter for the attention alone: q_proj, k_proj, v_proj and o_proj.");
        }
        Matcher match = TENSOR_NAME.matcher(name);
        if (!match.matches()) {
            throw foreign(name);
        }
        LinearModule module = LinearModule.of(match.group(4))
                .orElseThrow(() -> broken(
                        "the module '%s' is unknown".formatted(match.group(4)),
                        "Adapters may change " + LinearModule.names() + "."));
        if (!module.parent().equals(match.group(3))) {
            throw broken(
                    "the tensor '%s' has its module in '%s' instead of '%s'"
                            .formatted(name, match.group(3), module.parent()),
                    EXPORT_AGAIN);
        }
        AdapterSite site = new AdapterSite(Integer.parseInt(match.group(2)), module);
        ModuleName path = new ModuleName(match.group(1));
        if ((match.group(5).equals("A") ? a : b).put(site, file.tensor(name)) != null
                || !path.equals(modules.computeIfAbsent(site, s -> path))) {
            throw broken("the tensor '%s' occurs twice".formatted(name), EXPORT_AGAIN);
        }
        return true;
    }

    /** What else PEFT may have stored, by name. */
    private BrokenModelFileException foreign(String name) {
        String shown = shown(name);
        if (name.contains(".lora_magnitude_vector")) {
            return broken("the tensor '%s' belongs to DoRA, which is not supported".formatted(shown), WITHOUT_IT);
        }
        if (name.endsWith(".bias")) {
            return broken("the tensor '%s' is a trained bias, which is not supported".formatted(shown), WITHOUT_IT);
        }
        if (name.contains(".lora_embedding_") || name.contains(".lm_head.") || name.contains(".embed_tokens.")) {
            return broken(
                    "the tensor '%s' changes the embedding or the head, which is not supported".formatted(shown),
                    "Train linear layers of the decoder blocks alone, or merge it into a model.");
        }
        return broken("the tensor '%s' is none of a LoRA adapter".formatted(shown), EXPORT_AGAIN);
    }

    private static String shown(String name) {
        return name.length() > SHOWN ? name.substring(0, SHOWN) + "…" : name;
    }

    private LowRankPair pair(AdapterSite site, WeightTensor a, @Nullable WeightTensor b) {
        if (b == null) {
            throw broken("%s has lora_A but no lora_B".formatted(site), EXPORT_AGAIN);
        }
        if (a.dimensions().size() != 2
                || b.dimensions().size() != 2
                || a.elements() == 0
                || b.elements() == 0
                || a.rows() != b.columns()) {
            throw broken(
                    "%s has A%s and B%s, which do not fit each other".formatted(site, a.dimensions(), b.dimensions()),
                    EXPORT_AGAIN);
        }
        return new LowRankPair(a.columns(), b.rows(), a.rows(), finite(site, a), finite(site, b));
    }

    private float[] finite(AdapterSite site, WeightTensor tensor) {
        float[] values = tensor.toFloats();
        for (float value : values) {
            if (!Float.isFinite(value)) {
                throw broken(
                        "%s contains %s".formatted(site, value),
                        "Its training diverged; train again with a smaller learning rate.");
            }
        }
        return values;
    }

    private BrokenModelFileException broken(String fault, String remedy) {
        return new BrokenModelFileException(weights, -1, fault, remedy);
    }
}
