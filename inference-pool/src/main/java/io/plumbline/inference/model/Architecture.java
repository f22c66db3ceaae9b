package io.plumbline.inference.model;

import io.plumbline.inference.kernel.Activation;
import io.plumbline.inference.weights.LinearModule;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/** The families of decoder-only models that this product runs, each with what sets it apart. */
public enum Architecture {
    /** Touvron et al. 2023, arXiv 2302.13971; SmolLM2 and most GGUF files of Mistral models are of this family too. */
    LLAMA(names("llama", "llama"), Activation.SILU, GgufRope.PERMUTED, Traits.PLAIN),
    /** Llama with a sliding window on every layer (arXiv 2310.06825). */
    MISTRAL(names("mistral", "mistral"), Activation.SILU, GgufRope.PERMUTED, Traits.PLAIN),
    /** Llama with three scales: embedding, depth and width (arXiv 2404.06395). */
    MINICPM(names("minicpm", "minicpm"), Activation.SILU, GgufRope.PERMUTED, Traits.PLAIN),
    /** Llama with q, k and v in one matrix, gate and up in another (arXiv 2404.14219). */
    PHI3(names("phi3", "phi3"), Activation.SILU, GgufRope.PLAIN, Traits.STACKED),
    /** Llama with biases on q, k and v (arXiv 2407.10671). */
    QWEN2(names("qwen2", "qwen2"), Activation.SILU, GgufRope.PLAIN, Traits.PLAIN),
    /** Qwen 2 without biases but with normalised q and k heads (arXiv 2505.09388). */
    QWEN3(names("qwen3", "qwen3"), Activation.SILU, GgufRope.PLAIN, Traits.QUERY_KEY_NORM),
    /** Qwen 3 with a router and many narrow feed-forward blocks (arXiv 2505.09388). */
    QWEN3_MOE(names("qwen3moe", "qwen3_moe"), Activation.SILU, GgufRope.PLAIN, Traits.QUERY_KEY_NORM),
    /** MiniCPM's three scales over latent attention (arXiv 2405.04434). */
    MINICPM3(names("minicpm3", "minicpm3"), Activation.SILU, GgufRope.PLAIN, Traits.PLAIN),
    /** Four norms a layer, normalised q and k heads, local and global layers (arXiv 2503.19786). */
    GEMMA3(names("gemma3", "gemma3_text"), Activation.GELU_TANH, GgufRope.PLAIN, Traits.GEMMA);

    private final Names names;
    private final Activation activation;
    private final GgufRope ggufRope;
    private final Traits traits;

    Architecture(Names names, Activation activation, GgufRope ggufRope, Traits traits) {
        this.names = names;
        this.activation = activation;
        this.ggufRope = ggufRope;
        this.traits = traits;
    }

    /** {@code general.architecture} in GGUF files; also the prefix of the family's keys. */
    public String ggufName() {
        return names.gguf;
    }

    /** {@code model_type} in {@code config.json}. */
    public String modelType() {
        return names.modelType;
    }

    Activation activation() {
        return activation;
    }

    /** Whether q and k rows are permuted in GGUF files, so that elements 2i and 2i + 1 rotate together. */
    boolean ggufPermuted() {
        return ggufRope == GgufRope.PERMUTED;
    }

    /** Whether every query and key head is normalised before it rotates. */
    boolean queryKeyNorm() {
        return traits.queryKeyNorm;
    }

    /** Whether the outputs of both blocks are normalised too. */
    boolean postNorms() {
        return traits.postNorms;
    }

    /** The matrix in which files keep a projection; where two share one, its rows follow the order of the enum. */
    public LinearModule module(Projection projection) {
        return switch (projection) {
            case QUERY -> traits.stacked ? LinearModule.QKV_PROJ : LinearModule.Q_PROJ;
            case KEY -> traits.stacked ? LinearModule.QKV_PROJ : LinearModule.K_PROJ;
            case VALUE -> traits.stacked ? LinearModule.QKV_PROJ : LinearModule.V_PROJ;
            case QUERY_DOWN -> LinearModule.Q_A_PROJ;
            case QUERY_UP -> LinearModule.Q_B_PROJ;
            case KEY_VALUE_DOWN, ROTARY_KEY -> LinearModule.KV_A_PROJ_WITH_MQA;
            case KEY_VALUE_UP -> LinearModule.KV_B_PROJ;
            case OUTPUT -> LinearModule.O_PROJ;
            case GATE -> traits.stacked ? LinearModule.GATE_UP_PROJ : LinearModule.GATE_PROJ;
            case UP -> traits.stacked ? LinearModule.GATE_UP_PROJ : LinearModule.UP_PROJ;
            case DOWN -> LinearModule.DOWN_PROJ;
        };
    }

    /** What Hugging Face files leave out of norm weights (Gemma stores w for a norm that multiplies by 1 + w). */
    float huggingFaceNormOffset() {
        return traits.normOffset;
    }

    static Optional<Architecture> ofGguf(String name) {
        return Arrays.stream(values()).filter(a -> a.names.gguf.equals(name)).findFirst();
    }

    static Optional<Architecture> ofModelType(String type) {
        return Arrays.stream(values())
                .filter(a -> a.names.modelType.equals(type))
                .findFirst();
    }

    /** For refusals: {@code gemma3, llama, …}. */
    static String supported() {
        return Arrays.stream(values()).map(a -> a.names.gguf).sorted().collect(Collectors.joining(", "));
    }

    private static Names names(String gguf, String modelType) {
        return new Names(gguf, modelType);
    }

    private record Names(String gguf, String modelType) {}

    private enum GgufRope {
        PLAIN,
        PERMUTED
    }

    private record Traits(boolean queryKeyNorm, boolean postNorms, float normOffset, boolean stacked) {
        static final Traits PLAIN = new Traits(false, false, 0, false);
        static final Traits STACKED = new Traits(false, false, 0, true);
        static final Traits QUERY_KEY_NORM = new Traits(true, false, 0, false);
        static final Traits GEMMA = new Traits(true, true, 1, false);
    }
}
