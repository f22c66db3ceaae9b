package io.plumbline.inference.kernel.vector;

import static io.plumbline.inference.kernel.vector.Native.ALL;

import java.nio.ByteOrder;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Vectors of this processor and the canonical arithmetic on them (ADR 0002). A canonical sum has sixteen lanes; a
 * narrower processor takes them in {@link #PARTS} passes over the same elements, so the order of additions is the same
 * everywhere.
 */
final class Lanes {
    /** Lanes of a canonical sum. */
    static final int CANONICAL = 16;

    /** The widest float vector of this processor, at most the canonical sixteen lanes. */
    static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED.length() > CANONICAL
            ? FloatVector.SPECIES_512
            : FloatVector.SPECIES_PREFERRED;

    /** Lanes of a vector: 4, 8 or 16. */
    static final int COUNT = FLOATS.length();

    /** Bytes of a vector. */
    static final int WIDTH = COUNT * Float.BYTES;

    /** Vectors that make up the canonical lanes. */
    static final int PARTS = CANONICAL / COUNT;

    /** At least one byte per lane: there is no vector of four bytes. */
    private static final VectorSpecies<Byte> BYTES = COUNT == 16 ? ByteVector.SPECIES_128 : ByteVector.SPECIES_64;

    private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;

    /** 1.5·2^23: adding it rounds a float of smaller magnitude to a whole number, ties to even, in the low bits. */
    private static final float ROUNDER = 0x1.8p23f;

    private static final int ROUNDER_BITS = Float.floatToRawIntBits(ROUNDER);

    private Lanes() {}

    static FloatVector zero() {
        return FloatVector.zero(FLOATS);
    }

    static FloatVector all(float value) {
        return FloatVector.broadcast(FLOATS, value);
    }

    /** The float at an address in every lane. */
    static FloatVector allOf(long address) {
        return FloatVector.broadcast(FLOATS, Native.floatAt(address));
    }

    static FloatVector load(long address) {
        return FloatVector.fromMemorySegment(FLOATS, ALL, address, ORDER);
    }

    /** The first {@code count} lanes, 0 in the others. */
    static FloatVector load(long address, int count) {
        return count >= COUNT ? load(address) : loadFirst(address, count);
    }

    /** The same where there are fewer than all lanes. */
    static FloatVector loadFirst(long address, int count) {
        return FloatVector.fromMemorySegment(FLOATS, ALL, address, ORDER, FLOATS.indexInRange(0, count));
    }

    static void store(FloatVector a, long address) {
        a.intoMemorySegment(ALL, address, ORDER);
    }

    /** Only the first {@code count} lanes. */
    static void store(FloatVector a, long address, int count) {
        if (count >= COUNT) {
            store(a, address);
        } else {
            a.intoMemorySegment(ALL, address, ORDER, FLOATS.indexInRange(0, count));
        }
    }

    /** Signed bytes as floats, one per lane; may read four bytes more than there are lanes. */
    static FloatVector loadBytes(long address) {
        return (FloatVector)
                ByteVector.fromMemorySegment(BYTES, ALL, address, ORDER).convertShape(VectorOperators.B2F, FLOATS, 0);
    }

    /** Whole numbers, ties to even; magnitudes below 2^22. */
    static FloatVector round(FloatVector a) {
        return a.add(ROUNDER).sub(ROUNDER);
    }

    /** e^x as {@code CanonicalMath.exp}: 0 below -87, the value at 88 above 88. */
    static FloatVector exp(FloatVector x) {
        FloatVector clamped = x.min(88f);
        FloatVector rounder = clamped.mul(0x1.715476p+0f).add(ROUNDER);
        FloatVector n = rounder.sub(ROUNDER);
        FloatVector r = n.fma(all(-0x1.63p-1f), clamped);
        r = n.fma(all(0x1.bd0106p-13f), r);
        FloatVector p = all(0x1.a01a02p-13f);
        p = p.fma(r, all(0x1.6c16c2p-10f));
        p = p.fma(r, all(0x1.111112p-7f));
        p = p.fma(r, all(0x1.555556p-5f));
        p = p.fma(r, all(0x1.555556p-3f));
        p = p.fma(r, all(0.5f));
        p = p.fma(r, all(1f));
        p = p.fma(r, all(1f));
        IntVector exponent = rounder.reinterpretAsInts().sub(ROUNDER_BITS - 127);
        FloatVector power = exponent.lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats();
        return p.mul(power).blend(0f, x.compare(VectorOperators.LT, -87f));
    }

    /** 1 / (1 + e^-z). */
    static FloatVector sigmoid(FloatVector z) {
        return all(1f).div(exp(z.mul(-1f)).add(1f));
    }

    /** The tree of ADR 0002 over sixteen floats: lane j with lane j + 8, then j + 4, j + 2, j + 1. */
    static float join(float[] lanes, int at) {
        float a = four(lanes, at);
        float b = four(lanes, at + 1);
        float c = four(lanes, at + 2);
        float d = four(lanes, at + 3);
        return a + c + (b + d);
    }

    /** Lanes 0, 4, 8 and 12 from here. */
    private static float four(float[] lanes, int at) {
        return lanes[at] + lanes[at + 8] + (lanes[at + 4] + lanes[at + 12]);
    }
}
