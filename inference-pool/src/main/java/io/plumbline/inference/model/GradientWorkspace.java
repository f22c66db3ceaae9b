package io.plumbline.inference.model;

import io.plumbline.inference.kernel.Buffer;
import io.plumbline.inference.kernel.DeviceMemory;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The buffers of a backward pass. One layer's gradients are dead when the next one's begin, so one set serves all
 * layers. Names are those of the activation whose gradient a buffer holds.
 */
final class GradientWorkspace implements AutoCloseable {
    private final List<Buffer> owned = new ArrayList<>();

    /** [rows, hidden], the residual stream; walks from the last layer's output to the first layer's input. */
    final Buffer residual;
    /** [rows, hidden], what a block added to the residual stream, after its scale. */
    final Buffer delta;
    /** [rows, hidden], a block's output before its post-norm. */
    final Buffer projected;
    /** [rows, hidden], a block's input after its norm. */
    final Buffer normed;
    /** [rows, feedForward], f(gate)·up and then gate. */
    final Buffer gate;
    /** [rows, feedForward]. */
    final Buffer up;
    /** [rows, mixedWidth], output of attention. */
    final Buffer mixed;
    /** [rows, queryWidth], after norm and rotation. */
    final Buffer query;
    /** [rows, keyValueWidth], after norm and rotation. */
    final Buffer key;
    /** [rows, keyValueWidth]. */
    final Buffer value;
    /** [rows, queryWidth], before its norm; empty if no layer normalises queries and keys. */
    final Buffer rawQuery;
    /** [rows, keyValueWidth], before its norm; empty if no layer normalises queries and keys. */
    final Buffer rawKey;
    /** Of latent attention; null if no layer has it. */
    final @Nullable LatentGradients latent;
    /** Of feed-forward blocks with experts; null if no layer has them. */
    final @Nullable ExpertGradients experts;
    /** [rows, maxRank], intermediate of a low-rank delta. */
    final Buffer lora;
    /** [headRows, hidden], input of the head. */
    final Buffer headNormed;
    /** [headRows, hidden], input of the final norm. */
    final Buffer gathered;
    /** [headRows]. */
    final Buffer loss;

    private final DeviceMemory memory;
    private final long rows;

    // On a failure while allocating, close() frees what is there; no subclass can see the half-built object.
    GradientWorkspace(ModelPlan plan, DeviceMemory memory, Activations.Capacity capacity) {
        this.memory = memory;
        this.rows = capacity.rows();
        boolean rawHeads = plan.layers().stream().anyMatch(LayerPlan::queryKeyNorm);
        try {
            residual = perRow(plan.hidden());
            delta = perRow(plan.hidden());
            projected = perRow(plan.hidden());
            normed = perRow(plan.hidden());
            gate = perRow(plan.maxFeedForward());
            up = perRow(plan.maxFeedForward());
            mixed = perRow(plan.maxMixedWidth());
            query = perRow(plan.maxQueryWidth());
            key = perRow(plan.maxKeyValueWidth());
            value = perRow(plan.maxKeyValueWidth());
            rawQuery = perRow(rawHeads ? plan.maxQueryWidth() : 0);
            rawKey = perRow(rawHeads ? plan.maxKeyValueWidth() : 0);
            latent = latent(plan.layers().getFirst());
            experts = experts(plan);
            lora = perRow(capacity.maxRank());
            headNormed = floats((long) capacity.headRows() * plan.hidden());
            gathered = floats((long) capacity.headRows() * plan.hidden());
            loss = floats(capacity.headRows());
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /** Layers with latent attention are alike in all of a model. */
    private @Nullable LatentGradients latent(LayerPlan layer) {
        LatentPlan latent = layer.latent();
        if (latent == null) {
            return null;
        }
        int rotary = layer.rope().rotaryDim();
        return new LatentGradients(
                perRow(layer.attention().queryWidth()),
                perRow(layer.keyValueUpWidth()),
                perRow(layer.attention().heads() * rotary),
                perRow(rotary),
                perRow(rotary),
                perRow(latent.queryRank()),
                perRow(latent.queryRank()),
                perRow(latent.keyValueRank()),
                perRow(latent.keyValueRank()));
    }

    private @Nullable ExpertGradients experts(ModelPlan plan) {
        int most = 0;
        for (LayerPlan layer : plan.layers()) {
            if (layer.feedForward() instanceof FeedForwardPlan.Experts experts) {
                most = Math.max(most, experts.count());
            }
        }
        return most == 0 ? null : new ExpertGradients(perRow(most), perRow(plan.hidden()), perRow(plan.hidden()));
    }

    ExpertGradients requireExperts() {
        if (experts == null) {
            throw new IllegalStateException("no buffers for the gradients of experts");
        }
        return experts;
    }

    LatentGradients requireLatent() {
        if (latent == null) {
            throw new IllegalStateException("no buffers for the gradients of latent attention");
        }
        return latent;
    }

    private Buffer perRow(int width) {
        return floats(rows * width);
    }

    private Buffer floats(long elements) {
        Buffer buffer = memory.allocate(Math.max(1, elements));
        owned.add(buffer);
        return buffer;
    }

    @Override
    public void close() {
        owned.forEach(Buffer::close);
        owned.clear();
    }
}
