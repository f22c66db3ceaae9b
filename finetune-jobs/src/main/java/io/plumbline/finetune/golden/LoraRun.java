package io.plumbline.finetune.golden;

import io.plumbline.finetune.artifact.AdapterTensor;
import io.plumbline.finetune.artifact.LoraConfig;
import io.plumbline.finetune.artifact.LowRankMerge;
import io.plumbline.finetune.artifact.PeftFolder;
import io.plumbline.finetune.training.AdapterOptimizer;
import io.plumbline.finetune.training.TrainableAdapter;
import io.plumbline.finetune.training.TrainableAdapter.Content;
import io.plumbline.inference.golden.GoldenResult.Outcome;
import io.plumbline.inference.model.Activations;
import io.plumbline.inference.model.AdapterRows;
import io.plumbline.inference.model.AttentionStep;
import io.plumbline.inference.model.LoadedModel;
import io.plumbline.inference.model.ModelStep;
import io.plumbline.inference.model.TrainingBatch;
import io.plumbline.inference.model.TrainingPass;
import io.plumbline.inference.weights.AdapterSite;
import io.plumbline.inference.weights.SafetensorsFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** Runs one case on one model and compares everything the case has results for. */
final class LoraRun implements AutoCloseable {
    private static final double LOSS_STEP0 = 1e-5;
    private static final double LOSSES = 1e-3;
    private static final double NORMS = 0.01;
    private static final double ACCUMULATION = 1e-4;
    private static final double LOGITS_INITIAL = 3e-4;
    private static final double LOGITS_FINAL = 5e-2;
    private static final double MERGED = 1e-5;
    private static final double RATES = 1e-9;

    private final LoraCase golden;
    private final LoadedModel model;
    private final LoraConfig config;
    private final TrainableAdapter adapter;
    private final TrainingPass pass;
    private final AdapterOptimizer optimizer;

    LoraRun(LoraCase golden, LoadedModel model) throws IOException {
        this.golden = golden;
        this.model = model;
        this.config = PeftFolder.readConfig(golden.folder().resolve("adapter_init"), model.plan());
        this.adapter = new TrainableAdapter(model.plan(), config, model.backend());
        // Few rows a chunk, so that the chunked head is checked too.
        var capacity = new Activations.Capacity(golden.mostTokens(), 7, config.maxRank());
        this.pass = new TrainingPass(model.plan(), model.weights(), model.backend(), capacity);
        this.optimizer = new AdapterOptimizer(pass, adapter, golden.settings());
    }

    void run(BiConsumer<String, Outcome> report) throws IOException {
        load("adapter_init");
        report.accept("merged weights", merged());
        report.accept("initial logits", logits("init.logits_last4", LOGITS_INITIAL));
        AdapterOptimizer.Gradient first = optimizer.gradient(golden.packed(0), () -> {});
        report.accept(
                "first loss",
                new Outcome.Compared(
                        Math.abs(first.loss() - golden.json().path("loss_step0").asDouble()), LOSS_STEP0, "absolute"));
        report.accept("first gradients", gradients());
        Curve curve = train(golden::packed);
        report.accept("learning rates", compare(curve.rates(), "lrs", RATES, 0));
        report.accept("losses", compare(curve.losses(), "losses", LOSSES, 0));
        report.accept("gradient norms", compare(curve.norms(), "grad_norms", 0, NORMS));
        report.accept("final logits", logits("final.logits_last4", LOGITS_FINAL));
        load("adapter_final");
        report.accept("logits of the reference's final adapter", logits("final.logits_last4", LOGITS_INITIAL));
        Curve accumulated = train(golden::rowByRow);
        report.accept("gradient accumulation", compare(accumulated.losses(), "losses_grad_accumulation", LOSSES, 0));
        report.accept(
                "gradient accumulation equals whole batches",
                difference(accumulated.losses(), curve.losses(), ACCUMULATION));
    }

    /** What a training run shows, per step. */
    private record Curve(List<Double> losses, List<Double> norms, List<Double> rates) {}

    private Curve train(IntFunction<List<TrainingBatch>> batches) throws IOException {
        load("adapter_init");
        Curve curve = new Curve(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        for (int step = 0; step < golden.steps(); step++) {
            double rate = golden.schedule().at(step);
            AdapterOptimizer.Gradient gradient = optimizer.gradient(batches.apply(step), () -> {});
            optimizer.update(step, rate, gradient);
            curve.losses().add(gradient.loss());
            curve.norms().add(gradient.gradientNorm());
            curve.rates().add(rate);
        }
        return curve;
    }

    private void load(String folder) throws IOException {
        PeftFolder.readWeights(golden.folder().resolve(folder), config, model.plan(), (tensor, values) -> {
            adapter.write(Content.PARAMETERS, tensor, values);
            adapter.write(Content.FIRST_MOMENTS, tensor, new float[values.length]);
            adapter.write(Content.SECOND_MOMENTS, tensor, new float[values.length]);
        });
    }

    /** Error as a fraction of what is allowed: 1e-4 of the tensor's largest element + 1e-7. */
    private Outcome gradients() throws IOException {
        Worst worst = new Worst();
        Path file = golden.folder().resolve("grads_step0.safetensors");
        PeftFolder.readTensors(file, config, model.plan(), (tensor, expected) -> {
            float[] actual = adapter.read(Content.GRADIENTS, tensor);
            double largest = 0;
            for (float value : expected) {
                largest = Math.max(largest, Math.abs(value));
            }
            double allowed = 1e-4 * largest + 1e-7;
            for (int i = 0; i < expected.length; i++) {
                worst.see(Math.abs(actual[i] - expected[i]) / allowed);
            }
        });
        return new Outcome.Compared(worst.value, 1, "fraction of 1e-4 · max + 1e-7 of each tensor");
    }

    private Outcome merged() throws IOException {
        Worst worst = new Worst();
        try (SafetensorsFile reference = SafetensorsFile.open(golden.folder().resolve("merged_layer0.safetensors"))) {
            for (var module : config.modules()) {
                AdapterSite site = new AdapterSite(0, module);
                String name = "model.layers.0.%s.weight".formatted(module.path());
                float[] a = adapter.read(Content.PARAMETERS, new AdapterTensor(0, module, AdapterTensor.Factor.A));
                float[] b = adapter.read(Content.PARAMETERS, new AdapterTensor(0, module, AdapterTensor.Factor.B));
                float[] base = model.file().tensor(name).toFloats();
                float[] merged = LowRankMerge.merge(base, a, b, config.rank(site), config.scale(site));
                worst.see(merged, reference.require(name).toFloats());
            }
        }
        return new Outcome.Compared(worst.value, MERGED, "absolute");
    }

    private Outcome logits(String tensor, double tolerance) throws IOException {
        try (SafetensorsFile probe = SafetensorsFile.open(golden.folder().resolve("probe.safetensors"))) {
            int[] tokens = probe.require("tokens").toInts();
            float[] expected = probe.require(tensor).toFloats();
            Worst worst = new Worst();
            worst.see(logits(tokens, expected.length / model.plan().vocabulary()), expected);
            return new Outcome.Compared(worst.value, tolerance, "absolute");
        }
    }

    private float[] logits(int[] tokens, int last) {
        var capacity = new Activations.Capacity(tokens.length, last, config.maxRank());
        try (Activations activations =
                Activations.forServing(model.plan(), model.backend().memory(), capacity)) {
            var step = new ModelStep(
                    tokens,
                    new AttentionStep.Sequences(new int[] {0, tokens.length}),
                    AdapterRows.all(tokens.length, adapter.weights()));
            var forward = model.forwardPass();
            forward.run(step, activations);
            forward.head(IntStream.range(tokens.length - last, tokens.length).toArray(), activations);
            model.backend().synchronize();
            float[] logits = new float[last * model.plan().vocabulary()];
            model.backend().memory().read(activations.head().logits(), 0, logits, 0, logits.length);
            return logits;
        }
    }

    private Outcome compare(List<Double> actual, String key, double absolute, double relative) {
        double[] expected = golden.numbers(key);
        if (expected.length != actual.size()) {
            return new Outcome.Failed(
                    "golden.json has %d values in '%s' for %d steps".formatted(expected.length, key, actual.size()));
        }
        Worst worst = new Worst();
        for (int i = 0; i < expected.length; i++) {
            double unit = relative == 0 ? 1 : Math.max(1e-12, Math.abs(expected[i]));
            worst.see(Math.abs(actual.get(i) - expected[i]) / unit);
        }
        return relative == 0
                ? new Outcome.Compared(
                        worst.value, absolute, "absolute, largest of %d steps".formatted(expected.length))
                : new Outcome.Compared(
                        worst.value, relative, "relative, largest of %d steps".formatted(expected.length));
    }

    private static Outcome difference(List<Double> actual, List<Double> expected, double tolerance) {
        Worst worst = new Worst();
        for (int i = 0; i < expected.size(); i++) {
            worst.see(Math.abs(actual.get(i) - expected.get(i)));
        }
        return new Outcome.Compared(worst.value, tolerance, "absolute, largest of %d steps".formatted(expected.size()));
    }

    @Override
    public void close() {
        pass.close();
        adapter.close();
    }

    /** The largest error seen; something that is no number is the largest of all. */
    private static final class Worst {
        private double value;

        void see(double error) {
            value = Double.isNaN(error) ? Double.POSITIVE_INFINITY : Math.max(value, error);
        }

        void see(float[] actual, float[] expected) {
            if (actual.length != expected.length) {
                see(Double.POSITIVE_INFINITY);
                return;
            }
            for (int i = 0; i < expected.length; i++) {
                see(Math.abs((double) actual[i] - expected[i]));
            }
        }
    }
}
