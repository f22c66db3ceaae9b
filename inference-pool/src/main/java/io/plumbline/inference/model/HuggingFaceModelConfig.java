package io.plumbline.inference.model;

import io.plumbline.inference.kernel.RopeLayout;
import io.plumbline.inference.weights.BrokenModelFileException;
import io.plumbline.inference.weights.HuggingFaceConfig;
import io.plumbline.inference.weights.RopeSettings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads hyper-parameters from a {@code config.json}. */
final class HuggingFaceModelConfig {
    private final Path path;
    private final HuggingFaceConfig file;
    private final Architecture architecture;

    private HuggingFaceModelConfig(Path path, HuggingFaceConfig file, Architecture architecture) {
        this.path = path;
        this.file = file;
        this.architecture = architecture;
    }

    /**
     * Reads a configuration.
     *
     * @throws UnsupportedModelException with every reason why this product cannot run the model
     * @throws BrokenModelFileException if a key is missing or wrong
     */
    static ModelConfig read(Path path, HuggingFaceConfig file) {
        Architecture architecture = Architecture.ofModelType(file.modelType())
                .orElseThrow(() -> new UnsupportedModelException(
                        List.of(("its model type '%s' is not supported; use a model of one of these architectures: %s")
                                .formatted(file.modelType(), Architecture.supported()))));
        HuggingFaceModelConfig reader = new HuggingFaceModelConfig(path, file, architecture);
        reader.refuseUnknown();
        return reader.config();
    }

    private void refuseUnknown() {
        List<String> reasons = new ArrayList<>();
        for (String key : List.of("attn_logit_softcapping", "final_logit_softcapping", "num_experts")) {
            boolean known = key.equals("num_experts") && architecture == Architecture.QWEN3_MOE;
            if (!known && file.real(key).orElse(0) != 0) {
                reasons.add("it uses '%s', which is not supported; use a model without it".formatted(key));
            }
        }
        String wanted =
                switch (architecture.activation()) {
                    case SILU -> "silu";
                    case GELU_TANH -> "gelu_pytorch_tanh";
                };
        String activation =
                file.text("hidden_activation").or(() -> file.text("hidden_act")).orElse(wanted);
        if (!activation.equals(wanted)) {
            reasons.add("its activation is '%s', not '%s' as in its family; use another model"
                    .formatted(activation, wanted));
        }
        if (file.flag("use_sliding_window").orElse(false)) {
            reasons.add("it sets 'use_sliding_window', which is not supported in its family; use another model");
        }
        if (!reasons.isEmpty()) {
            throw new UnsupportedModelException(reasons);
        }
    }

    private ModelConfig config() {
        var size = new ModelConfig.Size(
                file.requireCount("num_hidden_layers"),
                file.requireCount("hidden_size"),
                file.requireCount("vocab_size"),
                file.requireCount("max_position_embeddings"));
        ModelConfig.Heads heads = heads(size.hidden());
        int headDim = heads.headDim();
        RopePlan rope = rope(file.rope(), headDim);
        return new ModelConfig(
                architecture,
                architecture.postNorms() ? TensorNaming.HUGGING_FACE_POST_NORMS : TensorNaming.HUGGING_FACE,
                size,
                feedForward(size.layers()),
                heads,
                latent(),
                rope,
                local(size.layers(), rope, headDim),
                scales(size),
                (float) file.requireReal("rms_norm_eps"));
    }

    private ModelConfig.Heads heads(int hidden) {
        int count = file.requireCount("num_attention_heads");
        int headDim = architecture == Architecture.MINICPM3
                ? file.requireCount("qk_nope_head_dim") + file.requireCount("qk_rope_head_dim")
                : file.whole("head_dim").orElse(Math.max(1, hidden / count));
        double scale = 1 / Math.sqrt(file.real("query_pre_attn_scalar").orElse(headDim));
        return new ModelConfig.Heads(count, file.whole("num_key_value_heads").orElse(count), headDim, (float) scale);
    }

    private @Nullable LatentPlan latent() {
        return architecture == Architecture.MINICPM3
                ? new LatentPlan(
                        file.requireCount("q_lora_rank"),
                        file.requireCount("kv_lora_rank"),
                        file.requireCount("v_head_dim"),
                        LatentPlan.NORM_EPSILON)
                : null;
    }

    private List<FeedForwardPlan> feedForward(int layers) {
        var dense = new FeedForwardPlan.Dense(file.requireCount("intermediate_size"), architecture.activation());
        if (architecture != Architecture.QWEN3_MOE) {
            return Collections.nCopies(layers, dense);
        }
        // Published checkpoints write num_experts, transformers 5 num_local_experts.
        String count = file.whole("num_experts").isPresent() ? "num_experts" : "num_local_experts";
        var experts = new FeedForwardPlan.Experts(
                file.requireCount("moe_intermediate_size"),
                architecture.activation(),
                file.requireCount(count),
                file.requireCount("num_experts_per_tok"),
                file.flag("norm_topk_prob").orElse(false));
        int step = file.whole("decoder_sparse_step").isPresent() ? file.requireCount("decoder_sparse_step") : 1;
        List<Integer> denseLayers = file.wholes("mlp_only_layers");
        List<FeedForwardPlan> blocks = new ArrayList<>();
        for (int i = 0; i < layers; i++) {
            blocks.add((i + 1) % step == 0 && !denseLayers.contains(i) ? experts : dense);
        }
        return blocks;
    }

    /** Gemma 3 mixes local and global layers; a window of Mistral and Phi-3 holds for every layer. */
    private ModelConfig.LocalLayers local(int layers, RopePlan rope, int headDim) {
        int window = file.whole("sliding_window").orElse(0);
        return switch (architecture) {
            case LLAMA, MINICPM, MINICPM3, QWEN2, QWEN3, QWEN3_MOE -> ModelConfig.LocalLayers.none(layers, rope);
            case MISTRAL, PHI3 -> new ModelConfig.LocalLayers(Collections.nCopies(layers, window > 0), window, rope);
            case GEMMA3 ->
                new ModelConfig.LocalLayers(
                        localLayers(layers),
                        window,
                        file.slidingRope()
                                .map(settings -> rope(settings, headDim))
                                .orElse(rope));
        };
    }

    private List<Boolean> localLayers(int layers) {
        List<String> types = file.texts("layer_types").orElse(List.of());
        if (!types.isEmpty() && types.size() != layers) {
            throw broken("'layer_types' has %d entries for %d layers".formatted(types.size(), layers));
        }
        int pattern = Math.max(1, file.whole("sliding_window_pattern").orElse(6));
        List<Boolean> isLocal = new ArrayList<>();
        for (int i = 0; i < layers; i++) {
            isLocal.add(types.isEmpty() ? (i + 1) % pattern != 0 : types.get(i).equals("sliding_attention"));
        }
        return isLocal;
    }

    private RopePlan rope(RopeSettings settings, int headDim) {
        int rotaryDim = architecture == Architecture.MINICPM3
                ? file.requireCount("qk_rope_head_dim")
                : (int) Math.round(headDim * partialRotaryFactor(settings));
        return new RopePlan(RopeLayout.HALVES, rotaryDim, settings.theta(), scaling(settings));
    }

    /** Beside the other settings of the embedding in transformers 5, at the top before. */
    private double partialRotaryFactor(RopeSettings settings) {
        Double own = settings.parameters().get("partial_rotary_factor");
        return own == null ? file.real("partial_rotary_factor").orElse(1) : own;
    }

    private RopeScaling scaling(RopeSettings settings) {
        return switch (settings.type()) {
            case "default" -> new RopeScaling.None();
            case "linear" -> new RopeScaling.Linear(positive(settings, "factor"));
            case "llama3" ->
                new RopeScaling.Llama3(
                        positive(settings, "factor"),
                        positive(settings, "low_freq_factor"),
                        positive(settings, "high_freq_factor"),
                        (int) positive(settings, "original_max_position_embeddings"));
            case "longrope", "su" -> longRope(settings);
            default ->
                throw new UnsupportedModelException(
                        List.of(("its rope scaling '%s' is not supported; use a model with none, 'linear', 'llama3' or"
                                        + " 'longrope'")
                                .formatted(settings.type())));
        };
    }

    /** transformers' {@code _compute_longrope_parameters}; "su" is its older name. */
    private RopeScaling.LongRope longRope(RopeSettings settings) {
        double context = file.requireCount("max_position_embeddings");
        Double own = settings.parameters().get("original_max_position_embeddings");
        double original =
                own == null ? file.real("original_max_position_embeddings").orElse(context) : own;
        String key = context > original ? "long_factor" : "short_factor";
        List<Double> divisors = settings.factors().getOrDefault(key, List.of());
        if (divisors.isEmpty() || !(original > 1)) {
            throw broken("the rope scaling '%s' needs '%s' and an original context".formatted(settings.type(), key));
        }
        Double factor = settings.parameters().get("attention_factor");
        double amplitude = factor == null ? RopeScaling.LongRope.amplitude(context, original) : factor;
        return new RopeScaling.LongRope(divisors, amplitude);
    }

    private ModelConfig.Scales scales(ModelConfig.Size size) {
        return switch (architecture) {
            case LLAMA, MISTRAL, PHI3, QWEN2, QWEN3, QWEN3_MOE -> ModelConfig.Scales.ONE;
            case GEMMA3 -> new ModelConfig.Scales((float) Math.sqrt(size.hidden()), 1, 1);
            case MINICPM, MINICPM3 -> {
                double depth = file.real("scale_depth").orElse(Math.sqrt(size.layers()));
                double base = file.real("dim_model_base").orElse(size.hidden());
                yield new ModelConfig.Scales(
                        (float) file.real("scale_emb").orElse(1), (float) (depth / Math.sqrt(size.layers())), (float)
                                (base / size.hidden()));
            }
        };
    }

    private double positive(RopeSettings settings, String key) {
        double value = settings.parameters().getOrDefault(key, 0.0);
        if (!(value > 0)) {
            throw broken("the rope scaling '%s' needs a positive '%s'".formatted(settings.type(), key));
        }
        return value;
    }

    private BrokenModelFileException broken(String fault) {
        return new BrokenModelFileException(path, -1, fault, "Use the config.json that belongs to the model.");
    }
}
