package io.plumbline.inference.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.plumbline.inference.kernel.Backend;
import io.plumbline.inference.kernel.BackendOptions;
import io.plumbline.inference.kernel.Backends;
import io.plumbline.inference.kernel.Buffer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every element of the gradient through a mixture of experts against the difference of two forward passes. */
class ExpertBackwardTest {
    private static final int ROWS = 9;
    private static final float STEP = 4e-3f;

    @TempDir
    private Path folder;

    @ParameterizedTest
    @EnumSource(
            value = RandomModel.class,
            names = {"QWEN3_MOE", "QWEN3_MOE_NORMALISED"})
    void everyElementIsTheSlope(RandomModel kind) throws IOException {
        try (Backend backend = Backends.open("reference", new BackendOptions(1));
                LoadedModel model = LoadedModel.open(kind.write(folder), backend);
                Mixture mixture = new Mixture(model)) {
            float[] x = gaussian(21, ROWS * model.plan().hidden());
            float[] weights = gaussian(22, x.length);
            float[] gradient = mixture.gradient(x, weights);
            double largest = 0;
            for (float g : gradient) {
                largest = Math.max(largest, Math.abs(g));
            }
            int compared = 0;
            for (int i = 0; i < x.length; i++) {
                float[] above = x.clone();
                float[] below = x.clone();
                above[i] += STEP;
                below[i] -= STEP;
                double high = mixture.loss(above, weights);
                List<String> routesAbove = mixture.routes();
                double low = mixture.loss(below, weights);
                if (routesAbove.equals(mixture.routes())) { // where a row changes experts there is no slope
                    assertThat((double) gradient[i])
                            .as("element %d", i)
                            .isCloseTo((high - low) / ((double) above[i] - below[i]), within(2e-3 * largest));
                    compared++;
                }
            }
            assertThat(compared).isGreaterThan(x.length * 9 / 10);
        }
    }

    private static float[] gaussian(long seed, int count) {
        Random random = new Random(seed);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    /** The experts of a model's last layer, alone. */
    private static final class Mixture implements AutoCloseable {
        private final Backend backend;
        private final int hidden;
        private final FeedForwardPlan.Experts plan;
        private final ExpertWeights weights;
        private final Activations activations;
        private final GradientWorkspace gradients;
        private final Workspace workspace;

        Mixture(LoadedModel model) {
            backend = model.backend();
            hidden = model.plan().hidden();
            int last = model.plan().layers().size() - 1;
            plan = (FeedForwardPlan.Experts) model.plan().layers().get(last).feedForward();
            weights = model.weights().layer(last).requireExperts();
            var capacity = new Activations.Capacity(ROWS, 1, 1);
            activations = Activations.forTraining(model.plan(), backend.memory(), capacity);
            gradients = new GradientWorkspace(model.plan(), backend.memory(), capacity);
            workspace = activations.layer(last);
        }

        /** {@code Σ weights · y}. */
        double loss(float[] x, float[] by) {
            backend.memory().write(workspace.feedForward().normed(), 0, x, 0, x.length);
            new ExpertBlock(hidden, backend).run(plan, weights, ROWS, workspace);
            float[] y = read(workspace.feedForward().projected(), x.length);
            double sum = 0;
            for (int i = 0; i < y.length; i++) {
                sum += (double) y[i] * by[i];
            }
            return sum;
        }

        List<String> routes() {
            float[] logits = read(workspace.requireExperts().logits(), ROWS * plan.count());
            return new ExpertRouting(plan, logits)
                    .groups().stream()
                            .map(group -> group.expert() + Arrays.toString(group.rows()))
                            .toList();
        }

        float[] gradient(float[] x, float[] dy) {
            loss(x, dy);
            Buffer output = gradients.delta;
            backend.memory().write(output, 0, dy, 0, dy.length);
            backend.kernels().fill(x.length, 0, gradients.normed);
            new ExpertBackward(hidden, backend).run(plan, weights, ROWS, workspace, output, gradients);
            return read(gradients.normed, x.length);
        }

        private float[] read(Buffer buffer, int count) {
            backend.synchronize();
            float[] values = new float[count];
            backend.memory().read(buffer, 0, values, 0, count);
            return values;
        }

        @Override
        public void close() {
            activations.close();
            gradients.close();
        }
    }
}
