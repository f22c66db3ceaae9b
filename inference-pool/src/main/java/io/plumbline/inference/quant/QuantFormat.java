package io.plumbline.inference.quant;

import java.util.Arrays;
import java.util.Optional;

/**
 * A ggml tensor format, as data: a row of {@code columns} elements is stored as {@code columns / blockElements}
 * consecutive blocks of {@code blockBytes} bytes.
 *
 * <p>Source of the numbers: the GGUF specification and {@code ggml.h} (type numbers), {@code ggml-common.h} (block
 * layouts).
 */
public enum QuantFormat {
    F32(0, 1, 4),
    F16(1, 1, 2),
    Q4_0(2, 32, 18),
    Q4_1(3, 32, 20),
    Q5_0(6, 32, 22),
    Q5_1(7, 32, 24),
    Q8_0(8, 32, 34),
    Q2_K(10, 256, 84),
    Q3_K(11, 256, 110),
    Q4_K(12, 256, 144),
    Q5_K(13, 256, 176),
    Q6_K(14, 256, 210),
    IQ4_NL(20, 32, 18),
    IQ4_XS(23, 256, 136),
    BF16(30, 1, 2);

    private final int ggmlType;
    private final int blockElements;
    private final int blockBytes;

    QuantFormat(int ggmlType, int blockElements, int blockBytes) {
        this.ggmlType = ggmlType;
        this.blockElements = blockElements;
        this.blockBytes = blockBytes;
    }

    /** The type number in GGUF files. */
    public int ggmlType() {
        return ggmlType;
    }

    /** Elements per block. */
    public int blockElements() {
        return blockElements;
    }

    /** Bytes per block. */
    public int blockBytes() {
        return blockBytes;
    }

    /** Whether elements are integer codes with scales, and not floating-point numbers. */
    public boolean isBlocks() {
        return blockElements > 1;
    }

    /**
     * Bytes of one row.
     *
     * @throws IllegalArgumentException if {@code columns} is not a whole number of blocks
     */
    public long rowBytes(long columns) {
        if (columns <= 0 || columns % blockElements != 0) {
            throw new IllegalArgumentException(
                    "%s rows hold a multiple of %d elements, not %d".formatted(this, blockElements, columns));
        }
        return columns / blockElements * blockBytes;
    }

    /** The format with that GGUF type number, or empty if this product does not read it. */
    public static Optional<QuantFormat> ofGgmlType(int ggmlType) {
        return Arrays.stream(values()).filter(f -> f.ggmlType == ggmlType).findFirst();
    }
}
