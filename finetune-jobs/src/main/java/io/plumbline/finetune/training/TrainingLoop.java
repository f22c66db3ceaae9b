package io.plumbline.finetune.training;

import io.plumbline.finetune.artifact.Lineage;
import io.plumbline.finetune.dataset.PackedRows;
import io.plumbline.finetune.dataset.TokenizedDataset;
import io.plumbline.finetune.dataset.TokenizedRow;
import io.plumbline.finetune.evaluation.HeldOutLoss;
import io.plumbline.finetune.training.CheckpointState.HeldOutBefore;
import io.plumbline.finetune.training.TrainingException.Kind;
import io.plumbline.inference.kernel.Backend;
import io.plumbline.inference.model.TrainingPass;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The steps of a run. Its whole state is the adapter, its moments and {@link CheckpointState}; rows and learning rates
 * follow from the step number, so going on from a checkpoint computes what an uninterrupted run would have computed, bit
 * by bit.
 */
final class TrainingLoop {
    private final TrainingSpec spec;
    private final RunIdentity identity;
    private final TrainingData data;
    private final Parts parts;
    private final EventSink events;
    private final StopSignal stop;
    private final CheckpointStore checkpoints;
    private final RowOrder order;
    private CheckpointState state;
    private int savedStep;

    /**
     * What does the work.
     *
     * @param backend kernels
     * @param adapter initialised as the spec says
     * @param pass large enough for every row
     * @param content of checkpoints
     */
    record Parts(Backend backend, TrainableAdapter adapter, TrainingPass pass, CheckpointContent content) {}

    /** The settings as they stand in {@code plumbline.json}. */
    private record Settings(TrainingSpec.LoraSettings lora, TrainingSpec.OptimizerSettings optimizer) {}

    TrainingLoop(
            TrainingSpec spec,
            RunIdentity identity,
            TrainingData data,
            Parts parts,
            EventSink events,
            StopSignal stop) {
        this.spec = spec;
        this.identity = identity;
        this.data = data;
        this.parts = parts;
        this.events = events;
        this.stop = stop;
        this.checkpoints = new CheckpointStore(spec.outputDirectory().resolve("checkpoints"));
        this.order = RowOrder.of(spec.optimizer(), data.training().rows().size());
        this.state = new CheckpointState(0, identity.digest(), parts.backend().name(), 0, 0, Optional.empty());
    }

    TrainingRun.Outcome run() throws IOException {
        resume();
        events.accept(new TrainingEvent.Started(
                state.step(),
                order.steps(),
                data.training().usableRows(),
                parts.adapter().parameterCount(),
                parts.backend().name() + ": " + parts.backend().description()));
        try {
            train();
            return TrainingRun.Outcome.FINISHED;
        } catch (StopRequestedException e) {
            if (state.step() > savedStep) {
                save();
            }
            events.accept(new TrainingEvent.Stopped(state.step(), e.reason()));
            return TrainingRun.Outcome.STOPPED;
        }
    }

    private void train() {
        if (state.step() == 0) {
            state = withHeldOutBefore(measure(0));
        }
        var schedule = new LearningRateSchedule(
                spec.optimizer().learningRate(),
                Math.min(spec.optimizer().warmupSteps(), order.steps()),
                order.steps(),
                LearningRateSchedule.WarmupStart.FIRST_FRACTION);
        var optimizer =
                new AdapterOptimizer(parts.pass(), parts.adapter(), AdapterOptimizer.Settings.of(spec.optimizer()));
        while (state.step() < order.steps()) {
            step(optimizer, schedule.at(state.step()));
            boolean due = spec.checkpointEverySteps() > 0 && state.step() % spec.checkpointEverySteps() == 0;
            if (due || state.step() == order.steps()) {
                save();
            }
        }
        finish(measure(state.step()));
    }

    private void step(AdapterOptimizer optimizer, double learningRate) {
        long start = System.nanoTime();
        List<TokenizedRow> rows = Arrays.stream(order.batch(state.step()))
                .mapToObj(data.training().rows()::get)
                .filter(row -> row.targetCount() > 0)
                .toList();
        if (rows.isEmpty()) {
            events.accept(new TrainingEvent.Warned(
                    "step %d changes nothing: in none of its rows is anything to learn".formatted(state.step())));
            state = after(0, state.lastLoss());
            return;
        }
        AdapterOptimizer.Gradient gradient =
                optimizer.gradient(PackedRows.pack(rows, TrainingRun.MICRO_BATCH_TOKENS), this::stopIfRequested);
        if (!gradient.finite()) {
            throw diverged(gradient);
        }
        optimizer.update(state.step(), learningRate, gradient);
        int tokens = rows.stream().mapToInt(TokenizedRow::length).sum();
        double seconds = (System.nanoTime() - start) / 1e9;
        events.accept(new TrainingEvent.Stepped(
                state.step(), gradient.loss(), learningRate, gradient.gradientNorm(), tokens, tokens / seconds));
        state = after(tokens, gradient.loss());
    }

    private CheckpointState after(int tokens, double loss) {
        return new CheckpointState(
                state.step() + 1,
                state.runDigest(),
                state.backend(),
                state.trainedTokens() + tokens,
                loss,
                state.heldOutBefore());
    }

    private TrainingException diverged(AdapterOptimizer.Gradient gradient) {
        return new TrainingException(
                Kind.DIVERGED,
                "training diverged at step %d: the loss is %s, the gradient norm %s; use a lower learning rate%s"
                        .formatted(
                                state.step(),
                                gradient.loss(),
                                gradient.gradientNorm(),
                                savedStep > 0 ? " (the checkpoint of step %d is intact)".formatted(savedStep) : ""));
    }

    private void resume() throws IOException {
        Optional<CheckpointStore.Stored> latest = checkpoints.latest();
        if (latest.isEmpty()) {
            return;
        }
        Path folder = latest.get().folder();
        CheckpointState stored = CheckpointContent.readState(folder);
        if (!stored.runDigest().equals(state.runDigest())) {
            throw new TrainingException(
                    Kind.OUTPUT,
                    "%s holds checkpoints of another run (other data, model or settings); choose another output folder"
                            .formatted(spec.outputDirectory()));
        }
        if (!stored.backend().equals(state.backend())) {
            throw new TrainingException(
                    Kind.OUTPUT,
                    "the checkpoint in %s was computed by the backend '%s', and '%s' would not go on bit by bit; start with --backend %s or choose another output folder"
                            .formatted(folder, stored.backend(), state.backend(), stored.backend()));
        }
        parts.content().read(folder, parts.adapter());
        state = stored;
        savedStep = stored.step();
    }

    private void save() {
        try {
            Path folder =
                    checkpoints.write(state.step(), target -> parts.content().write(target, parts.adapter(), state));
            savedStep = state.step();
            events.accept(new TrainingEvent.Checkpointed(state.step(), folder));
        } catch (IOException e) {
            throw notWritten("the checkpoint of step " + state.step(), e);
        }
    }

    private TrainingException notWritten(String what, IOException e) {
        String next = savedStep == 0
                ? "it starts from the beginning, for there is no checkpoint yet"
                : "it goes on from the intact checkpoint of step " + savedStep;
        return new TrainingException(
                Kind.OUTPUT,
                "%s could not be written to %s: %s; free at least %d MB there and start the same run again: %s"
                        .formatted(
                                what,
                                spec.outputDirectory(),
                                TrainingData.reason(e),
                                1 + parts.adapter().parameterCount() * 3 * Float.BYTES / 1_000_000,
                                next),
                e);
    }

    private Optional<HeldOutLoss> measure(int step) {
        Optional<HeldOutLoss> loss = data.heldOut()
                .map(rows -> HeldOutLoss.measure(
                        parts.pass(),
                        rows.rows(),
                        Optional.of(parts.adapter().weights()),
                        TrainingRun.MICRO_BATCH_TOKENS,
                        this::stopIfRequested));
        loss.ifPresent(l -> events.accept(new TrainingEvent.Evaluated(step, l.loss(), l.targetTokens())));
        return loss;
    }

    private CheckpointState withHeldOutBefore(Optional<HeldOutLoss> before) {
        return new CheckpointState(
                state.step(),
                state.runDigest(),
                state.backend(),
                state.trainedTokens(),
                state.lastLoss(),
                before.map(l -> new HeldOutBefore(l.loss(), l.targetTokens())));
    }

    private void finish(Optional<HeldOutLoss> after) {
        Path adapter = spec.outputDirectory().resolve("adapter");
        Path draft = spec.outputDirectory().resolve(".writing-adapter");
        try {
            CheckpointStore.remove(draft);
            Files.createDirectory(draft);
            parts.content().writeAdapter(draft, parts.adapter());
            TrainingJson.mapper()
                    .writerWithDefaultPrettyPrinter()
                    .writeValue(draft.resolve(Lineage.FILE).toFile(), lineage(after));
            CheckpointStore.forceAll(draft);
            CheckpointStore.remove(adapter);
            Files.move(draft, adapter, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw notWritten("the adapter", e);
        }
        events.accept(new TrainingEvent.Finished(adapter, state.step(), state.trainedTokens()));
    }

    private Lineage lineage(Optional<HeldOutLoss> after) {
        return new Lineage(
                Lineage.FORMAT,
                new Lineage.Source(name(spec.baseModel()), identity.baseModel(), 0, List.of()),
                source(spec.trainingFile(), identity.trainingData(), data.training()),
                spec.evaluationFile()
                        .map(file -> source(
                                file,
                                identity.evaluationData().orElseThrow(),
                                data.heldOut().orElseThrow())),
                identity.initialAdapter(),
                new Settings(spec.lora(), spec.optimizer()),
                state.backend(),
                state.runDigest(),
                new Lineage.Result(
                        state.step(),
                        state.trainedTokens(),
                        state.lastLoss(),
                        state.heldOutBefore().map(HeldOutBefore::loss),
                        after.map(HeldOutLoss::loss),
                        after.map(HeldOutLoss::targetTokens).orElse(0L)));
    }

    private static Lineage.Source source(Path file, String digest, TokenizedDataset rows) {
        return new Lineage.Source(name(file), digest, rows.usableRows(), rows.cutOff());
    }

    private static String name(Path file) {
        return file.getFileName().toString();
    }

    private void stopIfRequested() {
        Optional<String> reason = stop.requested();
        if (reason.isPresent()) {
            throw new StopRequestedException(reason.get());
        }
    }
}
