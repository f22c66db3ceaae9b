package io.plumbline.finetune.training;

import java.util.Random;

/**
 * Which rows make up each step. The n-th example of the run is entry {@code n mod rows} of epoch {@code n / rows}; an
 * epoch is a permutation that depends on seed and epoch number alone, so a resumed run sees the rows it would have
 * seen.
 */
final class RowOrder {
    private final int rows;
    private final int batchSize;
    private final long examples;
    private final long seed;
    private final boolean shuffle;
    private long epochOfOrder = -1;
    private int[] order = new int[0];

    /**
     * The order of a whole run.
     *
     * @param examples rows seen in the run; the last batch is smaller if they do not fill it
     */
    RowOrder(int rows, int batchSize, long examples, long seed, boolean shuffle) {
        if (rows < 1 || batchSize < 1 || examples < 1) {
            throw new IllegalArgumentException(
                    "impossible row order: rows=%d batch=%d examples=%d".formatted(rows, batchSize, examples));
        }
        this.rows = rows;
        this.batchSize = batchSize;
        this.examples = examples;
        this.seed = seed;
        this.shuffle = shuffle;
    }

    /** The order that {@code settings} ask for: whole epochs, or exactly so many full steps. */
    static RowOrder of(TrainingSpec.OptimizerSettings settings, int rows) {
        long examples = settings.steps()
                .map(steps -> (long) steps * settings.batchSize())
                .orElse((long) settings.epochs() * rows);
        return new RowOrder(rows, settings.batchSize(), examples, settings.seed(), settings.shuffle());
    }

    int steps() {
        return Math.toIntExact((examples + batchSize - 1) / batchSize);
    }

    /** Row indices of step t, from 0. */
    int[] batch(int step) {
        long first = (long) step * batchSize;
        int size = (int) Math.min(batchSize, examples - first);
        int[] batch = new int[size];
        for (int i = 0; i < size; i++) {
            batch[i] = entry(first + i);
        }
        return batch;
    }

    private int entry(long example) {
        int index = (int) (example % rows);
        if (!shuffle) {
            return index;
        }
        long epoch = example / rows;
        if (epoch != epochOfOrder) {
            order = permutation(epoch);
            epochOfOrder = epoch;
        }
        return order[index];
    }

    /** Fisher–Yates with {@link Random}, whose algorithm the Java specification fixes for all versions. */
    private int[] permutation(long epoch) {
        var random = new Random(Seeds.derive(seed, epoch));
        int[] permutation = new int[rows];
        for (int i = 0; i < rows; i++) {
            int j = random.nextInt(i + 1);
            permutation[i] = permutation[j];
            permutation[j] = i;
        }
        return permutation;
    }
}
