/* Sixteen lanes as two AVX2 registers. */
#include <immintrin.h>
#include <string.h>

#include "plumbline.h"

#define FN(name) plumbline_avx2_##name
enum { TILE_M = 2, TILE_N = 3, OUTER_V = 1 };
enum { SCORE_M = 2, SCORE_V = 1, VALUE_M = 6, VALUE_V = 1, LONE_M = 1 };
#define PANEL 2
#define OUTER_BIG 6

typedef struct {
    __m256 low, high;
} v16;
typedef struct {
    __m256i low, high;
} i16;
typedef struct {
    __m256d part[4];
} d16;

#define BOTH(op, a, b) ((v16){op((a).low, (b).low), op((a).high, (b).high)})
#define BOTH_INT(op, a, b) ((i16){op((a).low, b), op((a).high, b)})

/* Mask of the first n of 8 lanes. */
PL_INLINE __m256i lanes(int n) {
    return _mm256_cmpgt_epi32(_mm256_set1_epi32(n), _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7));
}
PL_INLINE v16 v16_load(const float *p) { return (v16){_mm256_loadu_ps(p), _mm256_loadu_ps(p + 8)}; }
PL_INLINE void v16_store(float *p, v16 a) {
    _mm256_storeu_ps(p, a.low);
    _mm256_storeu_ps(p + 8, a.high);
}
PL_INLINE v16 v16_load_n(const float *p, int n) {
    return (v16){_mm256_maskload_ps(p, lanes(n)), _mm256_maskload_ps(p + 8, lanes(n - 8))};
}
PL_INLINE void v16_store_n(float *p, v16 a, int n) {
    _mm256_maskstore_ps(p, lanes(n), a.low);
    _mm256_maskstore_ps(p + 8, lanes(n - 8), a.high);
}
PL_INLINE v16 v16_zero(void) { return (v16){_mm256_setzero_ps(), _mm256_setzero_ps()}; }
PL_INLINE v16 v16_set1(float a) { return (v16){_mm256_set1_ps(a), _mm256_set1_ps(a)}; }
PL_INLINE v16 v16_add(v16 a, v16 b) { return BOTH(_mm256_add_ps, a, b); }
PL_INLINE v16 v16_sub(v16 a, v16 b) { return BOTH(_mm256_sub_ps, a, b); }
PL_INLINE v16 v16_mul(v16 a, v16 b) { return BOTH(_mm256_mul_ps, a, b); }
PL_INLINE v16 v16_div(v16 a, v16 b) { return BOTH(_mm256_div_ps, a, b); }
PL_INLINE v16 v16_sqrt(v16 a) { return (v16){_mm256_sqrt_ps(a.low), _mm256_sqrt_ps(a.high)}; }
PL_INLINE v16 v16_fma(v16 a, v16 b, v16 c) {
    return (v16){_mm256_fmadd_ps(a.low, b.low, c.low), _mm256_fmadd_ps(a.high, b.high, c.high)};
}
PL_INLINE v16 v16_fnma(v16 a, v16 b, v16 c) {
    return (v16){_mm256_fnmadd_ps(a.low, b.low, c.low), _mm256_fnmadd_ps(a.high, b.high, c.high)};
}
/* The second operand where either is NaN. */
PL_INLINE v16 v16_max(v16 a, v16 b) { return BOTH(_mm256_max_ps, a, b); }
PL_INLINE v16 v16_min(v16 a, v16 b) { return BOTH(_mm256_min_ps, a, b); }
PL_INLINE v16 v16_round(v16 a) {
    return (v16){_mm256_round_ps(a.low, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC),
                 _mm256_round_ps(a.high, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC)};
}
PL_INLINE __m256 power_of_two8(__m256 n) {
    __m256i e = _mm256_add_epi32(_mm256_cvtps_epi32(n), _mm256_set1_epi32(127));
    return _mm256_castsi256_ps(_mm256_slli_epi32(e, 23));
}
/* 2^n of whole numbers n. */
PL_INLINE v16 v16_power_of_two(v16 n) { return (v16){power_of_two8(n.low), power_of_two8(n.high)}; }
/* a, but 0 where x < limit. */
PL_INLINE v16 v16_zero_where_less(v16 a, v16 x, v16 limit) {
    return (v16){_mm256_and_ps(a.low, _mm256_cmp_ps(x.low, limit.low, _CMP_NLT_UQ)),
                 _mm256_and_ps(a.high, _mm256_cmp_ps(x.high, limit.high, _CMP_NLT_UQ))};
}
/* a in the first n lanes, b in the others. */
PL_INLINE v16 v16_first(v16 a, v16 b, int n) {
    return (v16){_mm256_blendv_ps(b.low, a.low, _mm256_castsi256_ps(lanes(n))),
                 _mm256_blendv_ps(b.high, a.high, _mm256_castsi256_ps(lanes(n - 8)))};
}

PL_INLINE __m128i eight_bytes(const uint8_t *p) { return _mm_loadl_epi64((const __m128i *)p); }
PL_INLINE i16 i16_load_u8(const uint8_t *p) {
    return (i16){_mm256_cvtepu8_epi32(eight_bytes(p)), _mm256_cvtepu8_epi32(eight_bytes(p + 8))};
}
PL_INLINE i16 i16_load_i8(const uint8_t *p) {
    return (i16){_mm256_cvtepi8_epi32(eight_bytes(p)), _mm256_cvtepi8_epi32(eight_bytes(p + 8))};
}
PL_INLINE i16 i16_and(i16 a, int b) { return BOTH_INT(_mm256_and_si256, a, _mm256_set1_epi32(b)); }
PL_INLINE i16 i16_or(i16 a, i16 b) {
    return (i16){_mm256_or_si256(a.low, b.low), _mm256_or_si256(a.high, b.high)};
}
PL_INLINE i16 i16_sub(i16 a, int b) { return BOTH_INT(_mm256_sub_epi32, a, _mm256_set1_epi32(b)); }
PL_INLINE i16 i16_right(i16 a, int n) { return BOTH_INT(_mm256_srli_epi32, a, n); }
PL_INLINE i16 i16_left(i16 a, int n) { return BOTH_INT(_mm256_slli_epi32, a, n); }
PL_INLINE __m256i fifth8(__m256i a, uint32_t bits) {
    __m256i lane = _mm256_setr_epi32(1, 2, 4, 8, 16, 32, 64, 128);
    __m256i set = _mm256_cmpeq_epi32(_mm256_and_si256(_mm256_set1_epi32((int)bits), lane), lane);
    return _mm256_or_si256(a, _mm256_and_si256(set, _mm256_set1_epi32(16)));
}
/* a with bit 4 set in lane j if bit j of bits is set. */
PL_INLINE i16 i16_fifth(i16 a, uint32_t bits) { return (i16){fifth8(a.low, bits), fifth8(a.high, bits >> 8)}; }
PL_INLINE v16 v16_from(i16 a) { return (v16){_mm256_cvtepi32_ps(a.low), _mm256_cvtepi32_ps(a.high)}; }
PL_INLINE __m256 lookup8(v16 table, __m256i index) {
    __m256 low = _mm256_permutevar8x32_ps(table.low, index), high = _mm256_permutevar8x32_ps(table.high, index);
    return _mm256_blendv_ps(low, high, _mm256_castsi256_ps(_mm256_slli_epi32(index, 28)));
}
/* table[index & 15] in every lane. */
PL_INLINE v16 v16_lookup(v16 table, i16 index) {
    return (v16){lookup8(table, index.low), lookup8(table, index.high)};
}
PL_INLINE float half_to_float(uint16_t bits) { return _cvtsh_ss(bits); }
PL_INLINE v16 v16_load_f16(const uint16_t *p) {
    return (v16){_mm256_cvtph_ps(_mm_loadu_si128((const __m128i *)p)),
                 _mm256_cvtph_ps(_mm_loadu_si128((const __m128i *)(p + 8)))};
}
PL_INLINE __m256 bf16_8(const uint16_t *p) {
    __m256i wide = _mm256_cvtepu16_epi32(_mm_loadu_si128((const __m128i *)p));
    return _mm256_castsi256_ps(_mm256_slli_epi32(wide, 16));
}
PL_INLINE v16 v16_load_bf16(const uint16_t *p) { return (v16){bf16_8(p), bf16_8(p + 8)}; }

/* The tree of ADR 0002 on eight lanes: j + 4, j + 2, j + 1. */
PL_INLINE float sum8(__m256 s) {
    __m128 q = _mm_add_ps(_mm256_castps256_ps128(s), _mm256_extractf128_ps(s, 1));
    q = _mm_add_ps(q, _mm_movehl_ps(q, q));
    return _mm_cvtss_f32(_mm_add_ss(q, _mm_movehdup_ps(q)));
}
PL_INLINE float v16_sum(v16 a) { return sum8(_mm256_add_ps(a.low, a.high)); }
PL_INLINE float v16_largest(v16 a) {
    __m256 m = _mm256_max_ps(a.low, a.high);
    __m128 q = _mm_max_ps(_mm256_castps256_ps128(m), _mm256_extractf128_ps(m, 1));
    q = _mm_max_ps(q, _mm_movehl_ps(q, q));
    return _mm_cvtss_f32(_mm_max_ss(q, _mm_movehdup_ps(q)));
}
/* The tree for two vectors at once, one step below the root. */
PL_INLINE __m256 quarter_sums(v16 a, v16 b) {
    __m256 p = _mm256_add_ps(a.low, a.high), q = _mm256_add_ps(b.low, b.high);
    return _mm256_add_ps(_mm256_permute2f128_ps(p, q, 0x20), _mm256_permute2f128_ps(p, q, 0x31));
}
/* The same for four. */
PL_INLINE v16 four_sums(const v16 a[4]) { return (v16){quarter_sums(a[0], a[1]), quarter_sums(a[2], a[3])}; }
PL_INLINE __m256 half_sums(__m256 a, __m256 b) {
    return _mm256_add_ps(_mm256_shuffle_ps(a, b, 0x44), _mm256_shuffle_ps(a, b, 0xEE));
}
PL_INLINE __m256 joined8(__m256 a, __m256 b, __m256 c, __m256 d) {
    __m256 p = half_sums(a, b), q = half_sums(c, d);
    return _mm256_add_ps(_mm256_shuffle_ps(p, q, 0x88), _mm256_shuffle_ps(p, q, 0xDD));
}
/* Sums of sixteen vectors: lane 4i + e is that of the vector a[i] of part[e] = four_sums(a). */
PL_INLINE v16 joined_sums(const v16 part[4]) {
    return (v16){joined8(part[0].low, part[1].low, part[2].low, part[3].low),
                 joined8(part[0].high, part[1].high, part[2].high, part[3].high)};
}
/* The tree for a TILE_M × TILE_N tile at once: sums[m][n], rows of 8. */
PL_INLINE void tile_sums(v16 acc[TILE_M][TILE_N], float sums[TILE_M][8]) {
    __m256 c0 = quarter_sums(acc[0][0], acc[1][0]);
    __m256 c1 = quarter_sums(acc[0][1], acc[1][1]);
    __m256 c2 = quarter_sums(acc[0][2], acc[1][2]);
    __m256 h01 = _mm256_add_ps(_mm256_shuffle_ps(c0, c1, 0x44), _mm256_shuffle_ps(c0, c1, 0xEE));
    __m256 h22 = _mm256_add_ps(_mm256_shuffle_ps(c2, c2, 0x44), _mm256_shuffle_ps(c2, c2, 0xEE));
    __m256 all = _mm256_add_ps(_mm256_shuffle_ps(h01, h22, 0x88), _mm256_shuffle_ps(h01, h22, 0xDD));
    _mm_storeu_ps(sums[0], _mm256_castps256_ps128(all));
    _mm_storeu_ps(sums[1], _mm256_extractf128_ps(all, 1));
}

/* Columns 0 … 7 of eight rows that lie `stride` apart. */
PL_INLINE void columns8(const float *rows, size_t stride, __m256 column[8]) {
    __m256 r[8], pair[8], four[8];
    for (int i = 0; i < 8; i++) {
        r[i] = _mm256_loadu_ps(rows + (size_t)i * stride);
    }
    for (int i = 0; i < 8; i += 2) {
        pair[i] = _mm256_unpacklo_ps(r[i], r[i + 1]);
        pair[i + 1] = _mm256_unpackhi_ps(r[i], r[i + 1]);
    }
    for (int i = 0; i < 8; i += 4) {
        four[i] = _mm256_shuffle_ps(pair[i], pair[i + 2], 0x44);
        four[i + 1] = _mm256_shuffle_ps(pair[i], pair[i + 2], 0xEE);
        four[i + 2] = _mm256_shuffle_ps(pair[i + 1], pair[i + 3], 0x44);
        four[i + 3] = _mm256_shuffle_ps(pair[i + 1], pair[i + 3], 0xEE);
    }
    for (int i = 0; i < 4; i++) {
        column[i] = _mm256_permute2f128_ps(four[i], four[i + 4], 0x20);
        column[i + 4] = _mm256_permute2f128_ps(four[i], four[i + 4], 0x31);
    }
}
/* Columns 0 … 7 of sixteen rows that lie `stride` apart: a transposition in registers. */
PL_INLINE void v16_columns(const float *rows, size_t stride, v16 column[8]) {
    __m256 low[8], high[8];
    columns8(rows, stride, low);
    columns8(rows + 8 * stride, stride, high);
    for (int i = 0; i < 8; i++) {
        column[i] = (v16){low[i], high[i]};
    }
}

/* 64 unsigned bytes: four codes of each of sixteen rows. */
typedef i16 b64;
PL_INLINE b64 b64_load(const uint8_t *p) {
    return (b64){_mm256_loadu_si256((const __m256i *)p), _mm256_loadu_si256((const __m256i *)(p + 32))};
}
PL_INLINE __m256i shifted_bytes(__m256i a, int left) {
    return left > 0 ? _mm256_slli_epi16(a, left) : left < 0 ? _mm256_srli_epi16(a, -left) : a;
}
/* The bits of mask in every byte of a, shifted right by n bits first. */
PL_INLINE b64 b64_field(b64 a, int n, int mask) {
    __m256i keep = _mm256_set1_epi8((char)mask);
    return (b64){_mm256_and_si256(shifted_bytes(a.low, -n), keep), _mm256_and_si256(shifted_bytes(a.high, -n), keep)};
}
/* a, with the bits of mask of b shifted (left if n > 0, else right) in every byte. */
PL_INLINE b64 b64_insert(b64 a, b64 b, int n, int mask) {
    b64 moved = b64_field((b64){shifted_bytes(b.low, n), shifted_bytes(b.high, n)}, 0, mask);
    return (b64){_mm256_or_si256(a.low, moved.low), _mm256_or_si256(a.high, moved.high)};
}
/* table[index] in every byte. */
PL_INLINE b64 b64_lookup(const uint8_t *table, b64 index) {
    __m256i t = _mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)table));
    return (b64){_mm256_shuffle_epi8(t, index.low), _mm256_shuffle_epi8(t, index.high)};
}
PL_INLINE i16 i16_zero(void) { return (i16){_mm256_setzero_si256(), _mm256_setzero_si256()}; }
PL_INLINE __m256i dot8(__m256i sum, __m256i codes, __m256i x) {
    return _mm256_add_epi32(sum, _mm256_madd_epi16(_mm256_maddubs_epi16(codes, x), _mm256_set1_epi16(1)));
}
/* sum + Σ_c codes[4j + c]·x[c] in lane j; codes below 128, so that no pair of products leaves 16 bits. */
PL_INLINE i16 i16_dot(i16 sum, b64 codes, const int8_t *x) {
    int32_t four;
    memcpy(&four, x, sizeof four);
    __m256i all = _mm256_set1_epi32(four);
    return (i16){dot8(sum.low, codes.low, all), dot8(sum.high, codes.high, all)};
}
PL_INLINE __m256i dot_bytes8(__m256i sum, __m256i codes, __m256i even, __m256i odd) {
    __m256i byte = _mm256_set1_epi16(0xFF);
    sum = _mm256_add_epi32(sum, _mm256_madd_epi16(_mm256_and_si256(codes, byte), even));
    return _mm256_add_epi32(sum, _mm256_madd_epi16(_mm256_srli_epi16(codes, 8), odd));
}
/* The same; codes may use all eight bits. */
PL_INLINE i16 i16_dot_bytes(i16 sum, b64 codes, const int8_t *x) {
    int32_t four;
    memcpy(&four, x, sizeof four);
    __m256i all = _mm256_set1_epi32(four);
    __m256i even = _mm256_srai_epi16(_mm256_slli_epi16(all, 8), 8), odd = _mm256_srai_epi16(all, 8);
    return (i16){dot_bytes8(sum.low, codes.low, even, odd), dot_bytes8(sum.high, codes.high, even, odd)};
}
/* sum - value·2^n */
PL_INLINE i16 i16_less(i16 sum, int value, int n) {
    __m256i all = _mm256_slli_epi32(_mm256_set1_epi32(value), n);
    return (i16){_mm256_sub_epi32(sum.low, all), _mm256_sub_epi32(sum.high, all)};
}
PL_INLINE v16 v16_abs(v16 a) {
    __m256 sign = _mm256_set1_ps(-0.0f);
    return (v16){_mm256_andnot_ps(sign, a.low), _mm256_andnot_ps(sign, a.high)};
}
/* Whole numbers from -128 to 127 as bytes. */
PL_INLINE void v16_store_i8(int8_t *p, v16 a) {
    __m256i low = _mm256_cvtps_epi32(a.low), high = _mm256_cvtps_epi32(a.high);
    __m128i l = _mm_packs_epi32(_mm256_castsi256_si128(low), _mm256_extracti128_si256(low, 1));
    __m128i h = _mm_packs_epi32(_mm256_castsi256_si128(high), _mm256_extracti128_si256(high, 1));
    _mm_storeu_si128((__m128i *)p, _mm_packs_epi16(l, h));
}

PL_INLINE d16 d16_zero(void) {
    __m256d zero = _mm256_setzero_pd();
    return (d16){{zero, zero, zero, zero}};
}
PL_INLINE d16 d16_from(v16 b) {
    return (d16){{_mm256_cvtps_pd(_mm256_castps256_ps128(b.low)), _mm256_cvtps_pd(_mm256_extractf128_ps(b.low, 1)),
                  _mm256_cvtps_pd(_mm256_castps256_ps128(b.high)), _mm256_cvtps_pd(_mm256_extractf128_ps(b.high, 1))}};
}
PL_INLINE d16 d16_add(d16 a, v16 b) {
    d16 wide = d16_from(b);
    for (int i = 0; i < 4; i++) {
        a.part[i] = _mm256_add_pd(a.part[i], wide.part[i]);
    }
    return a;
}
PL_INLINE d16 d16_add_square(d16 a, v16 b) {
    d16 wide = d16_from(b);
    for (int i = 0; i < 4; i++) {
        a.part[i] = _mm256_fmadd_pd(wide.part[i], wide.part[i], a.part[i]);
    }
    return a;
}
PL_INLINE void d16_store(double *p, d16 a) {
    for (int i = 0; i < 4; i++) {
        _mm256_storeu_pd(p + 4 * i, a.part[i]);
    }
}
