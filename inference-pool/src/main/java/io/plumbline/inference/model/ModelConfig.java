package io.plumbline.inference.model;

import io.plumbline.inference.kernel.AttentionShape;
import io.plumbline.inference.weights.GgufFile;
import io.plumbline.inference.weights.HuggingFaceConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The hyper-parameters of a model, as its file states them.
 *
 * @param architecture the family
 * @param naming how the file calls its tensors
 * @param size widths and counts
 * @param feedForward the feed-forward block of each layer
 * @param heads attention heads
 * @param latent where queries, keys and values come from; null = straight from the hidden state
 * @param rope rotary embedding of global layers
 * @param local layers with a window, and what else is different there
 * @param scales factors on embedding, residual stream and head
 * @param normEpsilon ε of every RMS norm
 */
public record ModelConfig(
        Architecture architecture,
        TensorNaming naming,
        Size size,
        List<FeedForwardPlan> feedForward,
        Heads heads,
        @Nullable LatentPlan latent,
        RopePlan rope,
        LocalLayers local,
        Scales scales,
        float normEpsilon) {
    /** Positions that a plan has at most, whatever a file claims: tables are as long as the context. */
    static final int MOST_POSITIONS = 1 << 20;

    public ModelConfig {
        feedForward = List.copyOf(feedForward);
        if (!(normEpsilon >= 0 && normEpsilon <= 1)) {
            throw new IllegalArgumentException("a norm cannot have an epsilon of " + normEpsilon);
        }
    }

    /**
     * Widths and counts.
     *
     * @param layers decoder layers
     * @param hidden width of the residual stream
     * @param vocabulary tokens
     * @param contextLength positions
     */
    public record Size(int layers, int hidden, int vocabulary, int contextLength) {
        /** Far above any model's, so that a damaged number costs no memory. */
        private static final int MOST_LAYERS = 4096;

        public Size {
            if (layers < 1 || layers > MOST_LAYERS) {
                throw new IllegalArgumentException("a model has 1 to %d layers, not %d".formatted(MOST_LAYERS, layers));
            }
        }
    }

    /**
     * Attention heads.
     *
     * @param count query heads
     * @param keyValueCount key and value heads
     * @param headDim elements per head
     * @param scale factor on q·k
     */
    public record Heads(int count, int keyValueCount, int headDim, float scale) {}

    /**
     * Layers that see a sliding window only.
     *
     * @param isLocal one entry per layer
     * @param window positions that a local layer sees
     * @param rope rotary embedding of local layers
     */
    public record LocalLayers(List<Boolean> isLocal, int window, RopePlan rope) {
        public LocalLayers {
            isLocal = List.copyOf(isLocal);
        }

        static LocalLayers none(int layers, RopePlan rope) {
            return new LocalLayers(java.util.Collections.nCopies(layers, false), 0, rope);
        }
    }

    /**
     * Factors that are 1 in most families; see {@link ModelPlan}.
     *
     * @param embedding on embeddings
     * @param residual on what a block adds to the residual stream
     * @param head on the normalised hidden state before the head
     */
    public record Scales(float embedding, float residual, float head) {
        public Scales {
            if (!Float.isFinite(embedding) || !Float.isFinite(residual) || !Float.isFinite(head)) {
                throw new IllegalArgumentException(
                        "impossible scales: %s, %s, %s".formatted(embedding, residual, head));
            }
        }

        static final Scales ONE = new Scales(1, 1, 1);
    }

    /**
     * Reads the hyper-parameters of a GGUF file.
     *
     * @throws UnsupportedModelException with every reason why this product cannot run the model
     * @throws io.plumbline.inference.weights.BrokenModelFileException if a key is missing or wrong
     */
    public static ModelConfig of(GgufFile file) {
        return made(() -> GgufModelConfig.read(file));
    }

    /**
     * Reads the hyper-parameters of a {@code config.json}; exceptions as in {@link #of}.
     *
     * @throws IOException if the file cannot be read at all
     */
    public static ModelConfig read(Path configFile) throws IOException {
        HuggingFaceConfig file = HuggingFaceConfig.read(configFile);
        return made(() -> HuggingFaceModelConfig.read(configFile, file));
    }

    /**
     * What to compute.
     *
     * @throws UnsupportedModelException if the numbers make no model
     */
    public ModelPlan plan() {
        return made(this::checkedPlan);
    }

    /** What has impossible numbers refuses to be built; here that becomes a refusal of the model. */
    private static <T> T made(Supplier<T> maker) {
        try {
            return maker.get();
        } catch (IllegalArgumentException e) {
            throw new UnsupportedModelException(List.of(e.getMessage() + ": the model's configuration is broken"));
        }
    }

    private ModelPlan checkedPlan() {
        List<LayerPlan> layers = new ArrayList<>();
        for (int i = 0; i < size.layers(); i++) {
            boolean isLocal = local.isLocal().get(i);
            layers.add(new LayerPlan(
                    new AttentionShape(
                            heads.count(),
                            heads.keyValueCount(),
                            heads.headDim(),
                            heads.scale(),
                            isLocal ? local.window() : 0),
                    latent,
                    isLocal ? local.rope() : rope,
                    feedForward.get(i),
                    architecture.queryKeyNorm(),
                    architecture.postNorms()));
        }
        return new ModelPlan(
                architecture,
                size.vocabulary(),
                size.hidden(),
                Math.min(size.contextLength(), MOST_POSITIONS),
                normEpsilon,
                scales.embedding(),
                scales.residual(),
                scales.head(),
                layers);
    }
}
