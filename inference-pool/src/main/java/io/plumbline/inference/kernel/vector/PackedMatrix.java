package io.plumbline.inference.kernel.vector;

import io.plumbline.inference.quant.CodeBlock;
import io.plumbline.inference.quant.QuantFormat;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * A weight in a block format, unpacked to one signed byte per element so that one kernel serves every format. As many
 * rows as a vector has lanes form a tile; a tile holds its groups of columns one after another, and a group holds the
 * codes [columns of the group][rows], then the scale of each row, then, where the format has minima, the negated
 * minimum of each row. An element is {@code scale·code - minimum}, each operation rounded, as {@link CodeBlock} says.
 *
 * @param address of the first tile
 * @param group columns per scale: 16 or 32
 */
record PackedMatrix(long address, int rows, int columns, int group, boolean minima) {
    /** Columns that share a scale of the activations, and of which a row is a whole number. */
    static final int BLOCK = 32;

    private static final int VECTOR_SLACK = 64;

    /** The layout of a matrix that will lie at an address. */
    static PackedMatrix at(long address, QuantFormat format, int rows, int columns) {
        CodeBlock block = new CodeBlock();
        block.read(format, new byte[format.blockBytes()], 0);
        return new PackedMatrix(address, rows, columns, block.group(), block.hasMinima());
    }

    int groups() {
        return columns / group;
    }

    int tiles() {
        return (rows + Lanes.COUNT - 1) / Lanes.COUNT;
    }

    /** From the codes of a group to its scales. */
    long codeBytes() {
        return (long) group * Lanes.COUNT;
    }

    long groupBytes() {
        return codeBytes() + (minima ? 2L : 1L) * Lanes.WIDTH;
    }

    long tileBytes() {
        return groups() * groupBytes();
    }

    /** With room for a load that reads beyond the last byte. */
    long bytes() {
        return tiles() * tileBytes() + VECTOR_SLACK;
    }

    long tile(int number) {
        return address + number * tileBytes();
    }

    /** Rows of a tile that exist. */
    int rowsOf(int tile) {
        return Math.min(Lanes.COUNT, rows - tile * Lanes.COUNT);
    }

    /** Fills one tile from zero-filled memory. */
    void pack(int tile, MemorySegment blocks, QuantFormat format) {
        byte[] row = new byte[Math.toIntExact(format.rowBytes(columns))];
        CodeBlock block = new CodeBlock();
        for (int r = 0; r < rowsOf(tile); r++) {
            long from = ((long) tile * Lanes.COUNT + r) * row.length;
            MemorySegment.copy(blocks, ValueLayout.JAVA_BYTE, from, row, 0, row.length);
            long to = tile(tile);
            for (int at = 0; at < row.length; at += format.blockBytes()) {
                block.read(format, row, at);
                for (int g = 0; g < block.elements() / group; g++, to += groupBytes()) {
                    packGroup(block, g, r, to);
                }
            }
        }
    }

    private void packGroup(CodeBlock block, int g, int row, long to) {
        for (int j = 0; j < group; j++) {
            Native.putByte(to + (long) j * Lanes.COUNT + row, (byte) block.code(g * group + j));
        }
        long scale = to + codeBytes() + (long) row * Float.BYTES;
        Native.putFloat(scale, block.scale(g));
        if (minima) {
            Native.putFloat(scale + Lanes.WIDTH, -block.minimum(g));
        }
    }

    /** Unpacks columns {@code from … from + count - 1} of a row, both whole groups. */
    void unpack(int row, int from, int count, long target) {
        long at = tile(row / Lanes.COUNT) + from / group * groupBytes() + row % Lanes.COUNT;
        long to = target;
        for (int g = 0; g < count / group; g++, at += groupBytes()) {
            long scaleAt = at + codeBytes() - row % Lanes.COUNT + (long) (row % Lanes.COUNT) * Float.BYTES;
            float scale = Native.floatAt(scaleAt);
            float offset = minima ? Native.floatAt(scaleAt + Lanes.WIDTH) : 0f;
            for (int j = 0; j < group; j++, to += Float.BYTES) {
                float scaled = scale * Native.byteAt(at + (long) j * Lanes.COUNT);
                // A format without minimum must not add one: -0 + 0 would lose the sign.
                Native.putFloat(to, minima ? scaled + offset : scaled);
            }
        }
    }
}
