package io.plumbline.inference.model;

import io.plumbline.inference.kernel.RopeLayout;
import io.plumbline.inference.weights.GgufFile;
import io.plumbline.inference.weights.MetadataValue;
import io.plumbline.inference.weights.WeightFile;
import io.plumbline.inference.weights.WeightTensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What of a model in Hugging Face layout stands in a GGUF file: keys instead of {@code config.json}, other tensor names,
 * q and k rows in the order of the family, norms with the offset that Gemma leaves out.
 */
public final class GgufExport {
    private final ModelConfig config;
    private final WeightFile file;
    private final Set<String> used = new LinkedHashSet<>();

    /**
     * @param config of a model in Hugging Face layout
     * @param file its tensors
     */
    public GgufExport(ModelConfig config, WeightFile file) {
        this.config = config;
        this.file = file;
    }

    /** Every tensor of a GGUF file as it is. */
    public static List<ExportedTensor> unchanged(GgufFile file) {
        return file.names().stream()
                .map(name -> ExportedTensor.unchanged(name, file.tensor(name)))
                .toList();
    }

    /** A Mistral model without a window is a Llama model, and other programs know it by that name only. */
    private Architecture architecture() {
        boolean plainMistral = config.architecture() == Architecture.MISTRAL
                && !config.local().isLocal().contains(true);
        return plainMistral ? Architecture.LLAMA : config.architecture();
    }

    /** The hyper-parameters, in the order in which llama.cpp's converter writes them. */
    public Map<String, MetadataValue> metadata() {
        Map<String, MetadataValue> metadata = new LinkedHashMap<>();
        metadata.put(
                "general.architecture", new MetadataValue.Text(architecture().ggufName()));
        String prefix = architecture().ggufName() + ".";
        ModelConfig.Size size = config.size();
        metadata.put(prefix + "block_count", MetadataValue.ofCount(size.layers()));
        metadata.put(prefix + "context_length", MetadataValue.ofCount(size.contextLength()));
        metadata.put(prefix + "embedding_length", MetadataValue.ofCount(size.hidden()));
        metadata.put(prefix + "feed_forward_length", MetadataValue.ofCount(size.feedForward()));
        metadata.put(prefix + "vocab_size", MetadataValue.ofCount(size.vocabulary()));
        attention(prefix, metadata);
        rope(prefix, metadata);
        scales(prefix, metadata);
        return metadata;
    }

    private void attention(String prefix, Map<String, MetadataValue> metadata) {
        ModelConfig.Heads heads = config.heads();
        metadata.put(prefix + "attention.head_count", MetadataValue.ofCount(heads.count()));
        metadata.put(prefix + "attention.head_count_kv", MetadataValue.ofCount(heads.keyValueCount()));
        metadata.put(prefix + "attention.key_length", MetadataValue.ofCount(heads.headDim()));
        metadata.put(prefix + "attention.value_length", MetadataValue.ofCount(heads.headDim()));
        metadata.put(prefix + "attention.layer_norm_rms_epsilon", MetadataValue.ofFloat(config.normEpsilon()));
        List<Boolean> isLocal = config.local().isLocal();
        if (isLocal.contains(true)) {
            metadata.put(
                    prefix + "attention.sliding_window",
                    MetadataValue.ofCount(config.local().window()));
            if (isLocal.contains(false)) {
                int pattern = isLocal.indexOf(false) + 1; // every pattern-th layer is global
                metadata.put(prefix + "attention.sliding_window_pattern", MetadataValue.ofCount(pattern));
            }
        }
    }

    private void rope(String prefix, Map<String, MetadataValue> metadata) {
        RopePlan rope = config.rope();
        metadata.put(prefix + "rope.dimension_count", MetadataValue.ofCount(rope.rotaryDim()));
        metadata.put(prefix + "rope.freq_base", MetadataValue.ofFloat(rope.base()));
        if (config.local().isLocal().contains(true) && !config.local().rope().equals(rope)) {
            metadata.put(
                    prefix + "rope.freq_base_swa",
                    MetadataValue.ofFloat(config.local().rope().base()));
        }
        if (rope.scaling() instanceof RopeScaling.Linear(double factor)) {
            metadata.put(prefix + "rope.scaling.type", new MetadataValue.Text("linear"));
            metadata.put(prefix + "rope.scaling.factor", MetadataValue.ofFloat(factor));
        }
    }

    private void scales(String prefix, Map<String, MetadataValue> metadata) {
        if (config.architecture() == Architecture.MINICPM) {
            metadata.put(
                    prefix + "embedding_scale",
                    MetadataValue.ofFloat(config.scales().embedding()));
            metadata.put(
                    prefix + "residual_scale",
                    MetadataValue.ofFloat(config.scales().residual()));
            metadata.put(
                    prefix + "logit_scale",
                    MetadataValue.ofFloat(1.0 / config.scales().head()));
        }
    }

    /**
     * Every tensor under its new name.
     *
     * @throws UnsupportedModelException if the file holds tensors that have no place
     * @throws io.plumbline.inference.weights.BrokenModelFileException if one is missing
     */
    public List<ExportedTensor> tensors() {
        used.clear();
        List<ExportedTensor> tensors = new ArrayList<>();
        required(TensorRole.EMBEDDING, 0, tensors);
        required(TensorRole.FINAL_NORM, 0, tensors);
        optional(TensorRole.HEAD, 0, tensors);
        if (config.rope().scaling() instanceof RopeScaling.Llama3 scaling) {
            float[] divisors = divisors(config.rope(), scaling);
            String name = TensorNaming.GGUF.name(TensorRole.ROPE_DIVISORS, 0);
            tensors.add(ExportedTensor.unchanged(
                    name, WeightTensor.ofFloats(name, List.of((long) divisors.length), divisors)));
        }
        for (int layer = 0; layer < config.size().layers(); layer++) {
            for (TensorRole role : TensorRole.values()) {
                if (role.perLayer()) {
                    optional(role, layer, tensors);
                }
            }
            for (Projection projection : Projection.values()) {
                projection(projection, layer, tensors);
            }
        }
        refuseLeftovers();
        return tensors;
    }

    /** Llama 3's scaling as GGUF has it: what the frequency of each pair is divided by. */
    private static float[] divisors(RopePlan rope, RopeScaling.Llama3 scaling) {
        float[] divisors = new float[rope.rotaryDim() / 2];
        for (int i = 0; i < divisors.length; i++) {
            double frequency = 1 / Math.pow(rope.base(), 2.0 * i / rope.rotaryDim());
            divisors[i] = (float) (frequency / scaling.apply(frequency));
        }
        return divisors;
    }

    private void required(TensorRole role, int layer, List<ExportedTensor> tensors) {
        file.tensor(config.naming().name(role, layer)); // a missing one is told by its name
        optional(role, layer, tensors);
    }

    private void optional(TensorRole role, int layer, List<ExportedTensor> tensors) {
        String name = config.naming().name(role, layer);
        file.find(name).ifPresent(tensor -> {
            used.add(name);
            boolean norm = role != TensorRole.EMBEDDING && role != TensorRole.HEAD;
            float offset = norm ? config.architecture().huggingFaceNormOffset() : 0;
            tensors.add(new ExportedTensor(TensorNaming.GGUF.name(role, layer), tensor, 0, offset));
        });
    }

    private void projection(Projection projection, int layer, List<ExportedTensor> tensors) {
        int heads = config.architecture().ggufPermuted() ? heads(projection) : 0;
        String weight = config.naming().weight(projection, layer);
        used.add(weight);
        tensors.add(new ExportedTensor(TensorNaming.GGUF.weight(projection, layer), file.tensor(weight), heads, 0));
        String bias = config.naming().bias(projection, layer);
        file.find(bias).ifPresent(tensor -> {
            used.add(bias);
            tensors.add(new ExportedTensor(TensorNaming.GGUF.bias(projection, layer), tensor, heads, 0));
        });
    }

    /** Heads that rotate in the rows of a projection. */
    private int heads(Projection projection) {
        if (projection == Projection.QUERY) {
            return config.heads().count();
        }
        return projection == Projection.KEY ? config.heads().keyValueCount() : 0;
    }

    private void refuseLeftovers() {
        List<String> leftovers = file.names().stream()
                .filter(name -> !used.contains(name))
                .filter(name -> !name.endsWith("rotary_emb.inv_freq"))
                .toList();
        if (!leftovers.isEmpty()) {
            throw new UnsupportedModelException(List.of(("%d of its tensors, such as '%s', have no place in a GGUF file"
                            + " of the %s family; convert it with llama.cpp's convert_hf_to_gguf.py and quantise that")
                    .formatted(
                            leftovers.size(),
                            leftovers.getFirst(),
                            config.architecture().ggufName())));
        }
    }

    /**
     * Whether a written file says the same model. Some settings have no key in GGUF; a model that needs one of them must
     * not be written as another one.
     *
     * @throws UnsupportedModelException if it does not
     */
    public void requireSame(ModelConfig written) {
        ModelPlan wanted = comparable(config.plan(), architecture());
        ModelPlan found = comparable(written.plan(), architecture());
        if (!wanted.equals(found)) {
            throw new UnsupportedModelException(List.of(
                    "its config.json has settings that GGUF files of its family cannot hold (such as an attention scale"
                            + " or an order of local layers of its own); keep it in Hugging Face layout"));
        }
    }

    /** Without what differs between the two kinds of files: the order of q and k rows and how Llama 3 scaling is told. */
    private static ModelPlan comparable(ModelPlan plan, Architecture architecture) {
        List<LayerPlan> layers = plan.layers().stream()
                .map(layer -> new LayerPlan(
                        layer.attention(),
                        comparable(layer.rope()),
                        layer.feedForward(),
                        layer.activation(),
                        layer.queryKeyNorm(),
                        layer.postNorms()))
                .toList();
        return new ModelPlan(
                architecture,
                plan.vocabulary(),
                plan.hidden(),
                plan.contextLength(),
                plan.normEpsilon(),
                plan.embeddingScale(),
                plan.residualScale(),
                plan.headScale(),
                layers);
    }

    private static RopePlan comparable(RopePlan rope) {
        RopeScaling scaling =
                switch (rope.scaling()) {
                    case RopeScaling.Llama3 _ -> new RopeScaling.None();
                    case RopeScaling.Linear(double factor) -> new RopeScaling.Linear((float) factor);
                    case RopeScaling.None none -> none;
                };
        return new RopePlan(RopeLayout.HALVES, rope.rotaryDim(), (float) rope.base(), scaling);
    }
}
