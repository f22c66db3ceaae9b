package io.plumbline.finetune.training;

import io.plumbline.inference.weights.LinearModule;
import io.plumbline.inference.weights.PeftAdapter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Everything that determines a training run; written as JSON for the trainer process and kept beside its checkpoints.
 *
 * @param baseModel GGUF file of the frozen base
 * @param trainingFile chat rows, one JSON object a line
 * @param evaluationFile held-out rows; empty = no held-out loss
 * @param initialAdapter PEFT folder to start from; empty = A random (Kaiming uniform), B zero
 * @param outputDirectory where checkpoints, the adapter and {@code events.jsonl} go
 * @param lora which layers get a low-rank delta, and how large
 * @param optimizer AdamW, schedule, batch
 * @param checkpointEverySteps steps between checkpoints; 0 = only at the end
 * @param chatTemplate Jinja source; empty = the template of the model file
 * @param backend name of the kernel backend, or {@code auto}
 */
public record TrainingSpec(
        Path baseModel,
        Path trainingFile,
        Optional<Path> evaluationFile,
        Optional<Path> initialAdapter,
        Path outputDirectory,
        LoraSettings lora,
        OptimizerSettings optimizer,
        int checkpointEverySteps,
        Optional<String> chatTemplate,
        String backend) {

    /**
     * LoRA settings, with PEFT's meaning.
     *
     * @param rank r, 1 to 256
     * @param alpha scale = alpha/r, or alpha/√r when rank-stabilised
     * @param rankStabilized rsLoRA
     * @param targetModules names of {@link LinearModule}s that the base model has; {@link #ALL_LINEAR} means all of them
     */
    public record LoraSettings(int rank, double alpha, boolean rankStabilized, List<String> targetModules) {
        /** All linear layers, also of a model that calls them otherwise. */
        public static final List<String> ALL_LINEAR =
                List.of("q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj");

        public LoraSettings {
            targetModules = List.copyOf(targetModules);
            if (!(alpha > 0) || alpha > 1e6) {
                throw new IllegalArgumentException("LoRA alpha must be above 0, not " + alpha);
            }
            if (rank < 1 || rank > 256) {
                throw new IllegalArgumentException("LoRA rank must be 1 to 256, not " + rank);
            }
            boolean known = targetModules.stream()
                    .allMatch(name -> LinearModule.of(name).isPresent());
            if (!known || targetModules.isEmpty()) {
                throw new IllegalArgumentException(
                        "target modules must be some of %s, not %s".formatted(LinearModule.names(), targetModules));
            }
        }

        /** r = 8, alpha = 16, all linear layers. */
        public static LoraSettings defaults() {
            return new LoraSettings(8, 16, false, ALL_LINEAR);
        }

        /** Those with which an adapter was trained. */
        public static LoraSettings of(PeftAdapter adapter) {
            List<String> modules = adapter.targetModules().stream()
                    .map(LinearModule::moduleName)
                    .toList();
            return new LoraSettings(adapter.rank(), adapter.alpha(), adapter.rankStabilised(), modules);
        }
    }

    /**
     * Optimiser settings. Step t (from 0) has learning rate {@code lr·(t+1)/warmup} for t &lt; warmup, then a cosine to 0
     * over the remaining steps.
     *
     * @param epochs passes over the data; ignored if {@code steps} is set
     * @param steps optimiser steps; empty = from epochs
     * @param batchSize rows per step
     * @param maxTokens rows are cut to this many tokens
     * @param learningRate peak learning rate
     * @param beta1 AdamW β1
     * @param beta2 AdamW β2
     * @param epsilon AdamW ε
     * @param weightDecay AdamW decoupled weight decay
     * @param warmupSteps linear warm-up
     * @param maxGradientNorm global norm to which gradients are clipped
     * @param seed of the initial A and of the row order
     * @param shuffle a new row order every epoch, from the seed; false = file order
     */
    public record OptimizerSettings(
            int epochs,
            Optional<Integer> steps,
            int batchSize,
            int maxTokens,
            double learningRate,
            double beta1,
            double beta2,
            double epsilon,
            double weightDecay,
            int warmupSteps,
            double maxGradientNorm,
            long seed,
            boolean shuffle) {
        public OptimizerSettings {
            require(epochs >= 1 && epochs <= 1000, "epochs must be 1 to 1000, not " + epochs);
            steps.ifPresent(n -> require(n >= 1 && n <= 1_000_000, "steps must be 1 to 1,000,000, not " + n));
            require(batchSize >= 1 && batchSize <= 4096, "the batch size must be 1 to 4096 rows, not " + batchSize);
            require(maxTokens >= 16 && maxTokens <= 131_072, "max tokens must be 16 to 131,072, not " + maxTokens);
            require(learningRate > 0 && learningRate <= 1, "the learning rate must be in (0, 1], not " + learningRate);
            require(beta1 >= 0 && beta1 < 1, "beta1 must be in [0, 1), not " + beta1);
            require(beta2 >= 0 && beta2 < 1, "beta2 must be in [0, 1), not " + beta2);
            require(epsilon > 0 && epsilon < 1, "epsilon must be in (0, 1), not " + epsilon);
            require(weightDecay >= 0 && weightDecay <= 1, "the weight decay must be in [0, 1], not " + weightDecay);
            require(warmupSteps >= 0, "the warm-up cannot have %d steps".formatted(warmupSteps));
            require(maxGradientNorm > 0, "the largest gradient norm must be above 0, not " + maxGradientNorm);
        }

        private static void require(boolean condition, String otherwise) {
            if (!condition) {
                throw new IllegalArgumentException(otherwise);
            }
        }

        /** 3 epochs of batches of 4 rows of at most 512 tokens, lr 2e-4, warm-up 10, clip 1. */
        public static OptimizerSettings defaults() {
            return new OptimizerSettings(3, Optional.empty(), 4, 512, 2e-4, 0.9, 0.999, 1e-8, 0.0, 10, 1.0, 0L, true);
        }
    }
}
