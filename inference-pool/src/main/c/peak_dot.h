/* The most that the integer dot products of the other kernels can reach on one core, for benchmarks to compare with. */

/* As many sums as hide the latency of an addition and still fit into the registers; named, so that they stay there. */
#if defined(__AVX512F__)
#define PEAK_ROW(DO, row) DO(0, row) DO(1, row) DO(2, row)
#define PEAK_SUMS(DO) PEAK_ROW(DO, 0) PEAK_ROW(DO, 1) PEAK_ROW(DO, 2) PEAK_ROW(DO, 3)
enum { PEAK_TILES = 3, PEAK_ROWS = 4 };
#else
#define PEAK_ROW(DO, row) DO(0, row) DO(1, row)
#define PEAK_SUMS(DO) PEAK_ROW(DO, 0) PEAK_ROW(DO, 1)
enum { PEAK_TILES = 2, PEAK_ROWS = 2 };
#endif
#define PEAK_TILE(tile, row) b64 tile_##tile = b64_load(codes[tile]);
#define PEAK_ZERO(tile, row) i16 sum_##tile##_##row = i16_zero();
#define PEAK_DOT(tile, row) sum_##tile##_##row = i16_dot(sum_##tile##_##row, tile_##tile, x[row]);
#define PEAK_TOTAL(tile, row) total += v16_sum(v16_from(sum_##tile##_##row));

enum { PEAK_DOT_STEPS = 64, PEAK_DOT_OPERATIONS = 2 * 64 };

/* Products of a few tiles with a few rows, all in the first-level cache; a multiplication and an addition count as two. */
PL_EXPORT int FN(peak_dot)(int64_t rounds, double *operations, float *sum) {
    uint8_t codes[PEAK_TILES][64];
    int8_t x[PEAK_ROWS][4];
    for (int tile = 0; tile < PEAK_TILES; tile++) {
        memset(codes[tile], tile + 1, sizeof codes[tile]);
    }
    for (int row = 0; row < PEAK_ROWS; row++) {
        memset(x[row], row + 1, sizeof x[row]);
    }
    PEAK_SUMS(PEAK_ZERO)
    for (int64_t step = 0; step < rounds * PEAK_DOT_STEPS; step++) {
        /* Any operand may have changed: without this the compiler would multiply once and add ever after. */
        __asm__ volatile("" : "+m"(codes), "+m"(x));
        PEAK_ROW(PEAK_TILE, 0)
        PEAK_SUMS(PEAK_DOT)
    }
    float total = 0;
    PEAK_SUMS(PEAK_TOTAL)
    *sum = total;
    *operations = (double)PEAK_DOT_OPERATIONS * PEAK_TILES * PEAK_ROWS * PEAK_DOT_STEPS * (double)rounds;
    return PL_OK;
}
