package io.plumbline.inference.model;

import io.plumbline.inference.kernel.Buffer;
import io.plumbline.inference.kernel.DeviceMemory;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Owns the buffers of forward passes of up to {@code rows} rows with logits for up to {@code headRows} of them.
 *
 * <p>For serving there is one {@link Workspace} that every layer uses, with the residual stream updated in place; for
 * training one per layer, each layer's output being the next one's input, so that everything the backward pass needs
 * is still there.
 */
public final class Activations implements AutoCloseable {
    private final List<Buffer> owned = new ArrayList<>();
    private final List<Workspace> layers = new ArrayList<>();
    private final HeadWorkspace head;
    private final Capacity capacity;

    /**
     * How much fits.
     *
     * @param rows tokens in one pass
     * @param headRows rows with logits in one pass
     * @param maxRank largest rank of any adapter
     */
    public record Capacity(int rows, int headRows, int maxRank) {
        public Capacity {
            if (rows < 1 || headRows < 1 || maxRank < 0) {
                throw new IllegalArgumentException(
                        "impossible capacity: %d rows, %d with logits, rank %d".formatted(rows, headRows, maxRank));
            }
        }
    }

    private Activations(ModelPlan plan, DeviceMemory memory, Capacity capacity, boolean keepAll) {
        this.capacity = capacity;
        Allocator allocator = new Allocator(plan, memory);
        try {
            if (keepAll) {
                Buffer delta = allocator.hidden();
                Buffer input = allocator.hidden();
                for (int i = 0; i < plan.layers().size(); i++) {
                    Workspace workspace = allocator.keeping(plan.layers().get(i), input, delta);
                    layers.add(workspace);
                    input = workspace.feedForward().output();
                }
            } else {
                layers.addAll(java.util.Collections.nCopies(plan.layers().size(), allocator.sharing()));
            }
            head = new HeadWorkspace(
                    allocator.floats((long) capacity.headRows() * plan.hidden()),
                    allocator.floats((long) capacity.headRows() * plan.hidden()),
                    allocator.floats((long) capacity.headRows() * plan.vocabulary()));
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /** One workspace for all layers. */
    public static Activations forServing(ModelPlan plan, DeviceMemory memory, Capacity capacity) {
        return new Activations(plan, memory, capacity, false);
    }

    /** A workspace per layer: about (5·hidden + 2·query + 2·keyValue + 3·feedForward) floats per row and layer. */
    public static Activations forTraining(ModelPlan plan, DeviceMemory memory, Capacity capacity) {
        return new Activations(plan, memory, capacity, true);
    }

    public Workspace layer(int layer) {
        return layers.get(layer);
    }

    public HeadWorkspace head() {
        return head;
    }

    public Capacity capacity() {
        return capacity;
    }

    /** The residual stream before the first layer. */
    public Buffer embedded() {
        return layers.getFirst().attention().input();
    }

    /** The residual stream after the last layer. */
    public Buffer last() {
        return layers.getLast().feedForward().output();
    }

    @Override
    public void close() {
        owned.forEach(Buffer::close);
        owned.clear();
    }

    /** Allocates for the capacity of this object. */
    private final class Allocator {
        private final ModelPlan plan;
        private final DeviceMemory memory;
        private Workspace.@Nullable ExpertScratch expertScratch;

        Allocator(ModelPlan plan, DeviceMemory memory) {
            this.plan = plan;
            this.memory = memory;
        }

        Buffer floats(long elements) {
            Buffer buffer = memory.allocate(Math.max(1, elements));
            owned.add(buffer);
            return buffer;
        }

        Buffer rows(int width) {
            return floats((long) capacity.rows() * width);
        }

        Buffer hidden() {
            return rows(plan.hidden());
        }

        /** Everything in its own memory, but nothing that is never read again. */
        Workspace keeping(LayerPlan layer, Buffer input, Buffer delta) {
            int queryWidth = layer.attention().queryWidth();
            int keyValueWidth = layer.attention().keyValueWidth();
            Buffer query = rows(queryWidth);
            Buffer key = rows(keyValueWidth);
            boolean norm = layer.queryKeyNorm();
            var attention = new Workspace.AttentionBlock(
                    input,
                    hidden(),
                    norm ? rows(queryWidth) : query,
                    norm ? rows(keyValueWidth) : key,
                    query,
                    key,
                    rows(keyValueWidth),
                    rows(layer.mixedWidth()),
                    layer.postNorms() ? hidden() : delta);
            var feedForward = new Workspace.FeedForwardBlock(
                    hidden(),
                    hidden(),
                    rows(layer.feedForward().width()),
                    rows(layer.feedForward().width()),
                    rows(layer.feedForward().width()),
                    layer.postNorms() ? hidden() : delta,
                    hidden());
            Map<Projection, Buffer> lora = new EnumMap<>(Projection.class);
            for (Projection projection : layer.projections()) {
                lora.put(projection, rows(capacity.maxRank()));
            }
            return new Workspace(attention, feedForward, latent(layer, true), experts(layer), lora, delta);
        }

        /** All layers with latent attention are alike, so what serves one serves all. */
        private Workspace.@Nullable LatentBlock latent(LayerPlan layer, boolean keep) {
            LatentPlan latent = layer.latent();
            if (latent == null) {
                return null;
            }
            Buffer query = rows(latent.queryRank());
            Buffer keyValue = rows(latent.keyValueRank());
            int rotary = layer.rope().rotaryDim();
            return new Workspace.LatentBlock(
                    keep ? rows(latent.queryRank()) : query,
                    query,
                    keep ? rows(latent.keyValueRank()) : keyValue,
                    keyValue,
                    rows(rotary),
                    rows(layer.keyValueUpWidth()),
                    rows(layer.attention().heads() * rotary),
                    rows(layer.attention().queryWidth()));
        }

        /** Every layer keeps its logits; what the experts work in is dead after them. */
        private Workspace.@Nullable ExpertScratch experts(LayerPlan layer) {
            return switch (layer.feedForward()) {
                case FeedForwardPlan.Dense dense -> null;
                case FeedForwardPlan.Experts experts -> {
                    Workspace.ExpertScratch scratch = expertScratch;
                    Workspace.ExpertScratch own = scratch == null
                            ? new Workspace.ExpertScratch(rows(experts.count()), hidden(), hidden())
                            : new Workspace.ExpertScratch(
                                    rows(experts.count()), scratch.gathered(), scratch.projected());
                    expertScratch = own;
                    yield own;
                }
            };
        }

        /** The least memory: dead values are written over. */
        Workspace sharing() {
            Buffer residual = hidden();
            Buffer normed = hidden();
            Buffer projected = hidden();
            Buffer query = rows(plan.maxQueryWidth());
            Buffer key = rows(plan.maxKeyValueWidth());
            Buffer gate = rows(plan.maxFeedForward());
            var attention = new Workspace.AttentionBlock(
                    residual,
                    normed,
                    query,
                    key,
                    query,
                    key,
                    rows(plan.maxKeyValueWidth()),
                    rows(plan.maxMixedWidth()),
                    projected);
            var feedForward = new Workspace.FeedForwardBlock(
                    residual, normed, gate, rows(plan.maxFeedForward()), gate, projected, residual);
            Map<Projection, Buffer> lora = new EnumMap<>(Projection.class);
            for (Projection projection : Projection.values()) {
                // Not shared: layers that read the same rows compute their deltas at the same time.
                lora.put(projection, rows(capacity.maxRank()));
            }
            LayerPlan expertLayer = plan.layers().stream()
                    .filter(l -> l.feedForward() instanceof FeedForwardPlan.Experts)
                    .findFirst()
                    .orElse(plan.layers().getFirst());
            return new Workspace(
                    attention,
                    feedForward,
                    latent(plan.layers().getFirst(), false),
                    experts(expertLayer),
                    lora,
                    projected);
        }
    }
}
