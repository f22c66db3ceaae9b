package io.plumbline.inference.model;

import io.plumbline.inference.kernel.Buffer;
import io.plumbline.inference.kernel.Kernels;
import io.plumbline.inference.kernel.RopeShape;
import java.util.List;

/**
 * The part of latent attention that sets it apart: how queries, keys and values come from the latents, and how value
 * heads that are narrower than key heads travel through attention, padded with zeros. Keys and values are unpacked from
 * their latent before they are stored, so attention and its cache are those of every other model.
 */
final class LatentAttention {
    private static final List<Projection> DOWN =
            List.of(Projection.QUERY_DOWN, Projection.KEY_VALUE_DOWN, Projection.ROTARY_KEY);

    private final Kernels kernels;

    /** Linear layers of the same rows, with their low-rank deltas. */
    @FunctionalInterface
    interface LinearLayers {
        void apply(List<Projection> projections, Buffer x, List<Buffer> outputs);
    }

    /**
     * How the rows of a step rotate.
     *
     * @param positions one per row
     * @param table as {@code Kernels.rope} reads it
     */
    record Rotation(int[] positions, Buffer table) {}

    LatentAttention(Kernels kernels) {
        this.kernels = kernels;
    }

    /** From {@code attention().normed()} to query, key and value, rotated. */
    void project(
            LayerPlan layer,
            LayerWeights.LatentNorms norms,
            Rotation rotation,
            LinearLayers linears,
            Workspace workspace) {
        LatentPlan latent = layer.requireLatent();
        Workspace.AttentionBlock a = workspace.attention();
        Workspace.LatentBlock l = workspace.requireLatent();
        int rows = rotation.positions().length;
        linears.apply(DOWN, a.normed(), List.of(l.rawQuery(), l.rawKeyValue(), l.rotaryKey()));
        kernels.rmsNorm(rows, latent.queryRank(), latent.normEpsilon(), l.rawQuery(), norms.query(), l.query());
        linears.apply(List.of(Projection.QUERY_UP), l.query(), List.of(a.query()));
        rotate(ForwardPass.ropeShape(layer, layer.attention().heads()), rotation, a.query());
        rotate(rotaryKeyShape(layer), rotation, l.rotaryKey());
        kernels.rmsNorm(
                rows, latent.keyValueRank(), latent.normEpsilon(), l.rawKeyValue(), norms.keyValue(), l.keyValue());
        linears.apply(List.of(Projection.KEY_VALUE_UP), l.keyValue(), List.of(l.unpacked()));
        spread(layer, rows, a, l);
    }

    /** Value heads without their padding: from {@code latent().padded()} to {@code attention().mixed()}. */
    void collect(LayerPlan layer, int rows, Workspace workspace) {
        int headRows = rows * layer.attention().heads();
        int valueDim = layer.requireLatent().valueDim();
        Buffer padded = workspace.requireLatent().padded();
        kernels.copyColumns(
                headRows,
                valueDim,
                padded,
                layer.attention().headDim(),
                0,
                workspace.attention().mixed(),
                valueDim,
                0);
    }

    /** A row of heads is as many rows of one head. */
    private void spread(LayerPlan layer, int rows, Workspace.AttentionBlock a, Workspace.LatentBlock l) {
        int heads = layer.attention().heads();
        int headDim = layer.attention().headDim();
        int plain = layer.rotaryStart();
        int rotary = layer.rope().rotaryDim();
        int valueDim = layer.requireLatent().valueDim();
        int headRows = rows * heads;
        int unpacked = plain + valueDim;
        kernels.copyColumns(headRows, plain, l.unpacked(), unpacked, 0, a.key(), headDim, 0);
        kernels.gatherRows(rotary, rowOfHead(rows, heads), l.rotaryKey(), l.rotaryKeys());
        kernels.copyColumns(headRows, rotary, l.rotaryKeys(), rotary, 0, a.key(), headDim, plain);
        kernels.fill((long) headRows * headDim, 0, a.value());
        kernels.copyColumns(headRows, valueDim, l.unpacked(), unpacked, plain, a.value(), headDim, 0);
    }

    private static int[] rowOfHead(int rows, int heads) {
        int[] indices = new int[rows * heads];
        for (int i = 0; i < indices.length; i++) {
            indices[i] = i / heads;
        }
        return indices;
    }

    private void rotate(RopeShape shape, Rotation rotation, Buffer x) {
        kernels.rope(shape, rotation.positions(), rotation.table(), x, false);
    }

    static RopeShape rotaryKeyShape(LayerPlan layer) {
        int rotary = layer.rope().rotaryDim();
        return new RopeShape(1, rotary, rotary, layer.rope().layout());
    }
}
