package io.plumbline.inference.model;

import io.plumbline.inference.kernel.Backend;
import io.plumbline.inference.kernel.Buffer;
import io.plumbline.inference.kernel.DeviceMemory;
import io.plumbline.inference.kernel.Kernels;
import io.plumbline.inference.kernel.LoraGradient;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Loss and gradients of a low-rank adapter over a frozen, quantised base (Hu et al. 2021, arXiv 2106.09685; Dettmers et
 * al. 2023, arXiv 2305.14314). The forward pass is {@link ForwardPass}, the very one that serves, with every layer's
 * activations kept; the backward pass walks the same layers in reverse order and reads the same quantised blocks. Base
 * weights get no gradient.
 *
 * <p>Only rows that have a target go through the head, {@link Activations.Capacity#headRows()} at a time, so memory
 * does not grow with rows × vocabulary.
 */
public final class TrainingPass implements AutoCloseable {
    /** What reads the input of the attention block. */
    private static final Set<Projection> OF_HIDDEN_STATE = EnumSet.of(
            Projection.QUERY,
            Projection.KEY,
            Projection.VALUE,
            Projection.QUERY_DOWN,
            Projection.KEY_VALUE_DOWN,
            Projection.ROTARY_KEY);

    private final ModelPlan plan;
    private final ModelWeights weights;
    private final Kernels kernels;
    private final Backend backend;
    private final ForwardPass forward;
    private final Activations activations;
    private final GradientWorkspace gradients;
    private final ExpertBackward expertBackward;

    /**
     * Allocates for batches of that capacity.
     *
     * @throws io.plumbline.inference.kernel.KernelException if the memory is not there
     */
    public TrainingPass(ModelPlan plan, ModelWeights weights, Backend backend, Activations.Capacity capacity) {
        this.plan = plan;
        this.weights = weights;
        this.backend = backend;
        this.kernels = backend.kernels();
        this.forward = new ForwardPass(plan, weights, backend);
        this.expertBackward = new ExpertBackward(plan.hidden(), backend);
        DeviceMemory memory = backend.memory();
        this.activations = Activations.forTraining(plan, memory, capacity);
        try {
            this.gradients = new GradientWorkspace(plan, memory, capacity);
        } catch (RuntimeException e) {
            activations.close();
            throw e;
        }
    }

    /**
     * Held-out loss: forward only.
     *
     * @return sum of the cross-entropies of all rows that have a target
     */
    public double loss(TrainingBatch batch, AdapterRows adapters) {
        forward.run(step(batch, adapters), activations);
        return head(batch, 0);
    }

    /**
     * Forward and backward; adds the gradients of {@code gradientScale · loss} to {@code accumulators}.
     *
     * @param gradientScale 1 / number of target tokens of the whole optimiser step
     * @return sum of the cross-entropies of all rows that have a target
     */
    public double accumulate(
            TrainingBatch batch, AdapterWeights adapter, AdapterGradients accumulators, float gradientScale) {
        ModelStep step = step(batch, AdapterRows.all(batch.rows(), adapter));
        forward.run(step, activations);
        kernels.fill((long) batch.rows() * plan.hidden(), 0, gradients.residual);
        double loss = head(batch, gradientScale);
        int[] positions = step.attention().positions();
        for (int layer = plan.layers().size() - 1; layer >= 0; layer--) {
            var backward = new Layer(layer, step, batch.sequenceStart(), positions, accumulators);
            backward.feedForwardBlock();
            backward.attentionBlock();
        }
        backend.synchronize();
        return loss;
    }

    private static ModelStep step(TrainingBatch batch, AdapterRows adapters) {
        return new ModelStep(batch.tokens(), new AttentionStep.Sequences(batch.sequenceStart()), adapters);
    }

    /** Head, loss and, unless the scale is 0, the gradient of the last layer's output. */
    private double head(TrainingBatch batch, float gradientScale) {
        int[] rows = batch.targetRows();
        int chunk = activations.capacity().headRows();
        double loss = 0;
        for (int first = 0; first < rows.length; first += chunk) {
            int[] some = Arrays.copyOfRange(rows, first, Math.min(rows.length, first + chunk));
            loss += headChunk(batch, some, gradientScale);
        }
        return loss;
    }

    private double headChunk(TrainingBatch batch, int[] rows, float gradientScale) {
        HeadWorkspace head = activations.head();
        forward.head(rows, activations);
        int[] targets = Arrays.stream(rows).map(row -> batch.targets()[row]).toArray();
        kernels.softmaxCrossEntropy(plan.vocabulary(), targets, gradientScale, head.logits(), gradients.loss);
        if (gradientScale != 0) {
            long elements = (long) rows.length * plan.hidden();
            kernels.fill(elements, 0, gradients.headNormed);
            kernels.matmulBackward(rows.length, head.logits(), weights.head(), gradients.headNormed);
            if (plan.headScale() != 1) {
                kernels.scale(elements, plan.headScale(), gradients.headNormed);
            }
            kernels.fill(elements, 0, gradients.gathered);
            normBackward(rows.length, head.gathered(), weights.finalNorm(), gradients.headNormed, gradients.gathered);
            kernels.scatterAddRows(plan.hidden(), rows, gradients.gathered, gradients.residual);
        }
        backend.synchronize();
        float[] losses = new float[rows.length];
        backend.memory().read(gradients.loss, 0, losses, 0, losses.length);
        double sum = 0;
        for (float loss : losses) {
            sum += loss;
        }
        return sum;
    }

    private void normBackward(int rows, Buffer input, Buffer weight, Buffer dy, Buffer dx) {
        kernels.rmsNormBackward(rows, plan.hidden(), plan.normEpsilon(), input, weight, dy, dx);
    }

    @Override
    public void close() {
        activations.close();
        gradients.close();
    }

    /** The backward pass of one decoder layer; mirrors {@link ForwardPass#layer} line by line, from its end. */
    private final class Layer {
        private final int layer;
        private final ModelStep step;
        private final int[] sequenceStart;
        private final int[] positions;
        private final AdapterGradients accumulators;
        private final LayerPlan layerPlan;
        private final LayerWeights layerWeights;
        private final Workspace kept;

        Layer(int layer, ModelStep step, int[] sequenceStart, int[] positions, AdapterGradients accumulators) {
            this.layer = layer;
            this.step = step;
            this.sequenceStart = sequenceStart;
            this.positions = positions;
            this.accumulators = accumulators;
            this.layerPlan = plan.layers().get(layer);
            this.layerWeights = weights.layer(layer);
            this.kept = activations.layer(layer);
        }

        void feedForwardBlock() {
            GradientWorkspace g = gradients;
            Workspace.FeedForwardBlock f = kept.feedForward();
            Buffer dProjected = blockOutput(layerWeights.norms().postFeedForward(), f.projected());
            zeroHidden(g.normed);
            switch (layerPlan.feedForward()) {
                case FeedForwardPlan.Dense dense -> dense(dense, dProjected);
                case FeedForwardPlan.Experts experts ->
                    expertBackward.run(experts, layerWeights.requireExperts(), rows(), kept, dProjected, g);
            }
            normBackward(rows(), f.input(), layerWeights.norms().feedForward(), g.normed, g.residual);
        }

        private void dense(FeedForwardPlan.Dense block, Buffer dProjected) {
            GradientWorkspace g = gradients;
            Workspace.FeedForwardBlock f = kept.feedForward();
            long elements = (long) rows() * block.width();
            kernels.fill(elements, 0, g.gate);
            linear(Projection.DOWN, f.activated(), dProjected, g.gate);
            kernels.gatedActivationBackward(block.activation(), elements, f.gate(), f.up(), g.gate, g.gate, g.up);
            linear(Projection.GATE, f.normed(), g.gate, g.normed);
            linear(Projection.UP, f.normed(), g.up, g.normed);
        }

        void attentionBlock() {
            GradientWorkspace g = gradients;
            Workspace.AttentionBlock a = kept.attention();
            Buffer dProjected = blockOutput(layerWeights.norms().postAttention(), a.projected());
            kernels.fill((long) rows() * layerPlan.mixedWidth(), 0, g.mixed);
            linear(Projection.OUTPUT, a.mixed(), dProjected, g.mixed);
            zeroHidden(g.normed);
            if (layerPlan.latent() == null) {
                attention(g.mixed);
                queriesKeysValues();
            } else {
                var rotation = new LatentAttention.Rotation(positions, weights.ropeTable(layerPlan.rope(), positions));
                var latent = new LatentAttentionBackward(kernels, layerPlan, rotation, g.requireLatent());
                attention(latent.pad(g.mixed));
                LayerWeights.LatentNorms norms = layerWeights.requireLatentNorms();
                latent.project(g, norms, kept.requireLatent(), this::linear, a.normed());
            }
            if (layer > 0) {
                normBackward(rows(), a.input(), layerWeights.norms().attention(), g.normed, g.residual);
            }
        }

        private void attention(Buffer dOut) {
            GradientWorkspace g = gradients;
            Workspace.AttentionBlock a = kept.attention();
            kernels.attentionBackward(
                    layerPlan.attention(), sequenceStart, a.query(), a.key(), a.value(), dOut, g.query, g.key, g.value);
        }

        private void queriesKeysValues() {
            GradientWorkspace g = gradients;
            Workspace.AttentionBlock a = kept.attention();
            var shape = layerPlan.attention();
            Buffer table = weights.ropeTable(layerPlan.rope(), positions);
            kernels.rope(ForwardPass.ropeShape(layerPlan, shape.heads()), positions, table, g.query, true);
            kernels.rope(ForwardPass.ropeShape(layerPlan, shape.keyValueHeads()), positions, table, g.key, true);
            Buffer dQuery = headNorm(shape.heads(), layerWeights.norms().query(), a.rawQuery(), g.query, g.rawQuery);
            Buffer dKey = headNorm(shape.keyValueHeads(), layerWeights.norms().key(), a.rawKey(), g.key, g.rawKey);
            linear(Projection.QUERY, a.normed(), dQuery, g.normed);
            linear(Projection.KEY, a.normed(), dKey, g.normed);
            linear(Projection.VALUE, a.normed(), g.value, g.normed);
        }

        /** Gradient of a block's output before its post-norm and before its scale in the residual stream. */
        private Buffer blockOutput(@Nullable Buffer postNorm, Buffer projected) {
            GradientWorkspace g = gradients;
            Buffer dDelta = g.residual;
            if (plan.residualScale() != 1) {
                kernels.copyColumns(rows(), plan.hidden(), g.residual, plan.hidden(), 0, g.delta, plan.hidden(), 0);
                kernels.scale(hiddenElements(), plan.residualScale(), g.delta);
                dDelta = g.delta;
            }
            if (postNorm == null) {
                return dDelta;
            }
            zeroHidden(g.projected);
            normBackward(rows(), projected, postNorm, dDelta, g.projected);
            return g.projected;
        }

        private Buffer headNorm(int heads, @Nullable Buffer weight, Buffer raw, Buffer dy, Buffer dx) {
            if (weight == null) {
                return dy;
            }
            int headDim = layerPlan.attention().headDim();
            int headRows = rows() * heads;
            kernels.fill((long) headRows * headDim, 0, dx);
            kernels.rmsNormBackward(headRows, headDim, plan.normEpsilon(), raw, weight, dy, dx);
            return dx;
        }

        /** {@code dx += Wᵀ·dy}, and what the low-rank delta adds to it and to its own gradients. */
        private void linear(Projection projection, Buffer x, Buffer dy, Buffer dx) {
            Linear linear = layerWeights.linear(projection);
            // Nothing below the first layer is trained, so the gradient of its input is not needed.
            boolean inputOfFirstLayer = layer == 0 && OF_HIDDEN_STATE.contains(projection);
            if (!inputOfFirstLayer) {
                kernels.matmulBackward(rows(), dy, linear.weight(), dx);
            }
            var deltas = step.adapters().batch(layer, projection, linear.weight());
            if (deltas != null) {
                List<@Nullable LoraGradient> into = Collections.singletonList(accumulators.find(layer, projection));
                kernels.loraBackward(deltas, x, kept.lora(projection), dy, into, gradients.lora, dx);
            }
        }

        private void zeroHidden(Buffer buffer) {
            kernels.fill(hiddenElements(), 0, buffer);
        }

        private long hiddenElements() {
            return (long) rows() * plan.hidden();
        }

        private int rows() {
            return step.rows();
        }
    }
}
