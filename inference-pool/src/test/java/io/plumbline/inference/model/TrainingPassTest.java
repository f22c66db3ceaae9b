package io.plumbline.inference.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.plumbline.inference.kernel.Backend;
import io.plumbline.inference.kernel.BackendOptions;
import io.plumbline.inference.kernel.BackendProvider;
import io.plumbline.inference.kernel.Backends;
import io.plumbline.inference.kernel.Buffer;
import io.plumbline.inference.kernel.LoraAdapter;
import io.plumbline.inference.kernel.LoraGradient;
import io.plumbline.inference.kernel.cuda.StandInProvider;
import io.plumbline.inference.kernel.reference.ReferenceProvider;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The backward pass against differences of the forward pass, for every feature that an architecture can have. */
class TrainingPassTest {
    private static final int RANK = 3;
    private static final TrainingBatch TWO_ROWS =
            new TrainingBatch(new int[] {5, 9, 2, 30, 17, 1, 8, 8, 40, 3, 22, 11}, new int[] {0, 7, 12}, new int[] {
                -1, -1, 30, 17, 1, 8, -1, -1, 3, 22, 11, 6
            });

    @TempDir
    private Path folder;

    @ParameterizedTest
    @EnumSource(RandomModel.class)
    void gradientsAreTheSlopeOfTheLoss(RandomModel kind) throws IOException {
        try (Backend backend = Backends.open("reference", new BackendOptions(1));
                LoadedModel model = LoadedModel.open(kind.write(folder), backend);
                Adapter adapter = new Adapter(model);
                TrainingPass pass = pass(model)) {
            pass.accumulate(TWO_ROWS, adapter.weights, adapter.gradients, 1);
            float[] gradient = adapter.read(adapter.gradientRun);
            float[] start = adapter.read(adapter.parameterRun);
            float[] direction = direction(gradient);
            double step = 2e-3;
            double above = lossAt(pass, adapter, start, direction, step);
            double below = lossAt(pass, adapter, start, direction, -step);
            double expected = 0;
            for (int i = 0; i < gradient.length; i++) {
                expected += (double) gradient[i] * direction[i];
            }
            assertThat((above - below) / (2 * step)).isEqualTo(expected, within(2e-3 * Math.abs(expected)));
        }
    }

    @Test
    void lossesOfPackedRowsAreThoseOfTheRowsAlone() throws IOException {
        try (Backend backend = Backends.open("reference", new BackendOptions(1));
                LoadedModel model = LoadedModel.open(RandomModel.LLAMA.write(folder), backend);
                Adapter adapter = new Adapter(model);
                TrainingPass pass = pass(model)) {
            AdapterRows first = AdapterRows.all(7, adapter.weights);
            AdapterRows second = AdapterRows.all(5, adapter.weights);
            double alone = pass.loss(part(0, 7), first) + pass.loss(part(7, 12), second);
            assertThat(pass.loss(TWO_ROWS, AdapterRows.all(12, adapter.weights)))
                    .isEqualTo(alone, within(1e-9));
        }
    }

    /** What an expert gives back depends on its rows alone, so rows that share a batch get what they get alone. */
    @ParameterizedTest
    @EnumSource(
            value = RandomModel.class,
            names = {"QWEN3_MOE", "QWEN3_MOE_NORMALISED"})
    void gradientsThroughExpertsOfPackedRowsAreThoseOfTheRowsAlone(RandomModel kind) throws IOException {
        try (Backend backend = Backends.open(Backends.AUTO, new BackendOptions(2));
                LoadedModel model = LoadedModel.open(kind.write(folder), backend);
                Adapter adapter = new Adapter(model);
                TrainingPass pass = pass(model)) {
            pass.accumulate(TWO_ROWS, adapter.weights, adapter.gradients, 1);
            float[] together = adapter.read(adapter.gradientRun);
            adapter.write(adapter.gradientRun, new float[together.length]);
            pass.accumulate(part(0, 7), adapter.weights, adapter.gradients, 1);
            pass.accumulate(part(7, 12), adapter.weights, adapter.gradients, 1);
            float[] alone = adapter.read(adapter.gradientRun);
            for (int i = 0; i < alone.length; i++) {
                assertThat(together[i]).isEqualTo(alone[i], within(1e-5f * Math.max(1, Math.abs(alone[i]))));
            }
        }
    }

    @Test
    void gradientsAddUpAndScale() throws IOException {
        try (Backend backend = Backends.open("reference", new BackendOptions(1));
                LoadedModel model = LoadedModel.open(RandomModel.LLAMA.write(folder), backend);
                Adapter adapter = new Adapter(model);
                TrainingPass pass = pass(model)) {
            pass.accumulate(TWO_ROWS, adapter.weights, adapter.gradients, 1);
            float[] once = adapter.read(adapter.gradientRun);
            pass.accumulate(TWO_ROWS, adapter.weights, adapter.gradients, 0.5f);
            float[] more = adapter.read(adapter.gradientRun);
            for (int i = 0; i < once.length; i++) {
                assertThat(more[i]).isEqualTo(1.5f * once[i], within(1e-5f * Math.max(1, Math.abs(once[i]))));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(RandomModel.class)
    @EnabledIf(
            value = "io.plumbline.inference.kernel.cuda.StandInProvider#isBuilt",
            disabledReason = "no CUDA stand-in in this build: no C++ compiler")
    void lossAndGradientsOnCudaAreThoseOfTheReferenceToTheBit(RandomModel kind) throws IOException {
        Path file = kind.write(folder);
        assertThat(lossAndGradients(file, new StandInProvider()))
                .containsExactly(lossAndGradients(file, new ReferenceProvider()));
    }

    private static double[] lossAndGradients(Path file, BackendProvider provider) throws IOException {
        try (Backend backend = provider.open(new BackendOptions(1));
                LoadedModel model = LoadedModel.open(file, backend);
                Adapter adapter = new Adapter(model);
                TrainingPass pass = pass(model)) {
            double loss = pass.accumulate(TWO_ROWS, adapter.weights, adapter.gradients, 0.25f);
            float[] gradient = adapter.read(adapter.gradientRun);
            double[] all = new double[gradient.length + 1];
            Arrays.setAll(all, i -> i < gradient.length ? gradient[i] : loss);
            return all;
        }
    }

    private static TrainingBatch part(int from, int to) {
        return new TrainingBatch(
                Arrays.copyOfRange(TWO_ROWS.tokens(), from, to),
                new int[] {0, to - from},
                Arrays.copyOfRange(TWO_ROWS.targets(), from, to));
    }

    private static TrainingPass pass(LoadedModel model) {
        // Three rows of logits at a time, so that the head works in several chunks.
        return new TrainingPass(model.plan(), model.weights(), model.backend(), new Activations.Capacity(12, 3, RANK));
    }

    /** Half the gradient's own direction, half a random one, of length 1: every parameter takes part. */
    private static float[] direction(float[] gradient) {
        var random = new Random(3);
        double norm = 0;
        for (float g : gradient) {
            norm += (double) g * g;
        }
        float[] direction = new float[gradient.length];
        double length = 0;
        for (int i = 0; i < direction.length; i++) {
            direction[i] = (float) (gradient[i] / Math.sqrt(norm) + random.nextGaussian() / Math.sqrt(gradient.length));
            length += (double) direction[i] * direction[i];
        }
        for (int i = 0; i < direction.length; i++) {
            direction[i] /= (float) Math.sqrt(length);
        }
        return direction;
    }

    private static double lossAt(TrainingPass pass, Adapter adapter, float[] start, float[] direction, double step) {
        float[] moved = new float[start.length];
        for (int i = 0; i < start.length; i++) {
            moved[i] = (float) (start[i] + step * direction[i]);
        }
        adapter.write(adapter.parameterRun, moved);
        return pass.loss(TWO_ROWS, AdapterRows.all(TWO_ROWS.rows(), adapter.weights));
    }

    /** Random A and B on every linear layer. */
    private static final class Adapter implements AutoCloseable {
        private final Backend backend;
        private final int elements;
        private final Buffer parameterRun;
        private final Buffer gradientRun;
        private final AdapterWeights weights;
        private final AdapterGradients gradients;

        Adapter(LoadedModel model) {
            backend = model.backend();
            ModelPlan plan = model.plan();
            int count = 0;
            for (int layer = 0; layer < plan.layers().size(); layer++) {
                for (Projection p : plan.layers().get(layer).projections()) {
                    count += RANK * (p.in(plan, layer) + p.out(plan, layer));
                }
            }
            elements = count;
            parameterRun = backend.memory().allocate(elements);
            gradientRun = backend.memory().allocate(elements);
            List<Map<Projection, LoraAdapter>> deltas = new ArrayList<>();
            List<Map<Projection, LoraGradient>> slopes = new ArrayList<>();
            long at = 0;
            for (int layer = 0; layer < plan.layers().size(); layer++) {
                Map<Projection, LoraAdapter> delta = new EnumMap<>(Projection.class);
                Map<Projection, LoraGradient> slope = new EnumMap<>(Projection.class);
                for (Projection p : plan.layers().get(layer).projections()) {
                    long a = (long) RANK * p.in(plan, layer);
                    long b = (long) RANK * p.out(plan, layer);
                    delta.put(p, new LoraAdapter(parameterRun.slice(at, a), parameterRun.slice(at + a, b), RANK, 2));
                    slope.put(p, new LoraGradient(gradientRun.slice(at, a), gradientRun.slice(at + a, b)));
                    at += a + b;
                }
                deltas.add(delta);
                slopes.add(slope);
            }
            weights = new AdapterWeights(deltas);
            gradients = new AdapterGradients(slopes);
            var random = new Random(11);
            float[] values = new float[elements];
            for (int i = 0; i < elements; i++) {
                values[i] = (float) (0.1 * random.nextGaussian());
            }
            write(parameterRun, values);
        }

        float[] read(Buffer run) {
            float[] values = new float[elements];
            backend.memory().read(run, 0, values, 0, elements);
            return values;
        }

        void write(Buffer run, float[] values) {
            backend.memory().write(run, 0, values, 0, elements);
        }

        @Override
        public void close() {
            parameterRun.close();
            gradientRun.close();
        }
    }
}
