/*
 * What the machine itself can do, for benchmarks to compare with: reading memory, changing it in place, and
 * single-precision multiply-adds. Integer products are in peak_dot.h.
 * Every function works on the calling thread alone; the caller starts as many threads as it wants to measure.
 */
#include "plumbline.h"

PL_EXPORT int plumbline_peak_read(const void *memory, int64_t bytes, int rounds, float *sum);
PL_EXPORT int plumbline_peak_update(void *memory, int64_t bytes, int rounds);
PL_EXPORT int plumbline_peak_fma(int64_t rounds, double *operations, float *sum);

enum { CHAINS = 12, CHAIN_STEPS = 64 };

/* One body for every vector width; the attribute lets the compiler use the instructions that the caller checked for. */
#define PL_PEAKS(NAME, TARGET, WIDTH)                                                                              \
    typedef float NAME##_vector __attribute__((vector_size(4 * WIDTH)));                                           \
    TARGET static float NAME##_read(const float *memory, int64_t count, int rounds) {                              \
        NAME##_vector sums[8] = {0};                                                                               \
        for (int round = 0; round < rounds; round++) {                                                             \
            const NAME##_vector *at = (const NAME##_vector *)memory;                                               \
            for (int64_t i = 0; i + 8 <= count / WIDTH; i += 8) {                                                  \
                for (int j = 0; j < 8; j++) {                                                                      \
                    sums[j] += at[i + j];                                                                          \
                }                                                                                                  \
            }                                                                                                      \
        }                                                                                                          \
        float sum = 0;                                                                                             \
        for (int j = 0; j < 8; j++) {                                                                              \
            for (int lane = 0; lane < WIDTH; lane++) {                                                             \
                sum += sums[j][lane];                                                                              \
            }                                                                                                      \
        }                                                                                                          \
        return sum;                                                                                                \
    }                                                                                                              \
    TARGET static void NAME##_update(float *memory, int64_t count, int rounds) {                                   \
        NAME##_vector factor;                                                                                      \
        for (int lane = 0; lane < WIDTH; lane++) {                                                                 \
            factor[lane] = 0.5f;                                                                                   \
        }                                                                                                          \
        for (int round = 0; round < rounds; round++) {                                                             \
            NAME##_vector *at = (NAME##_vector *)memory;                                                           \
            for (int64_t i = 0; i + 8 <= count / WIDTH; i += 8) {                                                  \
                for (int j = 0; j < 8; j++) {                                                                      \
                    at[i + j] = at[i + j] * factor + factor;                                                       \
                }                                                                                                  \
            }                                                                                                      \
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

/* Adds up `bytes` of memory (aligned to 64, a multiple of 4096) so many times. */
int plumbline_peak_read(const void *memory, int64_t bytes, int rounds, float *sum) {
    int64_t count = bytes / (int64_t)sizeof(float);
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx512f")) {
        *sum = avx512_read(memory, count, rounds);
        return PL_OK;
    }
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) {
        *sum = avx2_read(memory, count, rounds);
        return PL_OK;
    }
#endif
    *sum = plain_read(memory, count, rounds);
    return PL_OK;
}

/* Changes every element of memory (as above) in place, so many times: each byte is read once and written once. */
int plumbline_peak_update(void *memory, int64_t bytes, int rounds) {
    int64_t count = bytes / (int64_t)sizeof(float);
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx512f")) {
        avx512_update(memory, count, rounds);
        return PL_OK;
    }
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) {
        avx2_update(memory, count, rounds);
        return PL_OK;
    }
#endif
    plain_update(memory, count, rounds);
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
