package io.plumbline.inference.quant;

import java.util.Arrays;

/**
 * Packs what {@link AffineFit} and {@link LevelFit} found into the formats whose scales have to be looked for; bit
 * layouts as in {@link SuperBlock}. Not thread-safe.
 */
final class BlockWriter {
    private final AffineFit q2k = new AffineFit(16, 15, 3);
    private final AffineFit q4k = new AffineFit(32, 63, 15);
    private final AffineFit q5k = new AffineFit(32, 63, 31);
    private final LevelFit q3k = new LevelFit(SuperBlock.ELEMENTS, 16, -32, 31, Levels.signed(3));
    private final LevelFit q6k = new LevelFit(SuperBlock.ELEMENTS, 16, -128, 127, Levels.signed(6));
    private final LevelFit iq4nl = new LevelFit(32, 32, 1, 1, Levels.IQ4);
    private final LevelFit iq4xs = new LevelFit(SuperBlock.ELEMENTS, 32, -32, 31, Levels.IQ4);

    void q2k(float[] x, int from, byte[] b, int at) {
        AffineFit.Candidate fit = q2k.fit(x, from);
        Arrays.fill(b, at, at + 80, (byte) 0);
        for (int s = 0; s < 16; s++) {
            b[at + s] = (byte) (fit.scales[s] | fit.minima[s] << 4);
            for (int l = 0; l < 16; l++) {
                b[at + 16 + SuperBlock.twoBitsByte(s, l)] |=
                        (byte) (fit.quants[16 * s + l] << SuperBlock.twoBitsShift(s));
            }
        }
        LittleEndian.putFloat16(b, at + 80, fit.d);
        LittleEndian.putFloat16(b, at + 82, fit.dmin);
    }

    void q3k(float[] x, int from, byte[] b, int at) {
        LevelFit.Candidate fit = q3k.fit(x, from);
        Arrays.fill(b, at, at + 108, (byte) 0);
        for (int s = 0; s < 16; s++) {
            int scale = fit.scales[s] + 32;
            b[at + 96 + s % 8] |= (byte) ((scale & 0xF) << 4 * (s / 8));
            b[at + 104 + s % 4] |= (byte) (scale >>> 4 << 2 * (s / 4));
            for (int l = 0; l < 16; l++) {
                int q = fit.quants[16 * s + l]; // 0 … 7 for −4 … 3: the third bit is set from 0 upwards
                b[at + 32 + SuperBlock.twoBitsByte(s, l)] |= (byte) ((q & 3) << SuperBlock.twoBitsShift(s));
                b[at + 16 * (s % 2) + l] |= (byte) (q >>> 2 << s / 2);
            }
        }
        LittleEndian.putFloat16(b, at + 108, fit.d);
    }

    void q4k(float[] x, int from, byte[] b, int at) {
        AffineFit.Candidate fit = q4k.fit(x, from);
        header(fit, b, at);
        for (int s = 0; s < 8; s += 2) {
            for (int l = 0; l < 32; l++) {
                b[at + 16 + 16 * s + l] = (byte) (fit.quants[32 * s + l] | fit.quants[32 * s + 32 + l] << 4);
            }
        }
    }

    void q5k(float[] x, int from, byte[] b, int at) {
        AffineFit.Candidate fit = q5k.fit(x, from);
        header(fit, b, at);
        Arrays.fill(b, at + 16, at + 48, (byte) 0);
        for (int s = 0; s < 8; s++) {
            for (int l = 0; l < 32; l++) {
                b[at + 16 + l] |= (byte) (fit.quants[32 * s + l] >>> 4 << s);
            }
        }
        for (int s = 0; s < 8; s += 2) {
            for (int l = 0; l < 32; l++) {
                int low = fit.quants[32 * s + l] & 0xF;
                b[at + 48 + 16 * s + l] = (byte) (low | (fit.quants[32 * s + 32 + l] & 0xF) << 4);
            }
        }
    }

    /** d, dmin and the 12 bytes of 6-bit scales and minima of Q4_K and Q5_K. */
    private static void header(AffineFit.Candidate fit, byte[] b, int at) {
        LittleEndian.putFloat16(b, at, fit.d);
        LittleEndian.putFloat16(b, at + 2, fit.dmin);
        for (int s = 0; s < 4; s++) {
            b[at + 4 + s] = (byte) (fit.scales[s] | fit.scales[s + 4] >>> 4 << 6);
            b[at + 8 + s] = (byte) (fit.minima[s] | fit.minima[s + 4] >>> 4 << 6);
            b[at + 12 + s] = (byte) (fit.scales[s + 4] & 0xF | (fit.minima[s + 4] & 0xF) << 4);
        }
    }

    void q6k(float[] x, int from, byte[] b, int at) {
        LevelFit.Candidate fit = q6k.fit(x, from);
        Arrays.fill(b, at, at + 192, (byte) 0);
        for (int s = 0; s < 16; s++) {
            b[at + 192 + s] = (byte) fit.scales[s];
            int half = s / 8;
            int quarter = s / 2 % 4;
            for (int l = 0; l < 16; l++) {
                int q = fit.quants[16 * s + l];
                int column = 16 * (s % 2) + l;
                b[at + 64 * half + 32 * (quarter % 2) + column] |= (byte) ((q & 0xF) << 4 * (quarter / 2));
                b[at + 128 + 32 * half + column] |= (byte) (q >>> 4 << 2 * quarter);
            }
        }
        LittleEndian.putFloat16(b, at + 208, fit.d);
    }

    void iq4nl(float[] x, int from, byte[] b, int at) {
        LevelFit.Candidate fit = iq4nl.fit(x, from);
        LittleEndian.putFloat16(b, at, fit.d);
        halves(fit, 0, b, at + 2);
    }

    void iq4xs(float[] x, int from, byte[] b, int at) {
        LevelFit.Candidate fit = iq4xs.fit(x, from);
        LittleEndian.putFloat16(b, at, fit.d);
        int high = 0;
        for (int s = 0; s < 8; s++) {
            int scale = fit.scales[s] + 32;
            high |= scale >>> 4 << 2 * s;
            int low = (scale & 0xF) << 4 * (s % 2);
            b[at + 4 + s / 2] = (byte) (s % 2 == 0 ? low : b[at + 4 + s / 2] | low);
            halves(fit, 32 * s, b, at + 8 + 16 * s);
        }
        LittleEndian.putInt16(b, at + 2, (short) high);
    }

    /** 32 four-bit quants: byte j holds element j in its low and element j + 16 in its high half. */
    private static void halves(LevelFit.Candidate fit, int from, byte[] b, int at) {
        for (int j = 0; j < 16; j++) {
            b[at + j] = (byte) (fit.quants[from + j] | fit.quants[from + j + 16] << 4);
        }
    }
}
