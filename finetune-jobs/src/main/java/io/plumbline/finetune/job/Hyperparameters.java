package io.plumbline.finetune.job;

import java.util.Optional;

/**
 * OpenAI's three settings of supervised fine-tuning; empty = {@code auto}.
 *
 * @param epochs passes over the rows, 1 to 50
 * @param batchSize rows per optimiser step, 1 to 256
 * @param learningRateMultiplier factor on the base learning rate, above 0, at most 100
 */
public record Hyperparameters(
        Optional<Integer> epochs, Optional<Integer> batchSize, Optional<Double> learningRateMultiplier) {
    public static final int MAX_EPOCHS = 50;
    public static final int MAX_BATCH_SIZE = 256;
    public static final double MAX_MULTIPLIER = 100;

    private static final int AUTO_EPOCHS = 3;
    private static final int AUTO_MAX_BATCH_SIZE = 8;

    /** A batch of "auto" is about a thirtieth of the rows, so that an epoch has enough steps to learn from. */
    private static final int AUTO_STEPS_PER_EPOCH = 30;

    public Hyperparameters {
        require(epochs.map(e -> e >= 1 && e <= MAX_EPOCHS), "n_epochs must be 1 to " + MAX_EPOCHS);
        require(batchSize.map(b -> b >= 1 && b <= MAX_BATCH_SIZE), "batch_size must be 1 to " + MAX_BATCH_SIZE);
        require(
                learningRateMultiplier.map(m -> m > 0 && m <= MAX_MULTIPLIER),
                "learning_rate_multiplier must be above 0 and at most " + MAX_MULTIPLIER);
    }

    public static Hyperparameters auto() {
        return new Hyperparameters(Optional.empty(), Optional.empty(), Optional.empty());
    }

    /** The same with every {@code auto} decided for a data set of that many rows. */
    public Hyperparameters chosenFor(int rows) {
        int autoBatch = Math.clamp(rows / AUTO_STEPS_PER_EPOCH, 1, AUTO_MAX_BATCH_SIZE);
        return new Hyperparameters(
                Optional.of(epochs.orElse(AUTO_EPOCHS)),
                Optional.of(batchSize.orElse(autoBatch)),
                Optional.of(learningRateMultiplier.orElse(1.0)));
    }

    private static void require(Optional<Boolean> holds, String message) {
        if (!holds.orElse(true)) {
            throw new IllegalArgumentException(message);
        }
    }
}
