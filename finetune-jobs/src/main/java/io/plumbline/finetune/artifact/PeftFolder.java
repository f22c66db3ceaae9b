package io.plumbline.finetune.artifact;

import io.plumbline.inference.lora.AdapterFit;
import io.plumbline.inference.model.ModelPlan;
import io.plumbline.inference.model.ModulePlan;
import io.plumbline.inference.weights.AdapterSite;
import io.plumbline.inference.weights.LinearModule;
import io.plumbline.inference.weights.LowRankPair;
import io.plumbline.inference.weights.PeftAdapter;
import io.plumbline.inference.weights.PeftAdapterFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * What training reads from and writes to adapter folders, tensor by tensor in the row order of the base model's own
 * weights; {@link PeftAdapterFolder} knows the files.
 */
public final class PeftFolder {
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
        SortedMap<AdapterSite, LowRankPair> layers = layers(config, plan, values);
        PeftAdapterFolder.write(folder, AdapterFit.inHuggingFaceOrder(plan, config.adapter(baseName, layers)));
    }

    /**
     * What a PEFT folder says about its adapter.
     *
     * @throws io.plumbline.inference.weights.BrokenModelFileException if it is damaged or of a kind that cannot be used
     * @throws AdapterFormatException if it cannot be trained on over this base model
     */
    public static LoraConfig readConfig(Path folder, ModelPlan plan) throws IOException {
        PeftAdapter adapter = PeftAdapterFolder.read(folder);
        LoraConfig config = LoraConfig.of(adapter);
        requireFit(folder, adapter, config, plan);
        return config;
    }

    /** Reads the weights of a PEFT folder; errors as of {@link #readTensors}. */
    public static void readWeights(Path folder, LoraConfig config, ModelPlan plan, Target target) throws IOException {
        readTensors(folder.resolve(PeftAdapterFolder.WEIGHTS), config, plan, target);
    }

    /** Writes one value per adapter parameter, such as an optimiser moment, under the adapter's names. */
    public static void writeTensors(
            Path file, LoraConfig config, ModelPlan plan, Function<AdapterTensor, float[]> values) throws IOException {
        PeftAdapter adapter = config.adapter("", layers(config, plan, values));
        PeftAdapterFolder.writeWeights(
                file, AdapterFit.inHuggingFaceOrder(plan, adapter).layers());
    }

    /**
     * Reads what {@link #writeTensors} wrote.
     *
     * @throws io.plumbline.inference.weights.BrokenModelFileException if the file is damaged or of another rank
     * @throws AdapterFormatException if a tensor is missing, is one too many or has another shape than the base model
     *     asks for
     */
    public static void readTensors(Path file, LoraConfig config, ModelPlan plan, Target target) throws IOException {
        PeftAdapter stored = config.adapter("", PeftAdapterFolder.readWeights(file, config::rank));
        requireFit(file, stored, config, plan);
        AdapterFit.inRowOrderOf(plan, stored).layers().forEach((site, pair) -> {
            target.accept(new AdapterTensor(site.layer(), site.module(), AdapterTensor.Factor.A), pair.a());
            target.accept(new AdapterTensor(site.layer(), site.module(), AdapterTensor.Factor.B), pair.b());
        });
    }

    /** Takes the values of one tensor, in the row order of the base model's own weights. */
    @FunctionalInterface
    public interface Target {
        void accept(AdapterTensor tensor, float[] values);
    }

    /** Every tensor of an adapter, layer by layer, module by module, A before B. */
    public static List<AdapterTensor> tensors(LoraConfig config, ModelPlan plan) {
        List<AdapterTensor> tensors = new ArrayList<>();
        for (int layer = 0; layer < plan.layers().size(); layer++) {
            for (LinearModule module : config.modules()) {
                tensors.add(new AdapterTensor(layer, module, AdapterTensor.Factor.A));
                tensors.add(new AdapterTensor(layer, module, AdapterTensor.Factor.B));
            }
        }
        return tensors;
    }

    private static SortedMap<AdapterSite, LowRankPair> layers(
            LoraConfig config, ModelPlan plan, Function<AdapterTensor, float[]> values) {
        SortedMap<AdapterSite, LowRankPair> layers = new TreeMap<>();
        for (int layer = 0; layer < plan.layers().size(); layer++) {
            for (LinearModule module : config.modules()) {
                ModulePlan shape = plan.module(layer, module).orElseThrow();
                AdapterSite site = new AdapterSite(layer, module);
                layers.put(
                        site,
                        new LowRankPair(
                                shape.in(),
                                shape.out(),
                                config.rank(site),
                                values.apply(new AdapterTensor(layer, module, AdapterTensor.Factor.A)),
                                values.apply(new AdapterTensor(layer, module, AdapterTensor.Factor.B))));
            }
        }
        return layers;
    }

    private static void requireFit(Path source, PeftAdapter adapter, LoraConfig config, ModelPlan plan) {
        List<String> misfits = AdapterFit.misfits(adapter, plan, adapter.maxRank());
        if (!misfits.isEmpty()) {
            throw new AdapterFormatException("the adapter %s does not fit the base model: %s"
                    .formatted(source.getFileName(), misfits.getFirst()));
        }
        boolean known = adapter.layers().keySet().stream()
                .allMatch(site -> config.modules().contains(site.module()));
        int layers = plan.layers().size();
        if (!known || adapter.layers().size() != layers * config.modules().size()) {
            throw new AdapterFormatException(
                    "the adapter %s changes %d linear layers instead of the modules %s in each of the base model's %d layers; only an adapter that changes the same modules in every layer can be trained on"
                            .formatted(
                                    source.getFileName(),
                                    adapter.layers().size(),
                                    config.modules().stream()
                                            .map(LinearModule::moduleName)
                                            .toList(),
                                    layers));
        }
    }
}
