package io.plumbline.inference.model;

import io.plumbline.inference.kernel.Backend;
import io.plumbline.inference.kernel.Buffer;
import io.plumbline.inference.kernel.Kernels;
import io.plumbline.inference.kernel.LoraBatch;
import io.plumbline.inference.kernel.LoraDelta;
import io.plumbline.inference.kernel.RopeShape;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The forward pass of every architecture, for serving and for training: embedding, decoder layers (attention block,
 * feed-forward block, each added to the residual stream), head. A {@link ModelPlan} says what each part computes, an
 * {@link AttentionStep} how rows see each other, {@link Activations} where the results go. A row's result does not
 * depend on the other rows, so logits are bit-equal whatever shares the batch, in training as in serving.
 */
public final class ForwardPass {
    private static final List<Projection> QUERY_KEY_VALUE = List.of(Projection.QUERY, Projection.KEY, Projection.VALUE);
    private static final List<Projection> GATE_UP = List.of(Projection.GATE, Projection.UP);

    private final ModelPlan plan;
    private final ModelWeights weights;
    private final Kernels kernels;
    private final LatentAttention latentAttention;
    private final ExpertBlock expertBlock;

    public ForwardPass(ModelPlan plan, ModelWeights weights, Backend backend) {
        this.plan = plan;
        this.weights = weights;
        this.kernels = backend.kernels();
        this.latentAttention = new LatentAttention(kernels);
        this.expertBlock = new ExpertBlock(plan.hidden(), backend);
    }

    /** Embedding and all layers; the residual stream after the last one is {@link Activations#last()}. */
    public void run(ModelStep step, Activations activations) {
        embed(step, activations);
        int[] positions = step.attention().positions();
        for (int layer = 0; layer < plan.layers().size(); layer++) {
            layer(layer, step, positions, activations.layer(layer));
        }
    }

    /** Token embeddings into {@link Activations#embedded()}. */
    public void embed(ModelStep step, Activations activations) {
        if (step.rows() > activations.capacity().rows()) {
            throw new IllegalArgumentException("%d rows do not fit into activations for %d"
                    .formatted(step.rows(), activations.capacity().rows()));
        }
        kernels.embed(weights.embedding(), step.tokens(), plan.embeddingScale(), activations.embedded());
    }

    /** One decoder layer, from {@code workspace.attention().input()} to {@code workspace.feedForward().output()}. */
    public void layer(int layer, ModelStep step, int[] positions, Workspace workspace) {
        attentionBlock(layer, step, positions, workspace);
        feedForwardBlock(layer, step, workspace);
    }

    /**
     * Logits of chosen rows into {@code activations.head().logits()}.
     *
     * @param rows row numbers of the pass, in the order in which their logits are wanted
     */
    public void head(int[] rows, Activations activations) {
        if (rows.length > activations.capacity().headRows()) {
            throw new IllegalArgumentException("logits of %d rows do not fit into activations for %d"
                    .formatted(rows.length, activations.capacity().headRows()));
        }
        HeadWorkspace head = activations.head();
        kernels.gatherRows(plan.hidden(), rows, activations.last(), head.gathered());
        kernels.rmsNorm(
                rows.length, plan.hidden(), plan.normEpsilon(), head.gathered(), weights.finalNorm(), head.normed());
        if (plan.headScale() != 1) {
            kernels.scale((long) rows.length * plan.hidden(), plan.headScale(), head.normed());
        }
        kernels.matmul(rows.length, head.normed(), weights.head(), head.logits());
    }

    private void attentionBlock(int layer, ModelStep step, int[] positions, Workspace workspace) {
        LayerPlan layerPlan = plan.layers().get(layer);
        LayerWeights.Norms norms = weights.layer(layer).norms();
        Workspace.AttentionBlock a = workspace.attention();
        int rows = step.rows();
        kernels.rmsNorm(rows, plan.hidden(), plan.normEpsilon(), a.input(), norms.attention(), a.normed());
        if (layerPlan.latent() == null) {
            queriesKeysValues(layer, step, positions, workspace);
            attend(layer, step.attention(), a, a.mixed());
        } else {
            var rotation = new LatentAttention.Rotation(positions, weights.ropeTable(layerPlan.rope(), positions));
            LayerWeights.LatentNorms latentNorms = weights.layer(layer).requireLatentNorms();
            LatentAttention.LinearLayers linears = (p, x, y) -> linears(layer, p, step, x, workspace, y);
            latentAttention.project(layerPlan, latentNorms, rotation, linears, workspace);
            attend(layer, step.attention(), a, workspace.requireLatent().padded());
            latentAttention.collect(layerPlan, rows, workspace);
        }
        linear(layer, Projection.OUTPUT, step, a.mixed(), workspace, a.projected());
        Buffer delta = postNorm(rows, norms.postAttention(), a.projected(), workspace.delta());
        addToResidual(rows, a.input(), delta, workspace.feedForward().input());
    }

    /** Queries, keys and values straight from the hidden state, normalised where the plan says so, and rotated. */
    private void queriesKeysValues(int layer, ModelStep step, int[] positions, Workspace workspace) {
        LayerPlan layerPlan = plan.layers().get(layer);
        LayerWeights.Norms norms = weights.layer(layer).norms();
        Workspace.AttentionBlock a = workspace.attention();
        linears(layer, QUERY_KEY_VALUE, step, a.normed(), workspace, List.of(a.rawQuery(), a.rawKey(), a.value()));
        int headDim = layerPlan.attention().headDim();
        int heads = layerPlan.attention().heads();
        int keyValueHeads = layerPlan.attention().keyValueHeads();
        headNorm(step.rows() * heads, headDim, norms.query(), a.rawQuery(), a.query());
        headNorm(step.rows() * keyValueHeads, headDim, norms.key(), a.rawKey(), a.key());
        Buffer table = weights.ropeTable(layerPlan.rope(), positions);
        kernels.rope(ropeShape(layerPlan, heads), positions, table, a.query(), false);
        kernels.rope(ropeShape(layerPlan, keyValueHeads), positions, table, a.key(), false);
    }

    private void feedForwardBlock(int layer, ModelStep step, Workspace workspace) {
        LayerPlan layerPlan = plan.layers().get(layer);
        LayerWeights.Norms norms = weights.layer(layer).norms();
        Workspace.FeedForwardBlock f = workspace.feedForward();
        int rows = step.rows();
        kernels.rmsNorm(rows, plan.hidden(), plan.normEpsilon(), f.input(), norms.feedForward(), f.normed());
        switch (layerPlan.feedForward()) {
            case FeedForwardPlan.Dense dense -> dense(layer, dense, step, workspace);
            case FeedForwardPlan.Experts experts ->
                expertBlock.run(experts, weights.layer(layer).requireExperts(), rows, workspace);
        }
        Buffer delta = postNorm(rows, norms.postFeedForward(), f.projected(), workspace.delta());
        addToResidual(rows, f.input(), delta, f.output());
    }

    private void dense(int layer, FeedForwardPlan.Dense block, ModelStep step, Workspace workspace) {
        Workspace.FeedForwardBlock f = workspace.feedForward();
        linears(layer, GATE_UP, step, f.normed(), workspace, List.of(f.gate(), f.up()));
        long elements = (long) step.rows() * block.width();
        kernels.gatedActivation(block.activation(), elements, f.gate(), f.up(), f.activated());
        linear(layer, Projection.DOWN, step, f.activated(), workspace, f.projected());
    }

    private void linear(int layer, Projection projection, ModelStep step, Buffer x, Workspace workspace, Buffer y) {
        linears(layer, List.of(projection), step, x, workspace, List.of(y));
    }

    /** {@code y = W·x + bias + ΔW·x} of linear layers that read the same rows; the deltas by each row's adapter. */
    private void linears(
            int layer,
            List<Projection> projections,
            ModelStep step,
            Buffer x,
            Workspace workspace,
            List<Buffer> outputs) {
        LayerWeights layerWeights = weights.layer(layer);
        kernels.matmulShared(step.rows(), x, layerWeights.matrices(projections), outputs);
        List<LoraDelta> deltas = new ArrayList<>();
        for (int i = 0; i < projections.size(); i++) {
            Projection projection = projections.get(i);
            Linear linear = layerWeights.linear(projection);
            Buffer y = outputs.get(i);
            if (linear.bias() != null) {
                kernels.addBias(step.rows(), linear.weight().rows(), linear.bias(), y);
            }
            LoraBatch batch = step.adapters().batch(layer, projection, linear.weight());
            if (batch != null) {
                deltas.add(new LoraDelta(batch, workspace.lora(projection), y));
            }
        }
        if (!deltas.isEmpty()) {
            kernels.loraForwardShared(x, deltas);
        }
    }

    private void attend(int layer, AttentionStep step, Workspace.AttentionBlock a, Buffer out) {
        var shape = plan.layers().get(layer).attention();
        switch (step) {
            case AttentionStep.Paged paged -> {
                LayerCache cache = paged.caches().get(layer);
                kernels.storeKeyValue(shape, paged.batch(), a.key(), a.value(), cache.keys(), cache.values());
                kernels.pagedAttention(shape, paged.batch(), a.query(), cache.keys(), cache.values(), out);
            }
            case AttentionStep.Sequences sequences ->
                kernels.attention(shape, sequences.sequenceStart(), a.query(), a.key(), a.value(), out);
        }
    }

    private void headNorm(int heads, int headDim, @Nullable Buffer weight, Buffer raw, Buffer out) {
        if (weight != null) {
            kernels.rmsNorm(heads, headDim, plan.normEpsilon(), raw, weight, out);
        }
    }

    private Buffer postNorm(int rows, @Nullable Buffer weight, Buffer projected, Buffer delta) {
        if (weight == null) {
            return projected;
        }
        kernels.rmsNorm(rows, plan.hidden(), plan.normEpsilon(), projected, weight, delta);
        return delta;
    }

    /** {@code to = from + residualScale · delta}; from and to may be the same buffer. */
    private void addToResidual(int rows, Buffer from, Buffer delta, Buffer to) {
        if (from != to) {
            kernels.copyColumns(rows, plan.hidden(), from, plan.hidden(), 0, to, plan.hidden(), 0);
        }
        kernels.addScaled((long) rows * plan.hidden(), plan.residualScale(), delta, to);
    }

    static RopeShape ropeShape(LayerPlan layer, int heads) {
        return new RopeShape(
                heads,
                layer.attention().headDim(),
                layer.rotaryStart(),
                layer.rope().rotaryDim(),
                layer.rope().layout());
    }
}
