package io.plumbline.inference.quant;

/**
 * Reads the 256-element formats and IQ4_NL: sub-blocks of 16 or 32 elements whose scales (and minima) are quantised themselves.
 * Products associate as in {@code ggml-quants.c}, so the values are bit-equal to ggml's.
 */
final class SuperBlock {
    static final int ELEMENTS = 256;

    private SuperBlock() {}

    /** IQ4_NL: 32 elements, d then 16 bytes of level numbers. */
    static void iq4nl(byte[] b, int at, CodeBlock y) {
        y.begin(32, 32, false);
        y.group(0, LittleEndian.float16(b, at), 0f);
        levels(b, at + 2, y, 0);
    }

    private static void levels(byte[] b, int quants, CodeBlock y, int to) {
        for (int j = 0; j < 16; j++) {
            y.code(to + j, Levels.IQ4.value(b[quants + j] & 0xF));
            y.code(to + j + 16, Levels.IQ4.value((b[quants + j] & 0xFF) >>> 4));
        }
    }

    /** IQ4_XS: d, high scale bits (2 of 6), low scale bits (4 of 6), level numbers. */
    static void iq4xs(byte[] b, int at, CodeBlock y) {
        y.begin(ELEMENTS, 32, false);
        float d = LittleEndian.float16(b, at);
        int high = LittleEndian.int16(b, at + 2) & 0xFFFF;
        for (int i = 0; i < 8; i++) {
            int low = (b[at + 4 + i / 2] & 0xFF) >>> 4 * (i % 2) & 0xF;
            int scale = low | (high >>> 2 * i & 3) << 4;
            y.group(i, d * (scale - 32), 0f);
            levels(b, at + 8 + 16 * i, y, 32 * i);
        }
    }

    /** Q2_K: 16 scale bytes (scale low, minimum high half), 64 quant bytes, d, dmin. */
    static void q2k(byte[] b, int at, CodeBlock y) {
        y.begin(ELEMENTS, 16, true);
        float d = LittleEndian.float16(b, at + 80);
        float dmin = LittleEndian.float16(b, at + 82);
        for (int s = 0; s < 16; s++) {
            y.group(s, d * (b[at + s] & 0xF), dmin * ((b[at + s] & 0xFF) >>> 4));
            for (int l = 0; l < 16; l++) {
                y.code(16 * s + l, twoBits(b, at + 16, s, l));
            }
        }
    }

    /** Q3_K: 32 bytes of third bits, 64 bytes of low bits, 12 bytes of 6-bit scales, d. */
    static void q3k(byte[] b, int at, CodeBlock y) {
        y.begin(ELEMENTS, 16, false);
        float d = LittleEndian.float16(b, at + 108);
        for (int s = 0; s < 16; s++) {
            int low = (b[at + 96 + s % 8] & 0xFF) >>> 4 * (s / 8) & 0xF;
            int high = (b[at + 104 + s % 4] & 0xFF) >>> 2 * (s / 4) & 3;
            y.group(s, d * ((low | high << 4) - 32), 0f);
            for (int l = 0; l < 16; l++) {
                int third = (b[at + 16 * (s % 2) + l] & 0xFF) >>> s / 2 & 1;
                y.code(16 * s + l, twoBits(b, at + 32, s, l) - (third == 1 ? 0 : 4));
            }
        }
    }

    private static int twoBits(byte[] b, int quants, int s, int l) {
        return (b[quants + twoBitsByte(s, l)] & 0xFF) >>> twoBitsShift(s) & 3;
    }

    /** Byte of element l of sub-block s: each run of 32 bytes holds 128 elements, two bits at a time. */
    static int twoBitsByte(int s, int l) {
        return 32 * (s / 8) + 16 * (s % 2) + l;
    }

    /** The lower of the two bits of sub-block s in its bytes. */
    static int twoBitsShift(int s) {
        return 2 * (s / 2 % 4);
    }

    /** Q4_K: d, dmin, 12 bytes of 6-bit scales and minima, 128 quant bytes. */
    static void q4k(byte[] b, int at, CodeBlock y) {
        sixBitScales(b, at, y);
        for (int s = 0; s < 8; s++) {
            for (int l = 0; l < 32; l++) {
                y.code(32 * s + l, (b[at + 16 + 32 * (s / 2) + l] & 0xFF) >>> 4 * (s % 2) & 0xF);
            }
        }
    }

    /** Q5_K: as Q4_K with 32 bytes of fifth bits before the quants. */
    static void q5k(byte[] b, int at, CodeBlock y) {
        sixBitScales(b, at, y);
        for (int s = 0; s < 8; s++) {
            for (int l = 0; l < 32; l++) {
                int low = (b[at + 48 + 32 * (s / 2) + l] & 0xFF) >>> 4 * (s % 2) & 0xF;
                int fifth = (b[at + 16 + l] & 0xFF) >>> s & 1;
                y.code(32 * s + l, low | fifth << 4);
            }
        }
    }

    /** Scales and minima of Q4_K and Q5_K. */
    private static void sixBitScales(byte[] b, int at, CodeBlock y) {
        y.begin(ELEMENTS, 32, true);
        float d = LittleEndian.float16(b, at);
        float dmin = LittleEndian.float16(b, at + 2);
        for (int s = 0; s < 8; s++) {
            y.group(s, d * scaleOf(b, at + 4, s), dmin * minimumOf(b, at + 4, s));
        }
    }

    /** Six-bit scale of sub-block s in the 12 packed bytes of Q4_K and Q5_K. */
    private static int scaleOf(byte[] b, int packed, int s) {
        return s < 4 ? b[packed + s] & 63 : b[packed + s + 4] & 0xF | (b[packed + s - 4] & 0xFF) >>> 6 << 4;
    }

    /** Six-bit minimum of sub-block s in the 12 packed bytes of Q4_K and Q5_K. */
    private static int minimumOf(byte[] b, int packed, int s) {
        return s < 4 ? b[packed + s + 4] & 63 : (b[packed + s + 4] & 0xFF) >>> 4 | (b[packed + s] & 0xFF) >>> 6 << 4;
    }

    /** Q6_K: 128 bytes of low bits, 64 bytes of high bits, 16 signed scales, d. */
    static void q6k(byte[] b, int at, CodeBlock y) {
        y.begin(ELEMENTS, 16, false);
        float d = LittleEndian.float16(b, at + 208);
        for (int s = 0; s < 16; s++) {
            y.group(s, d * b[at + 192 + s], 0f);
            int half = s / 8;
            int quarter = s / 2 % 4;
            for (int l = 0; l < 16; l++) {
                int column = 16 * (s % 2) + l;
                int low = (b[at + 64 * half + 32 * (quarter % 2) + column] & 0xFF) >>> 4 * (quarter / 2) & 0xF;
                int high = (b[at + 128 + 32 * half + column] & 0xFF) >>> 2 * quarter & 3;
                y.code(16 * s + l, (low | high << 4) - 32);
            }
        }
    }
}
