package io.plumbline.finetune.artifact;

import io.plumbline.inference.kernel.RopeLayout;
import io.plumbline.inference.model.LayerPlan;
import io.plumbline.inference.model.ModelPlan;
import io.plumbline.inference.model.Projection;
import io.plumbline.inference.weights.AdapterSite;
import io.plumbline.inference.weights.LinearModule;
import io.plumbline.inference.weights.LowRankPair;
import io.plumbline.inference.weights.PeftAdapter;
import io.plumbline.inference.weights.PeftAdapterFolder;
import io.plumbline.inference.weights.RopePermutation;
import io.plumbline.inference.weights.SafetensorsFile;
import io.plumbline.inference.weights.SafetensorsTensor;
import io.plumbline.inference.weights.SafetensorsWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * A folder in the format of Hugging Face PEFT: {@code adapter_config.json} and {@code adapter_model.safetensors} with
 * float32 tensors in Hugging Face row order, so that PEFT, vLLM and this product load it alike.
 */
public final class PeftFolder {
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
        SortedMap<AdapterSite, LowRankPair> layers = new TreeMap<>();
        for (AdapterTensor a : tensors(config, plan)) {
            if (a.factor() == AdapterTensor.Factor.A) {
                AdapterTensor b = new AdapterTensor(a.layer(), a.projection(), AdapterTensor.Factor.B);
                LinearModule module = LinearModule.of(a.projection().module()).orElseThrow();
                layers.put(
                        new AdapterSite(a.layer(), module),
                        new LowRankPair(
                                a.projection().in(plan, a.layer()),
                                a.projection().out(plan, a.layer()),
                                config.rank(),
                                values.apply(a),
                                toPeft(b, plan, values.apply(b))));
            }
        }
        PeftAdapterFolder.write(
                folder, new PeftAdapter(baseName, config.rank(), config.alpha(), config.rankStabilized(), 0, layers));
    }

    /**
     * What a PEFT folder says about its adapter.
     *
     * @throws io.plumbline.inference.weights.BrokenModelFileException if it is damaged or of a kind that cannot be used
     * @throws AdapterFormatException if it cannot be trained on over this base model
     */
    public static LoraConfig readConfig(Path folder, ModelPlan plan) throws IOException {
        PeftAdapter adapter = PeftAdapterFolder.read(folder);
        List<Projection> projections = adapter.targetModules().stream()
                .map(module -> Projection.ofModule(module.moduleName()).orElseThrow())
                .toList();
        LoraConfig config = new LoraConfig(adapter.rank(), adapter.alpha(), adapter.rankStabilised(), projections);
        int expected = plan.layers().size() * config.projections().size();
        int lastLayer = adapter.layers().lastKey().layer();
        if (adapter.layers().size() != expected || lastLayer >= plan.layers().size()) {
            throw new AdapterFormatException(
                    "the adapter %s changes %d linear layers, the last in layer %d, where the base model has %d layers; only an adapter that changes the same modules in every layer of this base model can be trained on"
                            .formatted(
                                    folder.getFileName(),
                                    adapter.layers().size(),
                                    lastLayer,
                                    plan.layers().size()));
        }
        return config;
    }

    /** Reads the weights of a PEFT folder. */
    public static void readWeights(Path folder, LoraConfig config, ModelPlan plan, Target target) throws IOException {
        readTensors(folder.resolve(PeftAdapterFolder.WEIGHTS), config, plan, "", target);
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
}
