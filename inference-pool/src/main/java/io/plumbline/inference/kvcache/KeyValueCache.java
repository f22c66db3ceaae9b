package io.plumbline.inference.kvcache;

import io.plumbline.inference.kernel.Buffer;
import io.plumbline.inference.kernel.DeviceMemory;
import io.plumbline.inference.model.LayerCache;
import io.plumbline.inference.model.LayerPlan;
import io.plumbline.inference.model.ModelPlan;
import java.util.ArrayList;
import java.util.List;

/**
 * Owns the memory of a model's keys and values: per layer two buffers [blocks, blockSize, keyValueWidth] of float32.
 * Which block belongs to whom is {@link BlockPool}'s business.
 */
public final class KeyValueCache implements AutoCloseable {
    private final List<Buffer> owned = new ArrayList<>();
    private final List<LayerCache> layers = new ArrayList<>();

    /**
     * Allocates the cache.
     *
     * @throws io.plumbline.inference.kernel.KernelException if there is not enough memory
     */
    public KeyValueCache(ModelPlan plan, DeviceMemory memory, BlockPool blocks) {
        try {
            for (LayerPlan layer : plan.layers()) {
                long elements = blocks.capacity() * layer.attention().keyValueWidth();
                layers.add(new LayerCache(allocate(memory, elements), allocate(memory, elements)));
            }
        } catch (RuntimeException e) {
            close();
            throw e;
        }
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
