package io.plumbline.inference.model;

import io.plumbline.inference.kernel.Backend;
import io.plumbline.inference.kernel.Buffer;
import io.plumbline.inference.kernel.Kernels;

/**
 * The backward pass of {@link ExpertBlock}. With {@code y = Σ f[e] · E[e](x)} over a row's experts, {@code dx} is what
 * comes back through each expert, times its factor, and what comes back through the router: {@code df[e] = dy · E[e](x)},
 * through the softmax to the logits, through the router to x. Which experts a row has is no function with a slope, and
 * counts as given. Neither experts nor router have weights that are trained.
 *
 * <p>Only the router's logits are kept from the forward pass; what an expert computed is computed again, so that memory
 * does not grow with the experts of a row.
 */
final class ExpertBackward {
    private final int hidden;
    private final Backend backend;
    private final Kernels kernels;

    ExpertBackward(int hidden, Backend backend) {
        this.hidden = hidden;
        this.backend = backend;
        this.kernels = backend.kernels();
    }

    /**
     * Adds the gradient of {@code feedForward().normed()} to {@code gradients.normed}.
     *
     * @param kept of the layer's forward pass
     * @param dy [rows, hidden], gradient of {@code feedForward().projected()}
     */
    void run(
            FeedForwardPlan.Experts plan,
            ExpertWeights weights,
            int rows,
            Workspace kept,
            Buffer dy,
            GradientWorkspace gradients) {
        Buffer logits = kept.requireExperts().logits();
        ExpertRouting routing = new ExpertRouting(plan, read(logits, rows * plan.count()));
        float[] dFactors = new float[rows * plan.count()];
        for (ExpertRouting.Group group : routing.groups()) {
            ExpertWeights.Expert expert = weights.experts().get(group.expert());
            float[] ofGroup = expert(plan, expert, group, kept, dy, gradients);
            for (int i = 0; i < ofGroup.length; i++) {
                dFactors[group.rows()[i] * plan.count() + group.expert()] = ofGroup[i];
            }
        }
        ExpertGradients g = gradients.requireExperts();
        float[] dLogits = routing.logitGradients(dFactors);
        backend.memory().write(g.logits(), 0, dLogits, 0, dLogits.length);
        kernels.matmulBackward(rows, g.logits(), weights.router(), gradients.normed);
    }

    /** One expert's part of dx; returns the gradients of its factors. */
    private float[] expert(
            FeedForwardPlan.Experts plan,
            ExpertWeights.Expert expert,
            ExpertRouting.Group group,
            Workspace kept,
            Buffer dy,
            GradientWorkspace gradients) {
        Workspace.FeedForwardBlock f = kept.feedForward();
        Workspace.ExpertScratch scratch = kept.requireExperts();
        ExpertGradients g = gradients.requireExperts();
        int count = group.rows().length;
        ExpertBlock.forward(kernels, plan, expert, group.rows(), kept);
        kernels.gatherRows(hidden, group.rows(), dy, g.output());
        float[] dFactors = rowProducts(count, scratch.projected(), g.output());
        long elements = (long) count * plan.width();
        kernels.fill(elements, 0, gradients.gate);
        kernels.matmulBackward(count, g.output(), expert.down(), gradients.gate);
        kernels.gatedActivationBackward(
                plan.activation(), elements, f.gate(), f.up(), gradients.gate, gradients.gate, gradients.up);
        kernels.fill((long) count * hidden, 0, g.input());
        kernels.matmulBackward(count, gradients.gate, expert.gate(), g.input());
        kernels.matmulBackward(count, gradients.up, expert.up(), g.input());
        // All of it is linear in dy, so the factors can come last.
        kernels.scatterAddScaledRows(hidden, group.rows(), group.factors(), g.input(), gradients.normed);
        return dFactors;
    }

    /** {@code Σ x[row,·] · y[row,·]} per row, on the host and in double precision, as the routes are computed. */
    private float[] rowProducts(int rows, Buffer x, Buffer y) {
        float[] left = read(x, rows * hidden);
        float[] right = read(y, rows * hidden);
        float[] products = new float[rows];
        for (int row = 0; row < rows; row++) {
            double sum = 0;
            for (int i = row * hidden; i < (row + 1) * hidden; i++) {
                sum += (double) left[i] * right[i];
            }
            products[row] = (float) sum;
        }
        return products;
    }

    private float[] read(Buffer buffer, int count) {
        backend.synchronize();
        float[] values = new float[count];
        backend.memory().read(buffer, 0, values, 0, count);
        return values;
    }
}
