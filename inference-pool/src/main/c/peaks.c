/*
 * What the machine itself can do, for benchmarks to compare with: reading memory, changing it in place, and
 * single-precision multiply-adds. Integer products are in peak_dot.h.
 * Every function works on the calling thread alone; the caller starts as many threads as it wants to measure.
 */
#include "plumbline.h"

PL_EXPORT int plumbline_peak_read(const void *memory, int64_t bytes, int runs, int rounds, float *sum);
PL_EXPORT int plumbline_peak_update(void *memory, int64_t bytes, int runs, int rounds);
PL_EXPORT int plumbline_peak_fma(int64_t rounds, double *operations, float *sum);

enum { CHAINS = 12, CHAIN_STEPS = 64, SUMS = 8 };

/* One body for every vector width; the attribute lets the compiler use the instructions that the caller checked for. */
#define PL_PEAKS(NAME, TARGET, WIDTH)                                                                              \
    typedef float NAME##_vector __attribute__((vector_size(4 * WIDTH)));                                           \
    TARGET static inline __attribute__((always_inline)) float NAME##_read_runs(                                    \
        const float *memory, int64_t count, int runs, int rounds) {                                                \
        NAME##_vector sums[SUMS] = {0};                                                                            \
        int64_t vectors = count / WIDTH / runs;                                                                    \
        for (int round = 0; round < rounds; round++) {                                                             \
            const NAME##_vector *at = (const NAME##_vector *)memory;                                               \
            for (int64_t i = 0; i + SUMS / runs <= vectors; i += SUMS / runs) {                                    \
                for (int j = 0; j < SUMS; j++) {                                                                   \
                    sums[j] += at[j % runs * vectors + i + j / runs];                                              \
                }                                                                                                  \
            }                                                                                                      \
        }                                                                                                          \
        float sum = 0;                                                                                             \
        for (int j = 0; j < SUMS; j++) {                                                                           \
            for (int lane = 0; lane < WIDTH; lane++) {                                                             \
                sum += sums[j][lane];                                                                              \
            }                                                                                                      \
        }                                                                                                          \
        return sum;                                                                                                \
    }                                                                                                              \
    TARGET static float NAME##_read(const float *memory, int64_t count, int runs, int rounds) {                    \
        return runs == 1 ? NAME##_read_runs(memory, count, 1, rounds) : NAME##_read_runs(memory, count, 4, rounds); \
    }                                                                                                              \
    TARGET static inline __attribute__((always_inline)) void NAME##_update_runs(                                   \
        float *memory, int64_t count, int runs, int rounds) {                                                      \
        NAME##_vector factor;                                                                                      \
        int64_t vectors = count / WIDTH / runs;                                                                    \
        for (int lane = 0; lane < WIDTH; lane++) {                                                                 \
            factor[lane] = 0.5f;                                                                                   \
        }                                                                                                          \
        for (int round = 0; round < rounds; round++) {                                                             \
            NAME##_vector *at = (NAME##_vector *)memory;                                                           \
            for (int64_t i = 0; i + SUMS / runs <= vectors; i += SUMS / runs) {                                    \
                for (int j = 0; j < SUMS; j++) {                                                                   \
                    NAME##_vector *one = at + (j % runs * vectors + i + j / runs);                                 \
                    *one = *one * factor + factor;                                                                 \
                }                                                                                                  \
            }                                                                                                      \
        }                                                                                                          \
    }                                                                                                              \
    TARGET static void NAME##_update(float *memory, int64_t count, int runs, int rounds) {                         \
        if (runs == 1) {                                                                                           \
            NAME##_update_runs(memory, count, 1, rounds);                                                          \
        } else {                                                                                                   \
            NAME##_update_runs(memory, count, 4, rounds);                                                          \
        }                                                                                                          \
    }                                                                                                              \
    /* Independent chains hide the latency of an operation; the factor below 1 keeps values finite. */             \
    TARGET static float NAME##_fma(int64_t rounds, double *operations) {                                           \
        NAME##_vector chains[CHAINS];                                                                              \
        NAME##_vector factor, summand;                                                                             \
        for (int lane = 0; lane < WIDTH; lane++) {                                                                 \
            factor[lane] = 0.5f;                                                                                   \
            summand[lane] = 0.25f;                                                                                 \
        }                                                                                                          \
        /* Different values in every chain, and unknown ones, or the compiler would compute one for all. */        \
        for (int chain = 0; chain < CHAINS; chain++) {                                                             \
            chains[chain] = factor * (float)(rounds + chain);                                                      \
        }                                                                                                          \
        for (int64_t round = 0; round < rounds; round++) {                                                         \
            for (int step = 0; step < CHAIN_STEPS; step++) {                                                       \
                for (int chain = 0; chain < CHAINS; chain++) {                                                     \
                    chains[chain] = chains[chain] * factor + summand;                                              \
                }                                                                                                  \
            }                                                                                                      \
        }                                                                                                          \
        float sum = 0;                                                                                             \
        for (int chain = 0; chain < CHAINS; chain++) {                                                             \
            sum += chains[chain][0];                                                                               \
        }                                                                                                          \
        *operations = 2.0 * WIDTH * CHAINS * CHAIN_STEPS * (double)rounds;                                         \
        return sum;                                                                                                \
    }

PL_PEAKS(plain, , 4)
#if defined(__x86_64__)
PL_PEAKS(avx2, __attribute__((target("avx2,fma"))), 8)
PL_PEAKS(avx512, __attribute__((target("avx512f"))), 16)
#endif

/*
 * Adds up `bytes` of memory (aligned to 64, a multiple of 4096) so many times: from the beginning to the end (runs = 1), or
 * its four quarters side by side (4). Which of the two a machine reads faster depends on it.
 */
int plumbline_peak_read(const void *memory, int64_t bytes, int runs, int rounds, float *sum) {
    int64_t count = bytes / (int64_t)sizeof(float);
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx512f")) {
        *sum = avx512_read(memory, count, runs, rounds);
        return PL_OK;
    }
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) {
        *sum = avx2_read(memory, count, runs, rounds);
        return PL_OK;
    }
#endif
    *sum = plain_read(memory, count, runs, rounds);
    return PL_OK;
}

/* Changes every element of memory in place (all as above): each byte is read once and written once. */
int plumbline_peak_update(void *memory, int64_t bytes, int runs, int rounds) {
    int64_t count = bytes / (int64_t)sizeof(float);
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx512f")) {
        avx512_update(memory, count, runs, rounds);
        return PL_OK;
    }
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) {
        avx2_update(memory, count, runs, rounds);
        return PL_OK;
    }
#endif
    plain_update(memory, count, runs, rounds);
    return PL_OK;
}

/* Multiply-adds in registers; `operations` counts each as two. */
int plumbline_peak_fma(int64_t rounds, double *operations, float *sum) {
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx512f")) {
        *sum = avx512_fma(rounds, operations);
        return PL_OK;
    }
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) {
        *sum = avx2_fma(rounds, operations);
        return PL_OK;
    }
#endif
    *sum = plain_fma(rounds, operations);
    return PL_OK;
}
