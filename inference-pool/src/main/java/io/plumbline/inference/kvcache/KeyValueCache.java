package io.plumbline.inference.kvcache;

import io.plumbline.inference.kernel.Buffer;
import io.plumbline.inference.kernel.DeviceMemory;
import io.plumbline.inference.kernel.KeyValuePrecision;
import io.plumbline.inference.model.LayerCache;
import io.plumbline.inference.model.LayerPlan;
import io.plumbline.inference.model.ModelPlan;
import io.plumbline.inference.model.UnsupportedModelException;
import java.util.ArrayList;
import java.util.List;

/**
 * Owns the memory of a model's keys and values: per layer two buffers [blocks, blockSize, rowElements], in float32
 * or quantised to 8 bits ({@link KeyValuePrecision}). Which block belongs to whom is {@link BlockPool}'s business.
 */
public final class KeyValueCache implements AutoCloseable {
    private final List<Buffer> owned = new ArrayList<>();
    private final List<LayerCache> layers = new ArrayList<>();
    private final KeyValuePrecision precision;

    /** Allocates a cache of float32. */
    public KeyValueCache(ModelPlan plan, DeviceMemory memory, BlockPool blocks) {
        this(plan, memory, blocks, KeyValuePrecision.FLOAT32);
    }

    /**
     * Allocates the cache.
     *
     * @throws UnsupportedModelException if the model's heads cannot be stored in this precision
     * @throws io.plumbline.inference.kernel.KernelException if there is not enough memory
     */
    public KeyValueCache(ModelPlan plan, DeviceMemory memory, BlockPool blocks, KeyValuePrecision precision) {
        this.precision = precision;
        check(plan, precision);
        try {
            for (LayerPlan layer : plan.layers()) {
                long elements = blocks.capacity() * precision.rowElements(layer.attention());
                layers.add(new LayerCache(allocate(memory, elements), allocate(memory, elements)));
            }
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private static void check(ModelPlan plan, KeyValuePrecision precision) {
        for (LayerPlan layer : plan.layers()) {
            int headDim = layer.attention().headDim();
            if (!precision.supports(headDim)) {
                String reason =
                        "its keys and values cannot be kept as %s, which takes heads of a multiple of %d elements"
                                + " and these have %d; set the key/value precision to %s";
                throw new UnsupportedModelException(List.of(
                        reason.formatted(precision, KeyValuePrecision.BLOCK, headDim, KeyValuePrecision.FLOAT32)));
            }
        }
    }

    /** How keys and values are stored. */
    public KeyValuePrecision precision() {
        return precision;
    }

    /** One per decoder layer. */
    public List<LayerCache> layers() {
        return List.copyOf(layers);
    }

    @Override
    public void close() {
        owned.forEach(Buffer::close);
        owned.clear();
    }

    private Buffer allocate(DeviceMemory memory, long elements) {
        Buffer buffer = memory.allocate(elements);
        owned.add(buffer);
        return buffer;
    }
}
