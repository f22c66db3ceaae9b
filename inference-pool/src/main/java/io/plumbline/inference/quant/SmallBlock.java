package io.plumbline.inference.quant;

/**
 * A block of 32 elements with one scale, as data: element j of a block is {@code d·(q[j] - zero) + m}.
 *
 * <p>Byte order inside a block: d (float16), m (float16, if {@code hasMinimum}), the fifth bits (32-bit little-endian,
 * if {@code bits} is 5), then the quants: for 4 and 5 bits byte j holds element j in its low and element j + 16 in its
 * high half, for 8 bits one signed byte per element.
 *
 * @param bits bits per quant: 4, 5 or 8
 * @param zero the quant that stands for zero
 * @param hasMinimum whether the block stores m
 */
record SmallBlock(int bits, int zero, boolean hasMinimum) {
    static final int ELEMENTS = 32;

    static final SmallBlock Q4_0 = new SmallBlock(4, 8, false);
    static final SmallBlock Q4_1 = new SmallBlock(4, 0, true);
    static final SmallBlock Q5_0 = new SmallBlock(5, 16, false);
    static final SmallBlock Q5_1 = new SmallBlock(5, 0, true);
    static final SmallBlock Q8_0 = new SmallBlock(8, 0, false);

    /** Where the fifth bits, or else the quants, start. */
    int headerBytes() {
        return hasMinimum ? 4 : 2;
    }

    /** Where the quants start. */
    int quantsAt() {
        return headerBytes() + (bits == 5 ? 4 : 0);
    }

    void read(byte[] block, int at, CodeBlock into) {
        into.begin(ELEMENTS, ELEMENTS, hasMinimum);
        float m = hasMinimum ? LittleEndian.float16(block, at + 2) : 0f;
        // A format without minimum subtracts +0, which changes nothing, not even the sign of a zero.
        into.group(0, LittleEndian.float16(block, at), hasMinimum ? -m : 0f);
        for (int j = 0; j < ELEMENTS; j++) {
            into.code(j, quant(block, at, j) - zero);
        }
    }

    private int quant(byte[] block, int at, int j) {
        int quants = at + quantsAt();
        if (bits == 8) {
            return block[quants + j];
        }
        int low = j < 16 ? block[quants + j] & 0xF : (block[quants + j - 16] & 0xFF) >>> 4;
        int fifth = bits == 5 ? LittleEndian.int32(block, at + headerBytes()) >>> j & 1 : 0;
        return low | fifth << 4;
    }

    /** Writes the quants of a block whose header is already there. */
    void packQuants(int[] quants, byte[] block, int at) {
        int start = at + quantsAt();
        if (bits == 8) {
            for (int j = 0; j < ELEMENTS; j++) {
                block[start + j] = (byte) quants[j];
            }
            return;
        }
        int fifths = 0;
        for (int j = 0; j < 16; j++) {
            block[start + j] = (byte) (quants[j] & 0xF | (quants[j + 16] & 0xF) << 4);
            fifths |= quants[j] >>> 4 << j | quants[j + 16] >>> 4 << j + 16;
        }
        if (bits == 5) {
            LittleEndian.putInt32(block, at + headerBytes(), fifths);
        }
    }
}
