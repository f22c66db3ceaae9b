package io.plumbline.inference.weights;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the tensors of a PEFT adapter, or others under the same names, and pairs A with B. */
final class PeftWeightsReader {
    static final String EXPORT_AGAIN = "Export the adapter again with PEFT's save_pretrained().";

    private static final Pattern TENSOR_NAME =
            Pattern.compile("base_model\\.model\\.(?:model\\.)?layers\\.(\\d{1,6})\\."
                    + "([a-z_]{1,40})\\.([a-z_]{1,40})\\.lora_([AB])(?:\\.default)?\\.weight");

    private final Path weights;

    PeftWeightsReader(Path weights) {
        this.weights = weights;
    }

    /** @throws BrokenModelFileException with every fault */
    SortedMap<AdapterSite, LowRankPair> read(int rank) throws IOException {
        FaultList faults = new FaultList();
        SortedMap<AdapterSite, LowRankPair> layers = read(rank, faults);
        faults.throwIfAny(weights);
        return layers;
    }

    /**
     * Reads whatever is sound.
     *
     * @param rank r; negative = not known, for finding faults only
     * @param faults takes what is wrong with single tensors
     * @throws BrokenModelFileException if this is no safetensors file
     */
    SortedMap<AdapterSite, LowRankPair> read(int rank, FaultList faults) throws IOException {
        try (SafetensorsFile file = SafetensorsFile.open(weights)) {
            return readLayers(file, rank, faults);
        }
    }

    /** The module of that name, which {@code file} mentions. */
    static LinearModule module(Path file, String name) {
        return LinearModule.of(name)
                .orElseThrow(() -> new BrokenModelFileException(
                        file,
                        -1,
                        "the module '%s' is unknown".formatted(name),
                        "Adapters may change " + LinearModule.names() + "."));
    }

    private SortedMap<AdapterSite, LowRankPair> readLayers(SafetensorsFile file, int rank, FaultList faults) {
        SortedMap<AdapterSite, WeightTensor> a = new TreeMap<>();
        SortedMap<AdapterSite, WeightTensor> b = new TreeMap<>();
        for (String name : file.names()) {
            faults.attempt(() -> enter(file, name, a, b));
        }
        SortedMap<AdapterSite, LowRankPair> layers = new TreeMap<>();
        a.forEach((site, factor) -> {
            LowRankPair pair = faults.attempt(() -> pair(site, factor, b.remove(site), rank));
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
                    "the tensor '%s' changes experts or their router, which is not supported".formatted(name),
                    "Train the adapter for the attention alone: q_proj, k_proj, v_proj and o_proj.");
        }
        Matcher match = TENSOR_NAME.matcher(name);
        if (!match.matches()) {
            throw broken("the tensor '%s' is none of a LoRA adapter".formatted(name), EXPORT_AGAIN);
        }
        LinearModule module = module(weights, match.group(3));
        if (!module.parent().equals(match.group(2))) {
            throw broken(
                    "the tensor '%s' has its module in '%s' instead of '%s'"
                            .formatted(name, match.group(2), module.parent()),
                    EXPORT_AGAIN);
        }
        AdapterSite site = new AdapterSite(Integer.parseInt(match.group(1)), module);
        if ((match.group(4).equals("A") ? a : b).put(site, file.tensor(name)) != null) {
            throw broken("the tensor '%s' occurs twice".formatted(name), EXPORT_AGAIN);
        }
        return true;
    }

    private LowRankPair pair(AdapterSite site, WeightTensor a, @Nullable WeightTensor b, int rank) {
        if (b == null) {
            throw broken("%s has lora_A but no lora_B".formatted(site), EXPORT_AGAIN);
        }
        if (a.dimensions().size() != 2
                || b.dimensions().size() != 2
                || a.elements() == 0
                || b.elements() == 0
                || (rank >= 0 && (a.rows() != rank || b.columns() != rank))
                || a.rows() != b.columns()) {
            throw broken(
                    "%s has A%s and B%s, which do not fit r=%d".formatted(site, a.dimensions(), b.dimensions(), rank),
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
