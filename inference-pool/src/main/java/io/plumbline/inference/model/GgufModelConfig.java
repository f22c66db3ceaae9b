package io.plumbline.inference.model;

import io.plumbline.inference.kernel.RopeLayout;
import io.plumbline.inference.quant.QuantFormat;
import io.plumbline.inference.weights.GgufFile;
import io.plumbline.inference.weights.GgufMetadata;
import io.plumbline.inference.weights.WeightTensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads hyper-parameters from the metadata of a GGUF file (keys: {@code docs/gguf.md} of the ggml project; where a key
 * does not exist, the value that llama.cpp has in its code).
 */
final class GgufModelConfig {
    /** Keys that change what is computed and that no plan knows, with the value at which they change nothing. */
    private static final List<String> NEUTRAL_WHEN_ABSENT = List.of(
            "expert_count",
            "expert_shared_count",
            "expert_group_count",
            "attn_logit_softcapping",
            "final_logit_softcapping",
            "attention.kv_lora_rank");

    private final Architecture architecture;
    private final GgufFile file;
    private final GgufMetadata metadata;

    private GgufModelConfig(Architecture architecture, GgufFile file) {
        this.architecture = architecture;
        this.file = file;
        this.metadata = file.metadata();
    }

    /** @throws UnsupportedModelException with every reason why this product cannot run the model */
    static ModelConfig read(GgufFile file) {
        String name = file.metadata().architecture();
        Architecture architecture = Architecture.ofGguf(name)
                .orElseThrow(() -> new UnsupportedModelException(List.of(
                        ("its architecture '%s' is not supported; use a model of one of these architectures:" + " %s")
                                .formatted(name, Architecture.supported()))));
        GgufModelConfig reader = new GgufModelConfig(architecture, file);
        reader.refuseUnknown();
        return reader.config();
    }

    private void refuseUnknown() {
        List<String> reasons = new ArrayList<>();
        for (String key : NEUTRAL_WHEN_ABSENT) {
            if (!plansKnow(key) && metadata.real(key(key)).orElse(0) != 0) {
                reasons.add("it uses '%s', which is not supported; use a model without it".formatted(key(key)));
            }
        }
        String scaling = metadata.text(key("rope.scaling.type")).orElse("none");
        if (!List.of("none", "linear", "longrope").contains(scaling)) {
            reasons.add("its rope scaling '%s' is not supported; use a model without rope scaling, with linear scaling"
                            .formatted(scaling)
                    + ", or of the Llama 3 kind");
        }
        if (architecture != Architecture.MINICPM3
                && metadata.whole(key("attention.key_length")).orElse(0)
                        != metadata.whole(key("attention.value_length")).orElse(0)) {
            reasons.add("its keys and values differ in length, which is not supported; use another model");
        }
        // A gating function of 1 is the softmax; 0 says nothing, as does a factor of 0.
        double factor = metadata.real(key("expert_weights_scale")).orElse(0);
        if (metadata.whole(key("expert_gating_func")).orElse(0) > 1 || (factor != 0 && factor != 1)) {
            reasons.add("its experts are chosen or weighted in a way that is not supported; use another model");
        }
        if (!reasons.isEmpty()) {
            throw new UnsupportedModelException(reasons);
        }
    }

    private boolean plansKnow(String key) {
        return (key.equals("expert_count") && architecture == Architecture.QWEN3_MOE)
                || (key.equals("attention.kv_lora_rank") && architecture == Architecture.MINICPM3);
    }

    private ModelConfig config() {
        ModelConfig.Size size = size();
        int headCount = metadata.requireCount(key("attention.head_count"), 1);
        int headDim = optionalCount("attention.key_length", Math.max(1, size.hidden() / headCount));
        double base = metadata.real(key("rope.freq_base")).orElse(10_000);
        RopeLayout layout = architecture.ggufPermuted() ? RopeLayout.INTERLEAVED : RopeLayout.HALVES;
        int rotaryDim = optionalCount("rope.dimension_count", headDim);
        RopePlan rope = new RopePlan(layout, rotaryDim, base, scaling());
        var heads = new ModelConfig.Heads(
                headCount,
                optionalCount("attention.head_count_kv", headCount),
                headDim,
                attentionScale(size, headCount, headDim));
        return new ModelConfig(
                architecture,
                TensorNaming.GGUF,
                size,
                feedForward(size.layers()),
                heads,
                latent(Math.max(1, size.hidden() / headCount)),
                rope,
                local(size.layers(), rope),
                scales(size),
                (float) metadata.requireReal(key("attention.layer_norm_rms_epsilon")));
    }

    private List<FeedForwardPlan> feedForward(int layers) {
        int width = metadata.requireCount(key("feed_forward_length"), 1);
        var dense = new FeedForwardPlan.Dense(width, architecture.activation());
        if (architecture != Architecture.QWEN3_MOE) {
            return Collections.nCopies(layers, dense);
        }
        var experts = new FeedForwardPlan.Experts(
                metadata.requireCount(key("expert_feed_forward_length"), 1),
                architecture.activation(),
                metadata.requireCount(key("expert_count"), 1),
                metadata.requireCount(key("expert_used_count"), 1),
                metadata.flag(key("expert_weights_norm")).orElse(true));
        List<FeedForwardPlan> blocks = new ArrayList<>();
        for (int i = 0; i < layers; i++) { // no key tells which layers are dense; only the tensors do
            boolean routed =
                    file.find(TensorNaming.GGUF.name(TensorRole.ROUTER, i)).isPresent();
            blocks.add(routed ? experts : dense);
        }
        return blocks;
    }

    /** @param otherwise length of a value head where no key states it */
    private @Nullable LatentPlan latent(int otherwise) {
        return architecture == Architecture.MINICPM3
                ? new LatentPlan(
                        metadata.requireCount(key("attention.q_lora_rank"), 1),
                        metadata.requireCount(key("attention.kv_lora_rank"), 1),
                        optionalCount("attention.value_length", otherwise),
                        LatentPlan.NORM_EPSILON)
                : null;
    }

    private ModelConfig.Size size() {
        return new ModelConfig.Size(
                metadata.requireCount(key("block_count"), 1),
                metadata.requireCount(key("embedding_length"), 1),
                file.tensor(TensorNaming.GGUF.name(TensorRole.EMBEDDING, 0)).rows(),
                metadata.requireCount(key("context_length"), 1));
    }

    private RopeScaling scaling() {
        if (file.find(TensorNaming.GGUF.name(TensorRole.ROPE_LONG_DIVISORS, 0)).isPresent()) {
            return longRope();
        }
        boolean linear = metadata.text(key("rope.scaling.type")).orElse("none").equals("linear");
        double factor = metadata.real(key("rope.scaling.factor")).orElse(1);
        return linear && factor != 1 ? new RopeScaling.Linear(factor) : new RopeScaling.None();
    }

    /** Lists of divisors as tensors; converters write no {@code rope.scaling.type} beside them. */
    private RopeScaling longRope() {
        long context = metadata.requireCount(key("context_length"), 1);
        long original =
                metadata.whole(key("rope.scaling.original_context_length")).orElse(context);
        TensorRole role = context > original ? TensorRole.ROPE_LONG_DIVISORS : TensorRole.ROPE_SHORT_DIVISORS;
        List<Double> divisors = new ArrayList<>();
        WeightTensor list = file.tensor(TensorNaming.GGUF.name(role, 0));
        if (list.format() != QuantFormat.F32) {
            throw metadata.broken("the tensor '%s' is stored as %s, not as F32".formatted(list.name(), list.format()));
        }
        for (float divisor : list.toFloats()) {
            divisors.add((double) divisor);
        }
        double amplitude = metadata.real(key("rope.scaling.attn_factor"))
                .orElse(RopeScaling.LongRope.amplitude(context, Math.max(2, original)));
        return new RopeScaling.LongRope(divisors, amplitude);
    }

    /** 1/√headDim; Gemma 3 27B alone (62 layers) takes 1/√(hidden/heads), and no key says so. */
    private float attentionScale(ModelConfig.Size size, int heads, int headDim) {
        boolean gemma27b = architecture == Architecture.GEMMA3 && size.layers() == 62;
        return (float) (1 / Math.sqrt(gemma27b ? (double) size.hidden() / heads : headDim));
    }

    private ModelConfig.LocalLayers local(int layers, RopePlan rope) {
        int window =
                (int) Math.clamp(metadata.whole(key("attention.sliding_window")).orElse(0), 0L, Integer.MAX_VALUE);
        boolean unused = window <= 0
                || architecture == Architecture.QWEN2
                || architecture == Architecture.QWEN3
                || architecture == Architecture.QWEN3_MOE;
        if (unused) {
            return ModelConfig.LocalLayers.none(layers, rope);
        }
        if (architecture != Architecture.GEMMA3) {
            return new ModelConfig.LocalLayers(Collections.nCopies(layers, true), window, rope);
        }
        int pattern = optionalCount("attention.sliding_window_pattern", 6);
        double base = metadata.real(key("rope.freq_base_swa")).orElse(10_000);
        RopePlan localRope = new RopePlan(rope.layout(), rope.rotaryDim(), base, new RopeScaling.None());
        List<Boolean> isLocal = new ArrayList<>();
        for (int i = 0; i < layers; i++) {
            isLocal.add((i + 1) % pattern != 0);
        }
        return new ModelConfig.LocalLayers(isLocal, window, localRope);
    }

    /** Where a file of the MiniCPM family states no scales, those of the published models hold, as in llama.cpp. */
    private ModelConfig.Scales scales(ModelConfig.Size size) {
        boolean miniCpm = architecture == Architecture.MINICPM || architecture == Architecture.MINICPM3;
        boolean gemma = architecture == Architecture.GEMMA3;
        double embedding = gemma ? Math.sqrt(size.hidden()) : miniCpm ? 12 : 1;
        double residual = miniCpm ? 1.4 / Math.sqrt(size.layers()) : 1;
        double logits = miniCpm ? size.hidden() / 256.0 : 1;
        return new ModelConfig.Scales(
                (float) metadata.real(key("embedding_scale")).orElse(embedding),
                (float) metadata.real(key("residual_scale")).orElse(residual),
                (float) (1 / metadata.real(key("logit_scale")).orElse(logits)));
    }

    private int optionalCount(String key, int otherwise) {
        return metadata.whole(key(key)).isPresent() ? metadata.requireCount(key(key), 1) : otherwise;
    }

    private String key(String name) {
        return architecture.ggufName() + "." + name;
    }
}
