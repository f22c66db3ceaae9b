package io.plumbline.finetune.training;

/** Derives independent seeds from one, so that neighbouring seeds do not give related sequences. */
final class Seeds {
    private Seeds() {}

    /** A seed for the {@code index}-th use of {@code seed}; the finaliser of SplitMix64 (Steele et al., OOPSLA 2014). */
    static long derive(long seed, long index) {
        return mix(mix(seed) + index * 0x9E3779B97F4A7C15L);
    }

    private static long mix(long z) {
        long a = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        long b = (a ^ (a >>> 27)) * 0x94D049BB133111EBL;
        return b ^ (b >>> 31);
    }
}
