package io.plumbline.inference.kernel.cuda;

import static io.plumbline.inference.kernel.cuda.CudaBuffer.at;

import io.plumbline.inference.kernel.LoraAdapter;
import io.plumbline.inference.kernel.LoraBatch;
import io.plumbline.inference.kernel.LoraDelta;
import io.plumbline.inference.kernel.LoraGradient;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The array of {@code pl_lora_part} of {@code lora.cuh}. */
final class LoraParts {
    /** Four pointers, five ints, a float. */
    private static final int PART_BYTES = 56;

    private final List<Part> parts = new ArrayList<>();
    private int maxRank;

    /** @param first in the list of row numbers */
    private record Part(LoraAdapter adapter, long t, long y, int first, int count, int out, int stride) {}

    /** Parts of at most {@code most} rows of every adapter that touches the layer. */
    void addForward(AdapterRows rows, LoraDelta delta, int most) {
        addRows(rows, delta.batch(), most, at(delta.t()), at(delta.y()));
    }

    /** The same without outputs: the kernels of the backward pass get theirs as arguments. */
    void addBackward(AdapterRows rows, LoraBatch batch, int most) {
        addRows(rows, batch, most, 0, 0);
    }

    private void addRows(AdapterRows rows, LoraBatch batch, int most, long t, long y) {
        for (int slot = 0; slot < rows.slots(); slot++) {
            LoraAdapter adapter = batch.adapters().get(slot);
            int end = rows.start()[slot + 1];
            for (int first = rows.start()[slot]; adapter != null && first < end; first += most) {
                add(new Part(adapter, t, y, first, Math.min(most, end - first), batch.out(), batch.maxRank()));
            }
        }
    }

    /** One part with all rows for every adapter that is trained, with where its gradients are added. */
    void addGradients(AdapterRows rows, LoraBatch batch, List<@Nullable LoraGradient> gradients) {
        for (int slot = 0; slot < rows.slots(); slot++) {
            LoraAdapter adapter = batch.adapters().get(slot);
            LoraGradient gradient = gradients.get(slot);
            if (adapter != null && gradient != null && rows.count(slot) > 0) {
                long a = at(gradient.a());
                long b = at(gradient.b());
                add(new Part(adapter, a, b, rows.start()[slot], rows.count(slot), batch.out(), batch.maxRank()));
            }
        }
    }

    private void add(Part part) {
        parts.add(part);
        maxRank = Math.max(maxRank, part.adapter().rank());
    }

    int count() {
        return parts.size();
    }

    /** The largest rank of the parts. */
    int maxRank() {
        return maxRank;
    }

    MemorySegment toSegment() {
        ByteBuffer bytes = ByteBuffer.allocate(parts.size() * PART_BYTES).order(ByteOrder.nativeOrder());
        for (Part part : parts) {
            bytes.putLong(at(part.adapter().a())).putLong(at(part.adapter().b()));
            bytes.putLong(part.t()).putLong(part.y());
            bytes.putInt(part.first()).putInt(part.count());
            bytes.putInt(part.adapter().rank()).putInt(part.out()).putInt(part.stride());
            bytes.putFloat(part.adapter().scale());
        }
        return MemorySegment.ofBuffer(bytes.flip());
    }
}
