package io.plumbline.inference.model;

import io.plumbline.inference.kernel.RopeLayout;
import io.plumbline.inference.weights.GgufFile;
import io.plumbline.inference.weights.HuggingFaceConfig;
import io.plumbline.inference.weights.LinearModule;
import io.plumbline.inference.weights.MetadataValue;
import io.plumbline.inference.weights.WeightFile;
import io.plumbline.inference.weights.WeightTensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What of a model in Hugging Face layout stands in a GGUF file: keys instead of {@code config.json}, other tensor names,
 * q and k rows in the order of the family, norms with the offset that Gemma leaves out.
 */
public final class GgufExport {
    private final ModelConfig config;
    private final HuggingFaceConfig settings;
    private final WeightFile file;
    private final Set<String> used = new LinkedHashSet<>();

    private GgufExport(ModelConfig config, HuggingFaceConfig settings, WeightFile file) {
        this.config = config;
        this.settings = settings;
        this.file = file;
    }

    /**
     * Reads the configuration of a model.
     *
     * @param configFile its {@code config.json}
     * @param file its tensors
     * @throws UnsupportedModelException if this product cannot run it
     * @throws IOException if the file cannot be read at all
     */
    public static GgufExport of(Path configFile, WeightFile file) throws IOException {
        ModelConfig config = ModelConfig.read(configFile);
        return new GgufExport(config, HuggingFaceConfig.read(configFile), file);
    }

    /** Tokens of the model. */
    public int vocabulary() {
        return config.size().vocabulary();
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
        metadata.put(prefix + "feed_forward_length", MetadataValue.ofCount(settings.requireCount("intermediate_size")));
        metadata.put(prefix + "vocab_size", MetadataValue.ofCount(size.vocabulary()));
        experts(prefix, metadata);
        attention(prefix, metadata);
        rope(prefix, metadata);
        scales(prefix, metadata);
        return metadata;
    }

    /** All layers with experts have the same. */
    private void experts(String prefix, Map<String, MetadataValue> metadata) {
        config.feedForward().stream()
                .flatMap(plan -> plan instanceof FeedForwardPlan.Experts experts ? Stream.of(experts) : Stream.empty())
                .findFirst()
                .ifPresent(experts -> {
                    metadata.put(prefix + "expert_feed_forward_length", MetadataValue.ofCount(experts.width()));
                    metadata.put(prefix + "expert_count", MetadataValue.ofCount(experts.count()));
                    metadata.put(prefix + "expert_used_count", MetadataValue.ofCount(experts.used()));
                    metadata.put(prefix + "expert_weights_norm", new MetadataValue.Flag(experts.normalised()));
                });
    }

    private void attention(String prefix, Map<String, MetadataValue> metadata) {
        ModelConfig.Heads heads = config.heads();
        metadata.put(prefix + "attention.head_count", MetadataValue.ofCount(heads.count()));
        metadata.put(prefix + "attention.head_count_kv", MetadataValue.ofCount(heads.keyValueCount()));
        metadata.put(prefix + "attention.key_length", MetadataValue.ofCount(heads.headDim()));
        LatentPlan latent = config.latent();
        metadata.put(
                prefix + "attention.value_length",
                MetadataValue.ofCount(latent == null ? heads.headDim() : latent.valueDim()));
        if (latent != null) {
            metadata.put(prefix + "attention.q_lora_rank", MetadataValue.ofCount(latent.queryRank()));
            metadata.put(prefix + "attention.kv_lora_rank", MetadataValue.ofCount(latent.keyValueRank()));
        }
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
        RopePlan plan = config.rope();
        metadata.put(prefix + "rope.dimension_count", MetadataValue.ofCount(plan.rotaryDim()));
        metadata.put(prefix + "rope.freq_base", MetadataValue.ofFloat(plan.base()));
        if (config.local().isLocal().contains(true) && !config.local().rope().equals(plan)) {
            metadata.put(
                    prefix + "rope.freq_base_swa",
                    MetadataValue.ofFloat(config.local().rope().base()));
        }
        switch (plan.scaling()) {
            case RopeScaling.None _, RopeScaling.Llama3 _ -> {}
            case RopeScaling.Linear(double factor) -> {
                metadata.put(prefix + "rope.scaling.type", new MetadataValue.Text("linear"));
                metadata.put(prefix + "rope.scaling.factor", MetadataValue.ofFloat(factor));
            }
            case RopeScaling.LongRope longRope -> {
                metadata.put(prefix + "rope.scaling.original_context_length", MetadataValue.ofCount(originalContext()));
                metadata.put(prefix + "rope.scaling.attn_factor", MetadataValue.ofFloat(longRope.amplitude()));
            }
        }
    }

    private long originalContext() {
        String key = "original_max_position_embeddings";
        Double own = settings.rope().parameters().get(key);
        return Math.round(own == null ? settings.real(key).orElse(config.size().contextLength()) : own);
    }

    private void scales(String prefix, Map<String, MetadataValue> metadata) {
        if (config.architecture() == Architecture.MINICPM || config.architecture() == Architecture.MINICPM3) {
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
        ropeDivisors(tensors);
        ModelPlan plan = config.plan();
        for (int layer = 0; layer < config.size().layers(); layer++) {
            for (TensorRole role : TensorRole.values()) {
                if (role.perLayer()) {
                    optional(role, layer, tensors);
                }
            }
            for (ModulePlan module : plan.modules(layer)) {
                module(module.module(), layer, tensors);
            }
            if (config.feedForward().get(layer) instanceof FeedForwardPlan.Experts experts) {
                for (LinearModule module :
                        List.of(LinearModule.GATE_PROJ, LinearModule.UP_PROJ, LinearModule.DOWN_PROJ)) {
                    stack(module, layer, experts.count(), tensors);
                }
            }
        }
        refuseLeftovers();
        return tensors;
    }

    /** Scalings that GGUF files tell by tensors. */
    private void ropeDivisors(List<ExportedTensor> tensors) {
        switch (config.rope().scaling()) {
            case RopeScaling.None _, RopeScaling.Linear _ -> {}
            case RopeScaling.Llama3 scaling ->
                vector(TensorRole.ROPE_DIVISORS, divisors(config.rope(), scaling), tensors);
            case RopeScaling.LongRope scaling -> {
                vector(TensorRole.ROPE_SHORT_DIVISORS, factors("short_factor", scaling), tensors);
                vector(TensorRole.ROPE_LONG_DIVISORS, factors("long_factor", scaling), tensors);
            }
        }
    }

    /** A list of the configuration; one that it lacks is never used, but has to be there. */
    private float[] factors(String key, RopeScaling.LongRope scaling) {
        List<Double> list = settings.rope().factors().getOrDefault(key, scaling.divisors());
        float[] factors = new float[list.size()];
        for (int i = 0; i < factors.length; i++) {
            factors[i] = list.get(i).floatValue();
        }
        return factors;
    }

    private static void vector(TensorRole role, float[] values, List<ExportedTensor> tensors) {
        String name = TensorNaming.GGUF.name(role, 0);
        tensors.add(ExportedTensor.unchanged(name, WeightTensor.ofFloats(name, List.of((long) values.length), values)));
    }

    /** Llama 3's scaling as GGUF has it: what the frequency of each pair is divided by. */
    private static float[] divisors(RopePlan rope, RopeScaling.Llama3 scaling) {
        float[] divisors = new float[rope.rotaryDim() / 2];
        for (int i = 0; i < divisors.length; i++) {
            double frequency = 1 / Math.pow(rope.base(), 2.0 * i / rope.rotaryDim());
            divisors[i] = (float) (frequency / scaling.apply(frequency, i));
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
            boolean norm = role != TensorRole.EMBEDDING && role != TensorRole.HEAD && role != TensorRole.ROUTER;
            float offset = norm ? config.architecture().huggingFaceNormOffset() : 0;
            tensors.add(ExportedTensor.of(TensorNaming.GGUF.name(role, layer), tensor, 0, offset));
        });
    }

    private void module(LinearModule module, int layer, List<ExportedTensor> tensors) {
        int heads = config.architecture().ggufPermuted() ? heads(module) : 0;
        String weight = config.naming().weight(module, layer);
        used.add(weight);
        tensors.add(ExportedTensor.of(TensorNaming.GGUF.weight(module, layer), file.tensor(weight), heads, 0));
        String bias = config.naming().bias(module, layer);
        file.find(bias).ifPresent(tensor -> {
            used.add(bias);
            tensors.add(ExportedTensor.of(TensorNaming.GGUF.bias(module, layer), tensor, heads, 0));
        });
    }

    /** The matrices of all experts, one after the other. */
    private void stack(LinearModule module, int layer, int count, List<ExportedTensor> tensors) {
        List<WeightTensor> sources = new ArrayList<>();
        for (int expert = 0; expert < count; expert++) {
            String name = config.naming().expert(module, layer, expert);
            used.add(name);
            sources.add(file.tensor(name));
        }
        List<Long> shape = new ArrayList<>(sources.getFirst().dimensions());
        shape.addFirst((long) count);
        tensors.add(new ExportedTensor(TensorNaming.GGUF.expert(module, layer, 0), shape, sources, 0, 0));
    }

    /** Heads that rotate in the rows of a matrix. */
    private int heads(LinearModule module) {
        if (module == LinearModule.Q_PROJ) {
            return config.heads().count();
        }
        return module == LinearModule.K_PROJ ? config.heads().keyValueCount() : 0;
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
                        layer.latent(),
                        comparable(layer.rope()),
                        layer.feedForward(),
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
                    case RopeScaling.LongRope longRope ->
                        new RopeScaling.LongRope(
                                longRope.divisors().stream()
                                        .map(d -> (double) d.floatValue())
                                        .toList(),
                                (float) longRope.amplitude());
                    case RopeScaling.None none -> none;
                };
        return new RopePlan(RopeLayout.HALVES, rope.rotaryDim(), (float) rope.base(), scaling);
    }
}
