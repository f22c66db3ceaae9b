/* Sixteen lanes as one AVX-512 register. */
#include <immintrin.h>
#include <string.h>

#include "plumbline.h"

#define FN(name) plumbline_avx512_##name
enum { TILE_M = 4, TILE_N = 6, OUTER_V = 3 };
enum { SCORE_M = 4, SCORE_V = 3, VALUE_M = 6, VALUE_V = 4, LONE_M = 4 };
#define PANEL 8
#define OUTER_BIG 8

typedef __m512 v16;
typedef __m512i i16;
typedef struct {
    __m512d low, high;
} d16;

PL_INLINE __mmask16 lanes(int n) { return (__mmask16)((1u << n) - 1); }
PL_INLINE v16 v16_load(const float *p) { return _mm512_loadu_ps(p); }
PL_INLINE void v16_store(float *p, v16 a) { _mm512_storeu_ps(p, a); }
PL_INLINE v16 v16_load_n(const float *p, int n) { return _mm512_maskz_loadu_ps(lanes(n), p); }
PL_INLINE void v16_store_n(float *p, v16 a, int n) { _mm512_mask_storeu_ps(p, lanes(n), a); }
PL_INLINE v16 v16_zero(void) { return _mm512_setzero_ps(); }
PL_INLINE v16 v16_set1(float a) { return _mm512_set1_ps(a); }
PL_INLINE v16 v16_add(v16 a, v16 b) { return _mm512_add_ps(a, b); }
PL_INLINE v16 v16_sub(v16 a, v16 b) { return _mm512_sub_ps(a, b); }
PL_INLINE v16 v16_mul(v16 a, v16 b) { return _mm512_mul_ps(a, b); }
PL_INLINE v16 v16_div(v16 a, v16 b) { return _mm512_div_ps(a, b); }
PL_INLINE v16 v16_sqrt(v16 a) { return _mm512_sqrt_ps(a); }
PL_INLINE v16 v16_fma(v16 a, v16 b, v16 c) { return _mm512_fmadd_ps(a, b, c); }
PL_INLINE v16 v16_fnma(v16 a, v16 b, v16 c) { return _mm512_fnmadd_ps(a, b, c); }
/* The second operand where either is NaN. */
PL_INLINE v16 v16_max(v16 a, v16 b) { return _mm512_max_ps(a, b); }
PL_INLINE v16 v16_min(v16 a, v16 b) { return _mm512_min_ps(a, b); }
PL_INLINE v16 v16_round(v16 a) { return _mm512_roundscale_ps(a, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC); }
/* 2^n of whole numbers n. */
PL_INLINE v16 v16_power_of_two(v16 n) {
    __m512i e = _mm512_add_epi32(_mm512_cvtps_epi32(n), _mm512_set1_epi32(127));
    return _mm512_castsi512_ps(_mm512_slli_epi32(e, 23));
}
/* a, but 0 where x < limit. */
PL_INLINE v16 v16_zero_where_less(v16 a, v16 x, v16 limit) {
    return _mm512_maskz_mov_ps(_mm512_cmp_ps_mask(x, limit, _CMP_NLT_UQ), a);
}
/* a in the first n lanes, b in the others. */
PL_INLINE v16 v16_first(v16 a, v16 b, int n) { return _mm512_mask_blend_ps(lanes(n), b, a); }

PL_INLINE i16 i16_load_u8(const uint8_t *p) { return _mm512_cvtepu8_epi32(_mm_loadu_si128((const __m128i *)p)); }
PL_INLINE i16 i16_load_i8(const uint8_t *p) { return _mm512_cvtepi8_epi32(_mm_loadu_si128((const __m128i *)p)); }
PL_INLINE i16 i16_and(i16 a, int b) { return _mm512_and_si512(a, _mm512_set1_epi32(b)); }
PL_INLINE i16 i16_or(i16 a, i16 b) { return _mm512_or_si512(a, b); }
PL_INLINE i16 i16_sub(i16 a, int b) { return _mm512_sub_epi32(a, _mm512_set1_epi32(b)); }
PL_INLINE i16 i16_right(i16 a, int n) { return _mm512_srli_epi32(a, (unsigned)n); }
PL_INLINE i16 i16_left(i16 a, int n) { return _mm512_slli_epi32(a, (unsigned)n); }
/* a with bit 4 set in lane j if bit j of bits is set. */
PL_INLINE i16 i16_fifth(i16 a, uint32_t bits) {
    return _mm512_mask_or_epi32(a, (__mmask16)bits, a, _mm512_set1_epi32(16));
}
PL_INLINE v16 v16_from(i16 a) { return _mm512_cvtepi32_ps(a); }
/* table[index & 15] in every lane. */
PL_INLINE v16 v16_lookup(v16 table, i16 index) { return _mm512_permutexvar_ps(index, table); }
PL_INLINE float half_to_float(uint16_t bits) { return _cvtsh_ss(bits); }
PL_INLINE v16 v16_load_f16(const uint16_t *p) { return _mm512_cvtph_ps(_mm256_loadu_si256((const __m256i *)p)); }
PL_INLINE v16 v16_load_bf16(const uint16_t *p) {
    __m512i wide = _mm512_cvtepu16_epi32(_mm256_loadu_si256((const __m256i *)p));
    return _mm512_castsi512_ps(_mm512_slli_epi32(wide, 16));
}

/* The tree of ADR 0002 on eight lanes: j + 4, j + 2, j + 1. */
PL_INLINE float sum8(__m256 s) {
    __m128 q = _mm_add_ps(_mm256_castps256_ps128(s), _mm256_extractf128_ps(s, 1));
    q = _mm_add_ps(q, _mm_movehl_ps(q, q));
    return _mm_cvtss_f32(_mm_add_ss(q, _mm_movehdup_ps(q)));
}
PL_INLINE float v16_sum(v16 a) { return sum8(_mm256_add_ps(_mm512_castps512_ps256(a), _mm512_extractf32x8_ps(a, 1))); }
PL_INLINE float v16_largest(v16 a) { return _mm512_reduce_max_ps(a); }

/* Four sums, one step below the tree's root: lane i holds a_i's four partial sums. */
PL_INLINE v16 quarter_sums(v16 a, v16 b, v16 c, v16 d) {
    v16 p = _mm512_add_ps(_mm512_shuffle_f32x4(a, b, 0x44), _mm512_shuffle_f32x4(a, b, 0xEE));
    v16 q = _mm512_add_ps(_mm512_shuffle_f32x4(c, d, 0x44), _mm512_shuffle_f32x4(c, d, 0xEE));
    return _mm512_add_ps(_mm512_shuffle_f32x4(p, q, 0x88), _mm512_shuffle_f32x4(p, q, 0xDD));
}
PL_INLINE v16 half_sums(v16 a, v16 b) {
    return _mm512_add_ps(_mm512_shuffle_ps(a, b, 0x44), _mm512_shuffle_ps(a, b, 0xEE));
}
/* Sums of sixteen vectors: lane 4i + e is that of the vector a[i] of part[e] = four_sums(a). */
PL_INLINE v16 joined_sums(const v16 part[4]) {
    v16 h01 = half_sums(part[0], part[1]), h23 = half_sums(part[2], part[3]);
    return _mm512_add_ps(_mm512_shuffle_ps(h01, h23, 0x88), _mm512_shuffle_ps(h01, h23, 0xDD));
}
PL_INLINE v16 four_sums(const v16 a[4]) { return quarter_sums(a[0], a[1], a[2], a[3]); }
/* The tree for a TILE_M × TILE_N tile at once: sums[m][n], rows of 8. */
PL_INLINE void tile_sums(v16 acc[TILE_M][TILE_N], float sums[TILE_M][8]) {
    v16 c[TILE_N];
    for (int n = 0; n < TILE_N; n++) {
        c[n] = quarter_sums(acc[0][n], acc[1][n], acc[2][n], acc[3][n]);
    }
    v16 h01 = half_sums(c[0], c[1]), h23 = half_sums(c[2], c[3]), h45 = half_sums(c[4], c[5]);
    v16 left = _mm512_add_ps(_mm512_shuffle_ps(h01, h23, 0x88), _mm512_shuffle_ps(h01, h23, 0xDD));
    v16 right = _mm512_add_ps(_mm512_shuffle_ps(h45, h45, 0x88), _mm512_shuffle_ps(h45, h45, 0xDD));
    _mm_storeu_ps(sums[0], _mm512_extractf32x4_ps(left, 0));
    _mm_storeu_ps(sums[1], _mm512_extractf32x4_ps(left, 1));
    _mm_storeu_ps(sums[2], _mm512_extractf32x4_ps(left, 2));
    _mm_storeu_ps(sums[3], _mm512_extractf32x4_ps(left, 3));
    _mm_storeu_ps(sums[0] + 4, _mm512_extractf32x4_ps(right, 0));
    _mm_storeu_ps(sums[1] + 4, _mm512_extractf32x4_ps(right, 1));
    _mm_storeu_ps(sums[2] + 4, _mm512_extractf32x4_ps(right, 2));
    _mm_storeu_ps(sums[3] + 4, _mm512_extractf32x4_ps(right, 3));
}

/* Columns 0 … 7 of sixteen rows that lie `stride` apart: a transposition in registers. */
PL_INLINE void v16_columns(const float *rows, size_t stride, v16 column[8]) {
    v16 r[8], pair[8], four[8];
    for (int i = 0; i < 8; i++) {
        __m256 low = _mm256_loadu_ps(rows + (size_t)i * stride), high = _mm256_loadu_ps(rows + (size_t)(i + 8) * stride);
        r[i] = _mm512_insertf32x8(_mm512_castps256_ps512(low), high, 1);
    }
    for (int i = 0; i < 8; i += 2) {
        pair[i] = _mm512_unpacklo_ps(r[i], r[i + 1]);
        pair[i + 1] = _mm512_unpackhi_ps(r[i], r[i + 1]);
    }
    for (int i = 0; i < 8; i += 4) {
        four[i] = _mm512_shuffle_ps(pair[i], pair[i + 2], 0x44);
        four[i + 1] = _mm512_shuffle_ps(pair[i], pair[i + 2], 0xEE);
        four[i + 2] = _mm512_shuffle_ps(pair[i + 1], pair[i + 3], 0x44);
        four[i + 3] = _mm512_shuffle_ps(pair[i + 1], pair[i + 3], 0xEE);
    }
    __m512i even = _mm512_setr_epi64(0, 1, 8, 9, 4, 5, 12, 13), odd = _mm512_setr_epi64(2, 3, 10, 11, 6, 7, 14, 15);
    for (int i = 0; i < 4; i++) {
        __m512d a = _mm512_castps_pd(four[i]), b = _mm512_castps_pd(four[i + 4]);
        column[i] = _mm512_castpd_ps(_mm512_permutex2var_pd(a, even, b));
        column[i + 4] = _mm512_castpd_ps(_mm512_permutex2var_pd(a, odd, b));
    }
}

/* 64 unsigned bytes: four codes of each of sixteen rows. */
typedef __m512i b64;
PL_INLINE b64 b64_load(const uint8_t *p) { return _mm512_loadu_si512(p); }
/* The bits of mask in every byte of a, shifted right by n bits first. */
PL_INLINE b64 b64_field(b64 a, int n, int mask) {
    return _mm512_and_si512(n > 0 ? _mm512_srli_epi16(a, (unsigned)n) : a, _mm512_set1_epi8((char)mask));
}
/* a, with the bits of mask of b shifted (left if n > 0, else right) in every byte. */
PL_INLINE b64 b64_insert(b64 a, b64 b, int n, int mask) {
    b64 moved = n > 0 ? _mm512_slli_epi16(b, (unsigned)n) : n < 0 ? _mm512_srli_epi16(b, (unsigned)-n) : b;
    return _mm512_or_si512(a, _mm512_and_si512(moved, _mm512_set1_epi8((char)mask)));
}
/* table[index] in every byte. */
PL_INLINE b64 b64_lookup(const uint8_t *table, b64 index) {
    return _mm512_shuffle_epi8(_mm512_broadcast_i32x4(_mm_loadu_si128((const __m128i *)table)), index);
}
PL_INLINE i16 i16_zero(void) { return _mm512_setzero_si512(); }
/* sum + Σ_c codes[4j + c]·x[c] in lane j. */
PL_INLINE i16 i16_dot(i16 sum, b64 codes, const int8_t *x) {
    int32_t four;
    memcpy(&four, x, sizeof four);
    return _mm512_dpbusd_epi32(sum, codes, _mm512_set1_epi32(four));
}
/* The same; codes may use all eight bits. */
PL_INLINE i16 i16_dot_bytes(i16 sum, b64 codes, const int8_t *x) { return i16_dot(sum, codes, x); }
/* sum - value·2^n */
PL_INLINE i16 i16_less(i16 sum, int value, int n) {
    return _mm512_sub_epi32(sum, _mm512_slli_epi32(_mm512_set1_epi32(value), (unsigned)n));
}
PL_INLINE v16 v16_abs(v16 a) { return _mm512_abs_ps(a); }
/* Whole numbers from -128 to 127 as bytes. */
PL_INLINE void v16_store_i8(int8_t *p, v16 a) {
    _mm_storeu_si128((__m128i *)p, _mm512_cvtsepi32_epi8(_mm512_cvtps_epi32(a)));
}

PL_INLINE d16 d16_zero(void) { return (d16){_mm512_setzero_pd(), _mm512_setzero_pd()}; }
PL_INLINE d16 d16_add(d16 a, v16 b) {
    return (d16){_mm512_add_pd(a.low, _mm512_cvtps_pd(_mm512_castps512_ps256(b))),
                 _mm512_add_pd(a.high, _mm512_cvtps_pd(_mm512_extractf32x8_ps(b, 1)))};
}
PL_INLINE d16 d16_add_square(d16 a, v16 b) {
    __m512d low = _mm512_cvtps_pd(_mm512_castps512_ps256(b)), high = _mm512_cvtps_pd(_mm512_extractf32x8_ps(b, 1));
    return (d16){_mm512_fmadd_pd(low, low, a.low), _mm512_fmadd_pd(high, high, a.high)};
}
PL_INLINE void d16_store(double *p, d16 a) {
    _mm512_storeu_pd(p, a.low);
    _mm512_storeu_pd(p + 8, a.high);
}
