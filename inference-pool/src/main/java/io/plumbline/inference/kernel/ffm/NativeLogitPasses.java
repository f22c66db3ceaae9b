package io.plumbline.inference.kernel.ffm;

import io.plumbline.inference.kernel.host.LogitPasses;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** The passes of the kernel library, straight on arrays of the Java heap: each takes a fraction of a millisecond. */
final class NativeLogitPasses implements LogitPasses {
    private final MethodHandle maxima;
    private final MethodHandle weightSums;

    NativeLogitPasses(KernelFunctions functions, String prefix) {
        maxima = functions.link(prefix + "logit_maxima", "HIHH");
        weightSums = functions.link(prefix + "weight_sums", "HIHH");
    }

    @Override
    public void maxima(float[] logits, float[] result, float[] tileMaxima) {
        int count = Math.ceilDiv(logits.length, TILE);
        if (tileMaxima.length < count || result.length < count * COLUMNS) {
            throw new IllegalArgumentException("%d and %d maxima are too few for %d logits"
                    .formatted(result.length, tileMaxima.length, logits.length));
        }
        MemorySegment from = MemorySegment.ofArray(logits);
        MemorySegment to = MemorySegment.ofArray(result);
        MemorySegment tiles = MemorySegment.ofArray(tileMaxima);
        NativeCall.check("logit maxima", () -> (int) maxima.invokeExact(from, logits.length, to, tiles));
    }

    @Override
    public void weightSums(float[] logits, double largest, double scale, double[] sums) {
        if (sums.length < Math.ceilDiv(logits.length, WEIGHT_ROW)) {
            throw new IllegalArgumentException(
                    "%d sums are too few for %d logits".formatted(sums.length, logits.length));
        }
        MemorySegment from = MemorySegment.ofArray(logits);
        MemorySegment scaling = MemorySegment.ofArray(new double[] {largest, scale});
        MemorySegment to = MemorySegment.ofArray(sums);
        NativeCall.check("weight sums", () -> (int) weightSums.invokeExact(from, logits.length, scaling, to));
    }
}
