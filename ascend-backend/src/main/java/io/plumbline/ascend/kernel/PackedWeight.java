package io.plumbline.ascend.kernel;

import io.plumbline.inference.quant.QuantFormat;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * Some output features of a weight, transposed into the layout that is fastest per group: integers [k, n] and float16
 * scales [k / 32, n], n innermost.
 *
 * @param quants k × stored columns, one byte or one nibble each
 * @param scales k / 32 × stored columns
 * @param storedColumns n, made even for nibbles; the added column is zero
 */
record PackedWeight(byte[] quants, short[] scales, int storedColumns) {
    private static final ValueLayout.OfShort HALF = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final int HALF_BYTES = 2;
    private static final int GROUP = DeviceLayout.GROUP;

    /**
     * Packs rows {@code from} to {@code from + count} of W[rows, columns].
     *
     * @param blocks W in the layout's block format, row-major
     */
    static PackedWeight of(MemorySegment blocks, DeviceLayout layout, int columns, int from, int count) {
        QuantFormat format = layout.format();
        int stored = layout.storedColumns(count);
        int groups = columns / GROUP;
        byte[] quants = new byte[Math.toIntExact(layout.type().bytes((long) columns * stored))];
        short[] scales = new short[groups * stored];
        byte[] row = new byte[Math.toIntExact(format.rowBytes(columns))];
        MemorySegment rowSegment = MemorySegment.ofArray(row);
        for (int n = 0; n < count; n++) {
            MemorySegment.copy(blocks, (from + n) * (long) row.length, rowSegment, 0, row.length);
            for (int group = 0; group < groups; group++) {
                int at = group * format.blockBytes();
                scales[group * stored + n] = rowSegment.get(HALF, at);
                switch (layout) {
                    case INT4 -> nibbles(row, at + HALF_BYTES, quants, group * GROUP, stored, n);
                    case INT8 -> bytes(row, at + HALF_BYTES, quants, group * GROUP, stored, n);
                }
            }
        }
        return new PackedWeight(quants, scales, stored);
    }

    /** Byte j of a Q4_0 block holds element j in its low and element j + 16 in its high half. */
    private static void nibbles(byte[] block, int at, byte[] target, int k, int stored, int n) {
        for (int j = 0; j < GROUP / 2; j++) {
            int signed = block[at + j] ^ 0x88;
            putNibble(target, (long) (k + j) * stored + n, signed & 0xF);
            putNibble(target, (long) (k + j + GROUP / 2) * stored + n, signed >> 4 & 0xF);
        }
    }

    private static void putNibble(byte[] target, long element, int nibble) {
        target[(int) (element / 2)] |= (byte) (nibble << (element % 2 * 4));
    }

    private static void bytes(byte[] block, int at, byte[] target, int k, int stored, int n) {
        for (int j = 0; j < GROUP; j++) {
            target[(k + j) * stored + n] = block[at + j];
        }
    }
}
