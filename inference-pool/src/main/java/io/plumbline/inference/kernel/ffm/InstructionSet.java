package io.plumbline.inference.kernel.ffm;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** The instruction sets the CPU kernels are built for, weakest first; the constants of {@code plumbline.h}. */
public enum InstructionSet {
    /** x86-64 with AVX2, FMA and F16C. */
    AVX2(1),
    /** x86-64 with AVX-512 F, BW, DQ and VL. */
    AVX512(2),
    /** Every 64-bit ARM processor. */
    NEON(16),
    /** 64-bit ARM with dot-product instructions for bytes: most server processors since 2019. */
    NEON_DOT(17);

    /** Codes of one processor family share their quotient by this. */
    private static final int FAMILY = 16;

    private final int code;

    InstructionSet(int code) {
        this.code = code;
    }

    /** The part of the symbol names. */
    String symbolPart() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Everything of the processor's family up to the best that it has; empty if it has none. */
    static List<InstructionSet> upTo(int best) {
        return Arrays.stream(values())
                .filter(set -> set.code / FAMILY == best / FAMILY && set.code <= best)
                .toList();
    }
}
