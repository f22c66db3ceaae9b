package io.plumbline.inference.kernel.ffm;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** The instruction sets the CPU kernels are built for, weakest first; the constants of {@code plumbline.h}. */
public enum InstructionSet {
    AVX2(1),
    AVX512(2);

    private final int code;

    InstructionSet(int code) {
        this.code = code;
    }

    /** The part of the symbol names. */
    String symbolPart() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Everything up to the best that the processor has; empty if it has none. */
    static List<InstructionSet> upTo(int best) {
        return Arrays.stream(values()).filter(set -> set.code <= best).toList();
    }
}
