package io.plumbline.inference.model;

import io.plumbline.inference.kernel.Buffer;
import io.plumbline.inference.kernel.Kernels;

/** The backward pass of {@link LatentAttention}; mirrors it line by line, from its end. */
final class LatentAttentionBackward {
    private final Kernels kernels;
    private final LayerPlan layer;
    private final LatentPlan latent;
    private final LatentAttention.Rotation rotation;
    private final LatentGradients gradients;
    private final int rows;
    private final int headRows;

    /** {@code dx += Wᵀ·dy} of a linear layer and its low-rank delta. */
    @FunctionalInterface
    interface LinearBackward {
        void apply(Projection projection, Buffer x, Buffer dy, Buffer dx);
    }

    LatentAttentionBackward(
            Kernels kernels, LayerPlan layer, LatentAttention.Rotation rotation, LatentGradients gradients) {
        this.kernels = kernels;
        this.layer = layer;
        this.latent = layer.requireLatent();
        this.rotation = rotation;
        this.gradients = gradients;
        this.rows = rotation.positions().length;
        this.headRows = rows * layer.attention().heads();
    }

    /** The gradient of attention's output, with the zeros of its padding, from that of {@code mixed}. */
    Buffer pad(Buffer dMixed) {
        kernels.fill((long) headRows * headDim(), 0, gradients.padded());
        kernels.copyColumns(
                headRows, latent.valueDim(), dMixed, latent.valueDim(), 0, gradients.padded(), headDim(), 0);
        return gradients.padded();
    }

    /**
     * From the gradients of query, key and value to that of the block's normed input.
     *
     * @param g holds the former three, and the latter, to which this adds
     */
    void project(
            GradientWorkspace g,
            LayerWeights.LatentNorms norms,
            Workspace.LatentBlock kept,
            LinearBackward linear,
            Buffer x) {
        gather(g);
        kernels.rope(
                LatentAttention.rotaryKeyShape(layer),
                rotation.positions(),
                rotation.table(),
                gradients.rotaryKey(),
                true);
        kernels.rope(
                ForwardPass.ropeShape(layer, layer.attention().heads()),
                rotation.positions(),
                rotation.table(),
                g.query,
                true);
        zero(latent.keyValueRank(), gradients.keyValue());
        linear.apply(Projection.KEY_VALUE_UP, kept.keyValue(), gradients.unpacked(), gradients.keyValue());
        norm(
                latent.keyValueRank(),
                kept.rawKeyValue(),
                norms.keyValue(),
                gradients.keyValue(),
                gradients.rawKeyValue());
        zero(latent.queryRank(), gradients.query());
        linear.apply(Projection.QUERY_UP, kept.query(), g.query, gradients.query());
        norm(latent.queryRank(), kept.rawQuery(), norms.query(), gradients.query(), gradients.rawQuery());
        linear.apply(Projection.QUERY_DOWN, x, gradients.rawQuery(), g.normed);
        linear.apply(Projection.KEY_VALUE_DOWN, x, gradients.rawKeyValue(), g.normed);
        linear.apply(Projection.ROTARY_KEY, x, gradients.rotaryKey(), g.normed);
    }

    /** Takes the gradients of keys and values apart; the rotating part, which all heads share, is their sum. */
    private void gather(GradientWorkspace g) {
        int plain = layer.rotaryStart();
        int rotary = layer.rope().rotaryDim();
        int unpacked = plain + latent.valueDim();
        kernels.copyColumns(headRows, plain, g.key, headDim(), 0, gradients.unpacked(), unpacked, 0);
        kernels.copyColumns(headRows, latent.valueDim(), g.value, headDim(), 0, gradients.unpacked(), unpacked, plain);
        kernels.copyColumns(headRows, rotary, g.key, headDim(), plain, gradients.rotaryKeys(), rotary, 0);
        zero(rotary, gradients.rotaryKey());
        int width = layer.attention().heads() * rotary;
        for (int head = 0; head < layer.attention().heads(); head++) {
            Buffer ofHead = gradients.rotaryKeyOfHead();
            kernels.copyColumns(rows, rotary, gradients.rotaryKeys(), width, head * rotary, ofHead, rotary, 0);
            kernels.addScaled((long) rows * rotary, 1, ofHead, gradients.rotaryKey());
        }
    }

    private void norm(int width, Buffer x, Buffer weight, Buffer dy, Buffer dx) {
        zero(width, dx);
        kernels.rmsNormBackward(rows, width, latent.normEpsilon(), x, weight, dy, dx);
    }

    private void zero(int width, Buffer buffer) {
        kernels.fill((long) rows * width, 0, buffer);
    }

    private int headDim() {
        return layer.attention().headDim();
    }
}
