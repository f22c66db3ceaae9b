/* The most that the integer dot products of the other kernels can reach on one core, for benchmarks to compare with. */

/* As many sums as hide the latency of an addition and still fit into the registers. */
#if defined(__AVX512F__)
enum { PEAK_TILES = 3, PEAK_ROWS = 4 };
#else
enum { PEAK_TILES = 2, PEAK_ROWS = 2 };
#endif
enum { PEAK_DOT_STEPS = 64, PEAK_DOT_OPERATIONS = 2 * 64 };

/* Products of a few tiles with a few rows, all in the first-level cache; a multiplication and an addition count as two. */
PL_EXPORT int FN(peak_dot)(int64_t rounds, double *operations, float *sum) {
    uint8_t codes[PEAK_TILES][64];
    int8_t x[PEAK_ROWS][4];
    i16 sums[PEAK_TILES][PEAK_ROWS];
    for (int tile = 0; tile < PEAK_TILES; tile++) {
        memset(codes[tile], tile + 1, sizeof codes[tile]);
        for (int row = 0; row < PEAK_ROWS; row++) {
            memset(x[row], row + 1, sizeof x[row]);
            sums[tile][row] = i16_zero();
        }
    }
    for (int64_t round = 0; round < rounds; round++) {
        for (int step = 0; step < PEAK_DOT_STEPS; step++) {
            /* Any operand may have changed: without this the compiler would multiply once and add ever after. */
            __asm__ volatile("" : : "r"(codes), "r"(x) : "memory");
            for (int tile = 0; tile < PEAK_TILES; tile++) {
                b64 loaded = b64_load(codes[tile]);
                for (int row = 0; row < PEAK_ROWS; row++) {
                    sums[tile][row] = i16_dot(sums[tile][row], loaded, x[row]);
                }
            }
        }
    }
    float total = 0;
    for (int tile = 0; tile < PEAK_TILES; tile++) {
        for (int row = 0; row < PEAK_ROWS; row++) {
            total += v16_sum(v16_from(sums[tile][row]));
        }
    }
    *sum = total;
    *operations = (double)PEAK_DOT_OPERATIONS * PEAK_TILES * PEAK_ROWS * PEAK_DOT_STEPS * (double)rounds;
    return PL_OK;
}
