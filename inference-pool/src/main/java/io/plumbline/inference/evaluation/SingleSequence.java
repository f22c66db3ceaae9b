package io.plumbline.inference.evaluation;

import io.plumbline.inference.kernel.PagedBatch;
import io.plumbline.inference.kvcache.BlockPool;
import io.plumbline.inference.kvcache.KeyValueCache;
import io.plumbline.inference.model.Activations;
import io.plumbline.inference.model.AdapterRows;
import io.plumbline.inference.model.AdapterWeights;
import io.plumbline.inference.model.AttentionStep;
import io.plumbline.inference.model.ForwardPass;
import io.plumbline.inference.model.LoadedModel;
import io.plumbline.inference.model.ModelStep;
import java.util.Arrays;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** One sequence through a model as serving computes it: chunks of rows and a paged cache. */
public final class SingleSequence implements AutoCloseable {
    private static final int BLOCK = 16;
    private static final int CHUNK = 48;

    private final LoadedModel model;
    private final @Nullable AdapterWeights adapter;
    private final ForwardPass forward;
    private final KeyValueCache cache;
    private final Activations activations;
    private final int[] blockTable;
    private final float[] logits;
    private int position;

    /**
     * An empty sequence.
     *
     * @param capacity tokens that it will have at most
     * @param adapter null = the base model
     */
    public SingleSequence(LoadedModel model, int capacity, @Nullable AdapterWeights adapter) {
        this.model = model;
        this.adapter = adapter;
        this.forward = model.forwardPass();
        int blocks = (capacity + BLOCK - 1) / BLOCK;
        this.blockTable = IntStream.range(0, blocks).toArray();
        this.cache = new KeyValueCache(model.plan(), model.backend().memory(), new BlockPool(blocks, BLOCK));
        int rank = adapter == null ? 0 : adapter.maxRank();
        this.activations = Activations.forServing(
                model.plan(), model.backend().memory(), new Activations.Capacity(CHUNK, CHUNK, rank));
        this.logits = new float[model.plan().vocabulary()];
    }

    /**
     * Appends tokens.
     *
     * @param each gets the position of every token and the logits behind it; the array is used again
     */
    public void append(int[] tokens, BiConsumer<Integer, float[]> each) {
        for (int first = 0; first < tokens.length; first += CHUNK) {
            appendChunk(Arrays.copyOfRange(tokens, first, Math.min(first + CHUNK, tokens.length)), each);
        }
    }

    @Override
    public void close() {
        activations.close();
        cache.close();
    }

    private void appendChunk(int[] tokens, BiConsumer<Integer, float[]> each) {
        int rows = tokens.length;
        PagedBatch batch = new PagedBatch(new int[] {0, rows}, new int[] {position}, new int[][] {blockTable}, BLOCK);
        AdapterRows adapters = adapter == null ? AdapterRows.none(rows) : AdapterRows.all(rows, adapter);
        forward.run(new ModelStep(tokens, new AttentionStep.Paged(batch, cache.layers()), adapters), activations);
        forward.head(IntStream.range(0, rows).toArray(), activations);
        model.backend().synchronize();
        for (int row = 0; row < rows; row++) {
            long offset = (long) row * logits.length;
            model.backend().memory().read(activations.head().logits(), offset, logits, 0, logits.length);
            each.accept(position + row, logits);
        }
        position += rows;
    }

    /** The largest logit's token; of equal ones the lowest id. */
    public static int argmax(float[] logits) {
        int best = 0;
        for (int token = 1; token < logits.length; token++) {
            best = logits[token] > logits[best] ? token : best;
        }
        return best;
    }
}
