package io.plumbline.inference.lora;

import io.plumbline.inference.kernel.Buffer;
import io.plumbline.inference.kernel.DeviceMemory;
import io.plumbline.inference.kernel.LoraAdapter;
import io.plumbline.inference.model.AdapterWeights;
import io.plumbline.inference.model.ModelPlan;
import io.plumbline.inference.model.ModulePlan;
import io.plumbline.inference.model.Projection;
import io.plumbline.inference.weights.AdapterSite;
import io.plumbline.inference.weights.LowRankPair;
import io.plumbline.inference.weights.PeftAdapter;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * An adapter in a backend's memory; owns it. To be made and closed on the backend's thread. All factors lie in one piece
 * of memory in the order in which a step reads them, so that a step reads every adapter from its first byte to its last.
 */
public final class ResidentAdapter implements AutoCloseable {
    /** Factors begin at multiples of a cache line. */
    private static final int ALIGNMENT = 64 / Float.BYTES;

    private final Buffer factors;
    private final AdapterWeights weights;

    private ResidentAdapter(PeftAdapter adapter, ModelPlan plan, DeviceMemory memory) {
        List<Map<Projection, LoraAdapter>> layers = new ArrayList<>();
        for (int i = 0; i < plan.layers().size(); i++) {
            layers.add(new EnumMap<>(Projection.class));
        }
        long elements = adapter.layers().values().stream()
                .mapToLong(pair -> aligned(pair.a().length) + aligned(pair.b().length))
                .sum();
        this.factors = memory.allocate(elements);
        try {
            long used = 0;
            for (var entry : adapter.layers().entrySet()) { // by layer, then by module: the order of use
                AdapterSite site = entry.getKey();
                LowRankPair pair = entry.getValue();
                Buffer a = upload(pair.a(), used, memory);
                Buffer b = upload(pair.b(), used + aligned(pair.a().length), memory);
                used += aligned(pair.a().length) + aligned(pair.b().length);
                ModulePlan module = plan.module(site.layer(), site.module()).orElseThrow();
                layers.get(site.layer()).putAll(parts(module, pair.rank(), adapter.scale(site), a, b));
            }
        } catch (RuntimeException e) {
            close();
            throw e;
        }
        this.weights = new AdapterWeights(layers);
    }

    private static long aligned(long elements) {
        return (elements + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
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
        return factors.elements() * Float.BYTES;
    }

    @Override
    public void close() {
        factors.close();
    }

    private static Map<Projection, LoraAdapter> parts(ModulePlan module, int rank, float scale, Buffer a, Buffer b) {
        Map<Projection, LoraAdapter> parts = new EnumMap<>(Projection.class);
        for (ModulePlan.Part part : module.parts()) {
            Buffer rows = b.slice((long) part.firstRow() * rank, (long) part.rows() * rank);
            parts.put(part.projection(), new LoraAdapter(a, rows, rank, scale));
        }
        return parts;
    }

    private Buffer upload(float[] values, long offset, DeviceMemory memory) {
        Buffer buffer = factors.slice(offset, values.length);
        memory.write(buffer, 0, values, 0, values.length);
        return buffer;
    }
}
