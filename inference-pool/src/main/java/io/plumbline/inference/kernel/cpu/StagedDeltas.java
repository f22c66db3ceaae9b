package io.plumbline.inference.kernel.cpu;

import static io.plumbline.inference.kernel.cpu.CpuKernels.at;

import io.plumbline.inference.kernel.LoraAdapter;
import io.plumbline.inference.kernel.LoraBatch;
import io.plumbline.inference.kernel.LoraDelta;
import io.plumbline.inference.kernel.LoraGradient;
import io.plumbline.inference.kernel.LoraTable;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The structures of lora.h for one call, as addresses in staging memory: good until the next call.
 *
 * @param adapterOfRow [rows]
 * @param products an array of {@code lora_product}
 */
record StagedDeltas(long adapterOfRow, long products) {
    /** Longs of {@code lora_slot}: four pointers, then rank and scale in one. */
    private static final int SLOT_LONGS = 5;

    /** Bytes of {@code lora_product}: three pointers, output features, columns of t. */
    private static final long PRODUCT_BYTES = 32;

    static StagedDeltas of(List<LoraDelta> deltas, Staging staging) {
        LoraBatch first = deltas.getFirst().batch();
        int count = deltas.size();
        long slotBytes = (long) first.adapters().size() * SLOT_LONGS * Long.BYTES;
        staging.begin(first.rows() + count * (slotBytes + PRODUCT_BYTES) / Integer.BYTES, 2 + count);
        long adapterOfRow = staging.ints(first.adapterOfRow());
        MemorySegment products = staging.take(count * PRODUCT_BYTES);
        for (int i = 0; i < count; i++) {
            LoraDelta delta = deltas.get(i);
            LoraBatch batch = delta.batch();
            long product = i * PRODUCT_BYTES;
            mustBeOpen(batch.table());
            long[] slots = batch.table().prepared(long[].class, StagedDeltas::slots);
            products.set(ValueLayout.JAVA_LONG, product, staging.longs(slots));
            products.set(ValueLayout.JAVA_LONG, product + 8, at(delta.t()));
            products.set(ValueLayout.JAVA_LONG, product + 16, at(delta.y()));
            products.set(ValueLayout.JAVA_INT, product + 24, batch.out());
            products.set(ValueLayout.JAVA_INT, product + 28, batch.maxRank());
        }
        return new StagedDeltas(adapterOfRow, products.address());
    }

    /**
     * The same for the backward pass of one linear layer.
     *
     * @param adapterOfRow [rows]
     * @param slots an array of {@code lora_slot}, with gradients
     */
    record Backward(long adapterOfRow, long slots) {}

    static Backward backward(LoraBatch batch, List<@Nullable LoraGradient> gradients, Staging staging) {
        long[] slots = slots(batch.table());
        for (int slot = 0; slot < gradients.size(); slot++) {
            LoraGradient gradient = gradients.get(slot);
            if (gradient != null) {
                slots[slot * SLOT_LONGS + 2] = at(gradient.a());
                slots[slot * SLOT_LONGS + 3] = at(gradient.b());
            }
        }
        staging.begin(batch.rows() + slots.length * (long) Long.BYTES / Integer.BYTES, 2);
        return new Backward(staging.ints(batch.adapterOfRow()), staging.longs(slots));
    }

    /** The addresses are kept from step to step: an adapter that was closed since must not be read. */
    private static void mustBeOpen(LoraTable table) {
        for (LoraAdapter adapter : table.adapters()) {
            if (adapter != null && (at(adapter.a()) == 0 || at(adapter.b()) == 0)) {
                throw new IllegalStateException("an adapter without memory");
            }
        }
    }

    private static long[] slots(LoraTable table) {
        long[] slots = new long[table.adapters().size() * SLOT_LONGS];
        for (int s = 0; s < table.adapters().size(); s++) {
            LoraAdapter adapter = table.adapters().get(s);
            if (adapter != null) { // without an A the functions look no further
                slots[s * SLOT_LONGS] = at(adapter.a());
                slots[s * SLOT_LONGS + 1] = at(adapter.b());
                // Two fields in one: these processors store the lower half first.
                slots[s * SLOT_LONGS + 4] = (long) Float.floatToRawIntBits(adapter.scale()) << 32 | adapter.rank();
            }
        }
        return slots;
    }
}
