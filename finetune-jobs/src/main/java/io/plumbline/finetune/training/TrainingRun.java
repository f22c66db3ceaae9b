package io.plumbline.finetune.training;

import io.plumbline.finetune.artifact.AdapterFormatException;
import io.plumbline.finetune.artifact.LoraConfig;
import io.plumbline.finetune.artifact.PeftFolder;
import io.plumbline.finetune.dataset.RowTokenizer;
import io.plumbline.finetune.dataset.TokenizedRow;
import io.plumbline.finetune.training.TrainableAdapter.Content;
import io.plumbline.finetune.training.TrainingException.Kind;
import io.plumbline.inference.kernel.Backend;
import io.plumbline.inference.kernel.BackendOptions;
import io.plumbline.inference.kernel.Backends;
import io.plumbline.inference.kernel.KernelException;
import io.plumbline.inference.model.Activations;
import io.plumbline.inference.model.LoadedModel;
import io.plumbline.inference.model.ModelPlan;
import io.plumbline.inference.model.ModulePlan;
import io.plumbline.inference.model.TrainingPass;
import io.plumbline.inference.model.UnsupportedModelException;
import io.plumbline.inference.weights.BrokenModelFileException;
import io.plumbline.inference.weights.LinearModule;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * One training run from its spec to its adapter: read everything, refuse what is wrong, start or go on from the last
 * checkpoint, train, measure, write.
 */
public final class TrainingRun {
    /**
     * Tokens that go through the model at once. More rows than this make no matmul faster, and every one of them costs a
     * megabyte of activations with a model of 135 million parameters.
     */
    static final int MICRO_BATCH_TOKENS = 512;

    /** Rows that go through the head at once: 25 MB of logits with a vocabulary of 49,152. */
    private static final int HEAD_ROWS = 128;

    private static final Duration LOCK_PATIENCE = Duration.ofSeconds(30);

    private final TrainingSpec spec;
    private final BackendOptions backendOptions;
    private final EventSink events;
    private final StopSignal stop;

    /** How a run ended. */
    public enum Outcome {
        /** The adapter is written. */
        FINISHED,
        /** Ended on request; the same spec goes on. */
        STOPPED
    }

    public TrainingRun(TrainingSpec spec, BackendOptions backendOptions, EventSink events, StopSignal stop) {
        this.spec = spec;
        this.backendOptions = backendOptions;
        this.events = events;
        this.stop = stop;
    }

    /**
     * Runs to the end, or to the next safe point after a stop was requested.
     *
     * @throws TrainingException if the run cannot start or go on; every complete checkpoint is still there
     */
    public Outcome run() {
        try (var _ = RunLock.acquire(spec.outputDirectory(), LOCK_PATIENCE)) {
            return runLocked();
        } catch (IOException e) {
            throw new TrainingException(
                    Kind.OUTPUT,
                    "the output folder %s cannot be written: %s; free space or choose another one, then start again"
                            .formatted(spec.outputDirectory(), TrainingData.reason(e)),
                    e);
        } catch (UncheckedIOException e) {
            throw new TrainingException(
                    Kind.OUTPUT,
                    "events cannot be written: %s; free space, then start again"
                            .formatted(TrainingData.reason(Objects.requireNonNull(e.getCause()))),
                    e);
        }
    }

    private Outcome runLocked() throws IOException {
        RunIdentity identity = identity();
        TrainingData data = TrainingData.read(
                spec, new RowTokenizer(encoding(), spec.optimizer().maxTokens()));
        warnAboutLeftOut(data);
        try (Backend backend = Backends.open(spec.backend(), backendOptions);
                LoadedModel model = open(backend)) {
            LoraConfig config = config(model);
            try (TrainableAdapter adapter = new TrainableAdapter(model.plan(), config, backend);
                    TrainingPass pass = pass(model, data, config)) {
                var content = new CheckpointContent(model.plan(), config, baseName());
                initialise(adapter, config, model);
                var parts = new TrainingLoop.Parts(backend, adapter, pass, content);
                return new TrainingLoop(spec, identity, data, parts, events, stop).run();
            }
        } catch (KernelException e) {
            throw new TrainingException(Kind.BACKEND, String.valueOf(e.getMessage()), e);
        }
    }

    private RunIdentity identity() {
        try {
            return RunIdentity.of(spec);
        } catch (IOException e) {
            throw new TrainingException(Kind.INPUT, "an input file cannot be read: " + TrainingData.reason(e), e);
        }
    }

    private ModelChatEncoding encoding() {
        try {
            return ModelChatEncoding.of(spec.baseModel(), spec.chatTemplate());
        } catch (IOException | BrokenModelFileException | UnsupportedModelException e) {
            throw unreadableModel(e);
        }
    }

    private LoadedModel open(Backend backend) {
        try {
            return LoadedModel.open(spec.baseModel(), backend);
        } catch (IOException | BrokenModelFileException | UnsupportedModelException e) {
            throw unreadableModel(e);
        }
    }

    private TrainingException unreadableModel(Exception e) {
        String reason = e instanceof IOException io ? TrainingData.reason(io) : String.valueOf(e.getMessage());
        return new TrainingException(
                Kind.INPUT, "the base model %s cannot be used: %s".formatted(spec.baseModel(), reason), e);
    }

    private LoraConfig config(LoadedModel model) {
        var lora = spec.lora();
        var config = new LoraConfig(lora.rank(), lora.alpha(), lora.rankStabilized(), modules(model.plan()));
        if (spec.initialAdapter().isPresent()) {
            LoraConfig initial = readInitial(spec.initialAdapter().get(), model);
            if (!initial.agreesInGeneral(config)) {
                throw new TrainingException(
                        Kind.SETTINGS,
                        "the initial adapter has %s where the settings ask for %s; use the adapter's settings"
                                .formatted(initial.describe(), config.describe()));
            }
            return initial;
        }
        return config;
    }

    /**
     * The modules to train; "all linear" means all that every layer of this model has, whatever they are called. Layers
     * with experts have those of the attention.
     */
    private List<LinearModule> modules(ModelPlan plan) {
        List<LinearModule> own = new ArrayList<>(List.of(LinearModule.values()));
        for (int layer = 0; layer < plan.layers().size(); layer++) {
            own.retainAll(plan.modules(layer).stream().map(ModulePlan::module).toList());
        }
        List<String> wanted = spec.lora().targetModules();
        if (Set.copyOf(wanted).equals(Set.copyOf(TrainingSpec.LoraSettings.ALL_LINEAR))) {
            return own;
        }
        List<String> names = own.stream().map(LinearModule::moduleName).toList();
        if (!names.containsAll(wanted)) {
            throw new TrainingException(
                    Kind.SETTINGS,
                    "the target modules are %s, but the linear layers of this model are %s; choose some of these"
                            .formatted(wanted, names));
        }
        return own.stream().filter(m -> wanted.contains(m.moduleName())).toList();
    }

    private static LoraConfig readInitial(Path folder, LoadedModel model) {
        try {
            return PeftFolder.readConfig(folder, model.plan());
        } catch (IOException e) {
            throw new TrainingException(
                    Kind.INPUT,
                    "the initial adapter %s cannot be read: %s".formatted(folder, TrainingData.reason(e)),
                    e);
        } catch (BrokenModelFileException | AdapterFormatException e) {
            throw new TrainingException(Kind.INPUT, "the initial adapter cannot be used: " + e.getMessage(), e);
        }
    }

    private void initialise(TrainableAdapter adapter, LoraConfig config, LoadedModel model) throws IOException {
        if (spec.initialAdapter().isEmpty()) {
            AdapterInit.fill(adapter, config, spec.optimizer().seed());
            return;
        }
        try {
            PeftFolder.readWeights(
                    spec.initialAdapter().get(),
                    config,
                    model.plan(),
                    (tensor, values) -> adapter.write(Content.PARAMETERS, tensor, values));
        } catch (AdapterFormatException e) {
            throw new TrainingException(Kind.INPUT, String.valueOf(e.getMessage()), e);
        }
    }

    private static TrainingPass pass(LoadedModel model, TrainingData data, LoraConfig config) {
        int longest = longest(data.training().rows());
        int longestHeldOut = data.heldOut().map(d -> longest(d.rows())).orElse(0);
        int rows = Math.max(MICRO_BATCH_TOKENS, Math.max(longest, longestHeldOut));
        var capacity = new Activations.Capacity(rows, HEAD_ROWS, config.maxRank());
        return new TrainingPass(model.plan(), model.weights(), model.backend(), capacity);
    }

    private static int longest(List<TokenizedRow> rows) {
        return rows.stream().mapToInt(TokenizedRow::usefulLength).max().orElse(0);
    }

    private void warnAboutLeftOut(TrainingData data) {
        int maxTokens = spec.optimizer().maxTokens();
        TrainingData.leftOut(spec.trainingFile(), data.training(), maxTokens)
                .ifPresent(text -> events.accept(new TrainingEvent.Warned(text)));
        Optional<Path> file = spec.evaluationFile();
        data.heldOut()
                .flatMap(d -> TrainingData.leftOut(file.orElseThrow(), d, maxTokens))
                .ifPresent(text -> events.accept(new TrainingEvent.Warned(text)));
    }

    private String baseName() {
        String name = spec.baseModel().getFileName().toString();
        return name.endsWith(".gguf") ? name.substring(0, name.length() - ".gguf".length()) : name;
    }
}
