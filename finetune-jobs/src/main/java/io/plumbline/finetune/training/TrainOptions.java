package io.plumbline.finetune.training;

import io.plumbline.finetune.training.TrainingException.Kind;
import io.plumbline.finetune.training.TrainingSpec.LoraSettings;
import io.plumbline.finetune.training.TrainingSpec.OptimizerSettings;
import io.plumbline.inference.kernel.Backends;
import io.plumbline.inference.weights.BrokenModelFileException;
import io.plumbline.inference.weights.PeftAdapterFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** A training run described by single options instead of a spec file; what is not given has the spec's default. */
final class TrainOptions {
    @Option(names = "--model", required = true, paramLabel = "FILE", description = "base model, GGUF")
    @SuppressWarnings("NullAway.Init") // picocli requires it
    private Path model;

    @Option(names = "--data", required = true, paramLabel = "FILE", description = "training rows, chat JSON Lines")
    @SuppressWarnings("NullAway.Init") // picocli requires it
    private Path data;

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "checkpoints, adapter, events.jsonl")
    @SuppressWarnings("NullAway.Init") // picocli requires it
    private Path out;

    @Option(names = "--eval", paramLabel = "FILE", description = "held-out rows, measured before and after")
    private @Nullable Path eval;

    @Option(names = "--init-adapter", paramLabel = "DIR", description = "PEFT folder to start from")
    private @Nullable Path initAdapter;

    @Option(names = "--chat-template", paramLabel = "FILE", description = "Jinja template instead of the model's own")
    private @Nullable Path chatTemplate;

    @Option(names = "--rank", description = "LoRA rank (default 8)")
    private @Nullable Integer rank;

    @Option(names = "--alpha", description = "LoRA alpha (default: twice the rank)")
    private @Nullable Double alpha;

    @Option(names = "--rslora", description = "rank-stabilised scale alpha/√rank")
    private boolean rankStabilized;

    @Option(names = "--targets", split = ",", description = "modules with a delta (default: all linear layers)")
    private @Nullable List<String> targets;

    @Option(names = "--epochs", description = "passes over the data (default 3)")
    private @Nullable Integer epochs;

    @Option(names = "--steps", description = "optimiser steps instead of epochs")
    private @Nullable Integer steps;

    @Option(names = "--batch", description = "rows per step (default 4)")
    private @Nullable Integer batch;

    @Option(names = "--max-tokens", description = "rows are cut to so many tokens (default 512)")
    private @Nullable Integer maxTokens;

    @Option(names = "--lr", description = "peak learning rate (default 2e-4)")
    private @Nullable Double learningRate;

    @Option(names = "--warmup", description = "warm-up steps (default 10)")
    private @Nullable Integer warmup;

    @Option(names = "--weight-decay", description = "AdamW weight decay (default 0)")
    private @Nullable Double weightDecay;

    @Option(names = "--max-grad-norm", description = "gradients are clipped to this norm (default 1)")
    private @Nullable Double maxGradientNorm;

    @Option(names = "--seed", description = "of the first A and of the row order (default 0)")
    private @Nullable Long seed;

    @Option(names = "--no-shuffle", negatable = false, description = "rows in file order")
    private boolean fileOrder;

    @Option(names = "--checkpoint-every", description = "steps between checkpoints (default 20)")
    private @Nullable Integer checkpointEvery;

    @Option(names = "--backend", description = "kernel backend: auto, cpu, reference … (default auto)")
    private @Nullable String backend;

    TrainingSpec toSpec() {
        return new TrainingSpec(
                model,
                data,
                Optional.ofNullable(eval),
                Optional.ofNullable(initAdapter),
                out,
                lora(),
                optimizer(),
                or(checkpointEvery, 20),
                template(),
                or(backend, Backends.AUTO));
    }

    /** An initial adapter brings its own settings; options that contradict it are refused later. */
    private LoraSettings lora() {
        LoraSettings base = initAdapter == null ? LoraSettings.defaults() : settingsOf(initAdapter);
        int r = or(rank, base.rank());
        double defaultAlpha = rank == null ? base.alpha() : 2.0 * r;
        return new LoraSettings(
                r,
                or(alpha, initAdapter == null ? defaultAlpha : base.alpha()),
                rankStabilized || base.rankStabilized(),
                or(targets, base.targetModules()));
    }

    private static LoraSettings settingsOf(Path folder) {
        try {
            return LoraSettings.of(PeftAdapterFolder.read(folder));
        } catch (IOException e) {
            throw new TrainingException(
                    Kind.INPUT,
                    "the initial adapter %s cannot be read: %s".formatted(folder, TrainingData.reason(e)),
                    e);
        } catch (BrokenModelFileException e) {
            throw new TrainingException(Kind.INPUT, "the initial adapter cannot be used: " + e.getMessage(), e);
        }
    }

    private OptimizerSettings optimizer() {
        OptimizerSettings base = OptimizerSettings.defaults();
        return new OptimizerSettings(
                or(epochs, base.epochs()),
                Optional.ofNullable(steps),
                or(batch, base.batchSize()),
                or(maxTokens, base.maxTokens()),
                or(learningRate, base.learningRate()),
                base.beta1(),
                base.beta2(),
                base.epsilon(),
                or(weightDecay, base.weightDecay()),
                or(warmup, base.warmupSteps()),
                or(maxGradientNorm, base.maxGradientNorm()),
                or(seed, base.seed()),
                !fileOrder);
    }

    private Optional<String> template() {
        if (chatTemplate == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(Files.readString(chatTemplate));
        } catch (IOException e) {
            throw new TrainingException(
                    Kind.INPUT,
                    "the chat template %s cannot be read: %s".formatted(chatTemplate, TrainingData.reason(e)),
                    e);
        }
    }

    private static <T> T or(@Nullable T value, T otherwise) {
        return value == null ? otherwise : value;
    }
}
