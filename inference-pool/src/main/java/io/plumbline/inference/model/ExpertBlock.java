package io.plumbline.inference.model;

import io.plumbline.inference.kernel.Backend;
import io.plumbline.inference.kernel.Buffer;
import io.plumbline.inference.kernel.Kernels;
import java.util.List;

/**
 * The feed-forward block with experts. Each expert works on the rows that go to it, gathered; its outputs are added in
 * the order of the experts' numbers, so a row's sum is the same whatever else is in the batch.
 */
final class ExpertBlock {
    private final int hidden;
    private final Backend backend;
    private final Kernels kernels;

    ExpertBlock(int hidden, Backend backend) {
        this.hidden = hidden;
        this.backend = backend;
        this.kernels = backend.kernels();
    }

    /** From {@code feedForward().normed()} to {@code feedForward().projected()}. */
    void run(FeedForwardPlan.Experts plan, ExpertWeights weights, int rows, Workspace workspace) {
        Workspace.FeedForwardBlock f = workspace.feedForward();
        Workspace.ExpertScratch scratch = workspace.requireExperts();
        kernels.matmul(rows, f.normed(), weights.router(), scratch.logits());
        kernels.fill((long) rows * hidden, 0, f.projected());
        float[] logits = read(scratch.logits(), rows * plan.count());
        for (ExpertRouting.Group group : new ExpertRouting(plan, logits).groups()) {
            forward(kernels, plan, weights.experts().get(group.expert()), group.rows(), workspace);
            kernels.scatterAddScaledRows(hidden, group.rows(), group.factors(), scratch.projected(), f.projected());
        }
    }

    /**
     * One expert over its rows of {@code feedForward().normed()}, which it leaves in {@code experts().gathered()}; its
     * output is in {@code experts().projected()}.
     */
    static void forward(
            Kernels kernels,
            FeedForwardPlan.Experts plan,
            ExpertWeights.Expert expert,
            int[] rows,
            Workspace workspace) {
        Workspace.FeedForwardBlock f = workspace.feedForward();
        Workspace.ExpertScratch scratch = workspace.requireExperts();
        kernels.gatherRows(expert.gate().columns(), rows, f.normed(), scratch.gathered());
        kernels.matmulShared(
                rows.length, scratch.gathered(), List.of(expert.gate(), expert.up()), List.of(f.gate(), f.up()));
        long elements = (long) rows.length * plan.width();
        // Keeps gate and up where they have a place of their own: the backward pass needs them.
        kernels.gatedActivation(plan.activation(), elements, f.gate(), f.up(), f.activated());
        kernels.matmul(rows.length, f.activated(), expert.down(), scratch.projected());
    }

    private float[] read(Buffer buffer, int count) {
        backend.synchronize();
        float[] values = new float[count];
        backend.memory().read(buffer, 0, values, 0, count);
        return values;
    }
}
