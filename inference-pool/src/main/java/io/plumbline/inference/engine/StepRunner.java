package io.plumbline.inference.engine;

import io.plumbline.inference.kernel.PagedBatch;
import io.plumbline.inference.kvcache.BlockPool;
import io.plumbline.inference.kvcache.KeyValueCache;
import io.plumbline.inference.model.Activations;
import io.plumbline.inference.model.AdapterRows;
import io.plumbline.inference.model.AdapterSet;
import io.plumbline.inference.model.AdapterWeights;
import io.plumbline.inference.model.AttentionStep;
import io.plumbline.inference.model.ForwardPass;
import io.plumbline.inference.model.LoadedModel;
import io.plumbline.inference.model.ModelStep;
import io.plumbline.inference.scheduler.SchedulerLimits;
import io.plumbline.inference.scheduler.Sequence;
import io.plumbline.inference.scheduler.Slice;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Runs the slices of a step through the model; owns cache and activations. For the engine's thread. */
final class StepRunner implements AutoCloseable {
    private final LoadedModel model;
    private final ForwardPass forward;
    private final KeyValueCache cache;
    private final Activations activations;
    private final int blockSize;
    private AdapterSet adapters = AdapterSet.NONE;

    StepRunner(LoadedModel model, BlockPool blocks, EngineLimits limits) {
        this.model = model;
        this.forward = model.forwardPass();
        this.blockSize = blocks.blockSize();
        this.cache = new KeyValueCache(model.plan(), model.backend().memory(), blocks, limits.keyValuePrecision());
        SchedulerLimits steps = limits.scheduling();
        try {
            this.activations = Activations.forServing(
                    model.plan(),
                    model.backend().memory(),
                    new Activations.Capacity(
                            steps.tokensPerStep(),
                            steps.drawsPerStep(),
                            limits.adapters().maxRank()));
        } catch (RuntimeException e) {
            cache.close();
            throw e;
        }
    }

    int vocabulary() {
        return model.plan().vocabulary();
    }

    /** Name of the backend, for people. */
    String backendName() {
        return model.backend().name();
    }

    /**
     * Computes a step: all tokens of the slices, and of those that catch up the logits behind the last known token and
     * behind every guess.
     *
     * @param adapterOf the adapter of a sequence, or null
     */
    void run(List<Slice> slices, Function<Sequence, @Nullable AdapterWeights> adapterOf) {
        ModelStep step = step(slices, adapterOf);
        forward.run(step, activations);
        int[] drawRows = drawRows(slices);
        if (drawRows.length > 0) {
            forward.head(drawRows, activations);
        }
        model.backend().synchronize();
    }

    /**
     * Reads logits.
     *
     * @param i which, counted over the {@link Slice#draws()} of all slices
     * @param into at least as long as the vocabulary
     */
    void logits(int i, float[] into) {
        model.backend().memory().read(activations.head().logits(), (long) i * vocabulary(), into, 0, vocabulary());
    }

    @Override
    public void close() {
        activations.close();
        cache.close();
    }

    private ModelStep step(List<Slice> slices, Function<Sequence, @Nullable AdapterWeights> adapterOf) {
        int rows = slices.stream().mapToInt(Slice::count).sum();
        int[] tokens = new int[rows];
        int[] adapterOfRow = new int[rows];
        int[] rowStart = new int[slices.size() + 1];
        int[] firstPosition = new int[slices.size()];
        int[][] blockTable = new int[slices.size()][];
        adapters = adapters.exactly(slices.stream()
                .flatMap(slice -> Stream.ofNullable(adapterOf.apply(slice.sequence())))
                .toList());
        int row = 0;
        for (int s = 0; s < slices.size(); s++) {
            Slice slice = slices.get(s);
            AdapterWeights weights = adapterOf.apply(slice.sequence());
            int adapter = weights == null ? -1 : adapters.slot(weights);
            for (int i = 0; i < slice.count(); i++) {
                tokens[row] = slice.sequence().token(slice.first() + i);
                adapterOfRow[row] = adapter;
                row++;
            }
            rowStart[s + 1] = row;
            firstPosition[s] = slice.first();
            blockTable[s] = slice.sequence().blockTable();
        }
        PagedBatch batch = new PagedBatch(rowStart, firstPosition, blockTable, blockSize, cache.precision());
        return new ModelStep(
                tokens, new AttentionStep.Paged(batch, cache.layers()), new AdapterRows(adapterOfRow, adapters));
    }

    private static int[] drawRows(List<Slice> slices) {
        int[] rows = new int[slices.stream().mapToInt(Slice::draws).sum()];
        int draw = 0;
        int end = 0;
        for (Slice slice : slices) {
            end += slice.count();
            for (int row = end - slice.draws(); row < end; row++) {
                rows[draw++] = row;
            }
        }
        return rows;
    }
}
