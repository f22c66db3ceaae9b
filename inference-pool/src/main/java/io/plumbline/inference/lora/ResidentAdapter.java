package io.plumbline.inference.lora;

import io.plumbline.inference.kernel.Buffer;
import io.plumbline.inference.kernel.DeviceMemory;
import io.plumbline.inference.kernel.LoraAdapter;
import io.plumbline.inference.model.AdapterWeights;
import io.plumbline.inference.model.ModelPlan;
import io.plumbline.inference.model.ModulePlan;
import io.plumbline.inference.model.Projection;
import io.plumbline.inference.weights.LowRankPair;
import io.plumbline.inference.weights.PeftAdapter;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** An adapter in a backend's memory; owns its buffers. To be made and closed on the backend's thread. */
public final class ResidentAdapter implements AutoCloseable {
    private final List<Buffer> owned = new ArrayList<>();
    private final AdapterWeights weights;
    private final long bytes;

    private ResidentAdapter(PeftAdapter adapter, ModelPlan plan, DeviceMemory memory) {
        List<Map<Projection, LoraAdapter>> layers = new ArrayList<>();
        for (int i = 0; i < plan.layers().size(); i++) {
            layers.add(new EnumMap<>(Projection.class));
        }
        try {
            adapter.layers().forEach((site, pair) -> {
                ModulePlan module = plan.module(site.layer(), site.module()).orElseThrow();
                layers.get(site.layer()).putAll(upload(module, pair, adapter.scale(site), memory));
            });
        } catch (RuntimeException e) {
            close();
            throw e;
        }
        this.weights = new AdapterWeights(layers);
        this.bytes = owned.stream().mapToLong(Buffer::elements).sum() * Float.BYTES;
    }

    /**
     * Uploads an adapter as PEFT stores it; the rows of B are brought into the model's order.
     *
     * @param adapter one without {@linkplain AdapterFit#misfits misfits}
     */
    public static ResidentAdapter upload(PeftAdapter adapter, ModelPlan plan, DeviceMemory memory) {
        return new ResidentAdapter(AdapterFit.inRowOrderOf(plan, adapter), plan, memory);
    }

    public AdapterWeights weights() {
        return weights;
    }

    /** Memory that it takes. */
    public long bytes() {
        return bytes;
    }

    @Override
    public void close() {
        owned.forEach(Buffer::close);
        owned.clear();
    }

    private Map<Projection, LoraAdapter> upload(ModulePlan module, LowRankPair pair, float scale, DeviceMemory memory) {
        Buffer a = upload(pair.a(), memory);
        Buffer b = upload(pair.b(), memory);
        Map<Projection, LoraAdapter> parts = new EnumMap<>(Projection.class);
        for (ModulePlan.Part part : module.parts()) {
            Buffer rows = b.slice((long) part.firstRow() * pair.rank(), (long) part.rows() * pair.rank());
            parts.put(part.projection(), new LoraAdapter(a, rows, pair.rank(), scale));
        }
        return parts;
    }

    private Buffer upload(float[] values, DeviceMemory memory) {
        Buffer buffer = memory.allocate(values.length);
        owned.add(buffer);
        memory.write(buffer, 0, values, 0, values.length);
        return buffer;
    }
}
