/* Sixteen lanes as four NEON registers. Register i holds lanes 4i … 4i + 3. */
#include <arm_neon.h>
#include <string.h>

#include "plumbline.h"

enum { TILE_M = 2, TILE_N = 2, OUTER_V = 1 };
enum { SCORE_M = 2, SCORE_V = 1, VALUE_M = 6, VALUE_V = 1, LONE_M = 1 };
#define PANEL 4
#define OUTER_BIG 6

typedef struct {
    float32x4_t part[4];
} v16;
typedef struct {
    uint32x4_t part[4];
} i16;
typedef struct {
    float64x2_t part[8];
} d16;

/* The same on each register; in the expression `i` is the register's number, a constant. */
#define EACH(type, expression) \
    ((type){{PART(0, expression), PART(1, expression), PART(2, expression), PART(3, expression)}})
#define PART(number, expression) \
    ({                           \
        enum { i = number };     \
        expression;              \
    })

PL_INLINE v16 v16_load(const float *p) { return EACH(v16, vld1q_f32(p + 4 * i)); }
PL_INLINE void v16_store(float *p, v16 a) {
    for (int i = 0; i < 4; i++) {
        vst1q_f32(p + 4 * i, a.part[i]);
    }
}
PL_INLINE v16 v16_load_n(const float *p, int n) {
    float padded[16] = {0};
    memcpy(padded, p, sizeof(float) * (size_t)n);
    return v16_load(padded);
}
PL_INLINE void v16_store_n(float *p, v16 a, int n) {
    float all[16];
    v16_store(all, a);
    memcpy(p, all, sizeof(float) * (size_t)n);
}
PL_INLINE v16 v16_zero(void) { return EACH(v16, vdupq_n_f32(0)); }
PL_INLINE v16 v16_set1(float a) { return EACH(v16, vdupq_n_f32(a)); }
PL_INLINE v16 v16_add(v16 a, v16 b) { return EACH(v16, vaddq_f32(a.part[i], b.part[i])); }
PL_INLINE v16 v16_sub(v16 a, v16 b) { return EACH(v16, vsubq_f32(a.part[i], b.part[i])); }
PL_INLINE v16 v16_mul(v16 a, v16 b) { return EACH(v16, vmulq_f32(a.part[i], b.part[i])); }
PL_INLINE v16 v16_div(v16 a, v16 b) { return EACH(v16, vdivq_f32(a.part[i], b.part[i])); }
PL_INLINE v16 v16_sqrt(v16 a) { return EACH(v16, vsqrtq_f32(a.part[i])); }
PL_INLINE v16 v16_fma(v16 a, v16 b, v16 c) { return EACH(v16, vfmaq_f32(c.part[i], a.part[i], b.part[i])); }
PL_INLINE v16 v16_fnma(v16 a, v16 b, v16 c) { return EACH(v16, vfmsq_f32(c.part[i], a.part[i], b.part[i])); }
/* The second operand where either is NaN, unlike FMAX and FMIN. */
PL_INLINE v16 v16_max(v16 a, v16 b) {
    return EACH(v16, vbslq_f32(vcgtq_f32(a.part[i], b.part[i]), a.part[i], b.part[i]));
}
PL_INLINE v16 v16_min(v16 a, v16 b) {
    return EACH(v16, vbslq_f32(vcltq_f32(a.part[i], b.part[i]), a.part[i], b.part[i]));
}
PL_INLINE v16 v16_round(v16 a) { return EACH(v16, vrndnq_f32(a.part[i])); }
PL_INLINE float32x4_t power_of_two4(float32x4_t n) {
    int32x4_t e = vaddq_s32(vcvtnq_s32_f32(n), vdupq_n_s32(127));
    return vreinterpretq_f32_s32(vshlq_n_s32(e, 23));
}
/* 2^n of whole numbers n. */
PL_INLINE v16 v16_power_of_two(v16 n) { return EACH(v16, power_of_two4(n.part[i])); }
PL_INLINE float32x4_t zero_where4(uint32x4_t zero, float32x4_t a) {
    return vreinterpretq_f32_u32(vbicq_u32(vreinterpretq_u32_f32(a), zero));
}
/* a, but 0 where x < limit. */
PL_INLINE v16 v16_zero_where_less(v16 a, v16 x, v16 limit) {
    return EACH(v16, zero_where4(vcltq_f32(x.part[i], limit.part[i]), a.part[i]));
}
/* Mask of the lanes of register `part` that are among the first n of all. */
PL_INLINE uint32x4_t lanes(int part, int n) {
    static const int32_t NUMBERS[4] = {0, 1, 2, 3};
    return vcgtq_s32(vdupq_n_s32(n - 4 * part), vld1q_s32(NUMBERS));
}
/* a in the first n lanes, b in the others. */
PL_INLINE v16 v16_first(v16 a, v16 b, int n) { return EACH(v16, vbslq_f32(lanes(i, n), a.part[i], b.part[i])); }

PL_INLINE i16 i16_load_u8(const uint8_t *p) {
    uint8x16_t bytes = vld1q_u8(p);
    uint16x8_t low = vmovl_u8(vget_low_u8(bytes)), high = vmovl_u8(vget_high_u8(bytes));
    return (i16){{vmovl_u16(vget_low_u16(low)), vmovl_u16(vget_high_u16(low)), vmovl_u16(vget_low_u16(high)),
                  vmovl_u16(vget_high_u16(high))}};
}
PL_INLINE uint32x4_t signed4(int16x4_t a) { return vreinterpretq_u32_s32(vmovl_s16(a)); }
PL_INLINE i16 i16_load_i8(const uint8_t *p) {
    int8x16_t bytes = vreinterpretq_s8_u8(vld1q_u8(p));
    int16x8_t low = vmovl_s8(vget_low_s8(bytes)), high = vmovl_s8(vget_high_s8(bytes));
    return (i16){{signed4(vget_low_s16(low)), signed4(vget_high_s16(low)), signed4(vget_low_s16(high)),
                  signed4(vget_high_s16(high))}};
}
PL_INLINE i16 i16_and(i16 a, int b) { return EACH(i16, vandq_u32(a.part[i], vdupq_n_u32((uint32_t)b))); }
PL_INLINE i16 i16_or(i16 a, i16 b) { return EACH(i16, vorrq_u32(a.part[i], b.part[i])); }
PL_INLINE i16 i16_sub(i16 a, int b) { return EACH(i16, vsubq_u32(a.part[i], vdupq_n_u32((uint32_t)b))); }
PL_INLINE i16 i16_right(i16 a, int n) { return EACH(i16, vshlq_u32(a.part[i], vdupq_n_s32(-n))); }
PL_INLINE i16 i16_left(i16 a, int n) { return EACH(i16, vshlq_u32(a.part[i], vdupq_n_s32(n))); }
PL_INLINE uint32x4_t fifth4(uint32x4_t a, uint32_t bits) {
    static const uint32_t LANE_BITS[4] = {1, 2, 4, 8};
    uint32x4_t set = vtstq_u32(vdupq_n_u32(bits), vld1q_u32(LANE_BITS));
    return vorrq_u32(a, vandq_u32(set, vdupq_n_u32(16)));
}
/* a with bit 4 set in lane j if bit j of bits is set. */
PL_INLINE i16 i16_fifth(i16 a, uint32_t bits) { return EACH(i16, fifth4(a.part[i], bits >> 4 * i)); }
PL_INLINE v16 v16_from(i16 a) { return EACH(v16, vcvtq_f32_s32(vreinterpretq_s32_u32(a.part[i]))); }
/* Four floats of a table of sixteen, as a look-up of their bytes: entry e lies at bytes 4e … 4e + 3. */
PL_INLINE float32x4_t lookup4(uint8x16x4_t table, uint32x4_t index) {
    uint32x4_t entry = vandq_u32(index, vdupq_n_u32(15));
    uint32x4_t bytes = vmlaq_u32(vdupq_n_u32(0x03020100), entry, vdupq_n_u32(0x04040404));
    return vreinterpretq_f32_u8(vqtbl4q_u8(table, vreinterpretq_u8_u32(bytes)));
}
/* table[index & 15] in every lane. */
PL_INLINE v16 v16_lookup(v16 table, i16 index) {
    uint8x16x4_t bytes;
    for (int i = 0; i < 4; i++) {
        bytes.val[i] = vreinterpretq_u8_f32(table.part[i]);
    }
    return EACH(v16, lookup4(bytes, index.part[i]));
}
PL_INLINE float half_to_float(uint16_t bits) {
    float16_t half;
    memcpy(&half, &bits, sizeof half);
    return (float)half;
}
PL_INLINE v16 v16_load_f16(const uint16_t *p) {
    return EACH(v16, vcvt_f32_f16(vreinterpret_f16_u16(vld1_u16(p + 4 * i))));
}
PL_INLINE v16 v16_load_bf16(const uint16_t *p) {
    return EACH(v16, vreinterpretq_f32_u32(vshll_n_u16(vld1_u16(p + 4 * i), 16)));
}

/* The tree of ADR 0002 down to four lanes: j + 8, j + 4. */
PL_INLINE float32x4_t quarter_sums(v16 a) {
    return vaddq_f32(vaddq_f32(a.part[0], a.part[2]), vaddq_f32(a.part[1], a.part[3]));
}
/* The rest of the tree: j + 2, j + 1. */
PL_INLINE float v16_sum(v16 a) {
    float32x4_t quarter = quarter_sums(a);
    float32x2_t pair = vadd_f32(vget_low_f32(quarter), vget_high_f32(quarter));
    return vget_lane_f32(vpadd_f32(pair, pair), 0);
}
PL_INLINE float v16_largest(v16 a) {
    return vmaxvq_f32(vmaxq_f32(vmaxq_f32(a.part[0], a.part[1]), vmaxq_f32(a.part[2], a.part[3])));
}
/* Sums of sixteen vectors: lane 4i + e is that of the vector a[i] of part[e] = four_sums(a). */
PL_INLINE v16 four_sums(const v16 a[4]) { return EACH(v16, quarter_sums(a[i])); }
PL_INLINE float32x4_t half_sums(float32x4_t a, float32x4_t b) {
    return vaddq_f32(vcombine_f32(vget_low_f32(a), vget_low_f32(b)), vcombine_f32(vget_high_f32(a), vget_high_f32(b)));
}
PL_INLINE v16 joined_sums(const v16 part[4]) {
    return EACH(v16, vpaddq_f32(half_sums(part[0].part[i], part[1].part[i]),
                                half_sums(part[2].part[i], part[3].part[i])));
}
/* The tree for a TILE_M × TILE_N tile at once: sums[m][n], rows of 8. */
PL_INLINE void tile_sums(v16 acc[TILE_M][TILE_N], float sums[TILE_M][8]) {
    _Pragma("GCC unroll 2") for (int m = 0; m < TILE_M; m++) {
        float32x4_t p = quarter_sums(acc[m][0]), q = quarter_sums(acc[m][1]);
        float32x2_t left = vadd_f32(vget_low_f32(p), vget_high_f32(p));
        float32x2_t right = vadd_f32(vget_low_f32(q), vget_high_f32(q));
        vst1_f32(sums[m], vpadd_f32(left, right));
    }
}

PL_INLINE float64x2_t double_of(v16 b, int i) {
    float32x4_t four = b.part[i / 2];
    return vcvt_f64_f32(i % 2 == 0 ? vget_low_f32(four) : vget_high_f32(four));
}
/* Columns 0 … 3 of four rows that lie `stride` apart. */
PL_INLINE void columns4(const float *rows, size_t stride, float32x4_t column[4]) {
    float32x4x2_t a = vtrnq_f32(vld1q_f32(rows), vld1q_f32(rows + stride));
    float32x4x2_t b = vtrnq_f32(vld1q_f32(rows + 2 * stride), vld1q_f32(rows + 3 * stride));
    for (int i = 0; i < 2; i++) {
        column[i] = vcombine_f32(vget_low_f32(a.val[i]), vget_low_f32(b.val[i]));
        column[i + 2] = vcombine_f32(vget_high_f32(a.val[i]), vget_high_f32(b.val[i]));
    }
}
/* Columns 0 … 7 of sixteen rows that lie `stride` apart: a transposition in registers. */
PL_INLINE void v16_columns(const float *rows, size_t stride, v16 column[8]) {
    for (int part = 0; part < 4; part++) {
        for (int half = 0; half < 2; half++) {
            float32x4_t four[4];
            columns4(rows + (size_t)(4 * part) * stride + 4 * half, stride, four);
            for (int i = 0; i < 4; i++) {
                column[4 * half + i].part[part] = four[i];
            }
        }
    }
}

/* 64 unsigned bytes: four codes of each of sixteen rows. */
typedef struct {
    uint8x16_t part[4];
} b64;
PL_INLINE b64 b64_load(const uint8_t *p) { return EACH(b64, vld1q_u8(p + 16 * i)); }
/* The bits of mask in every byte of a, shifted right by n bits first. */
PL_INLINE b64 b64_field(b64 a, int n, int mask) {
    return EACH(b64, vandq_u8(vshlq_u8(a.part[i], vdupq_n_s8((int8_t)-n)), vdupq_n_u8((uint8_t)mask)));
}
/* a, with the bits of mask of b shifted (left if n > 0, else right) in every byte. */
PL_INLINE b64 b64_insert(b64 a, b64 b, int n, int mask) {
    b64 moved = b64_field(b, -n, mask);
    return EACH(b64, vorrq_u8(a.part[i], moved.part[i]));
}
/* table[index] in every byte. */
PL_INLINE b64 b64_lookup(const uint8_t *table, b64 index) {
    uint8x16_t entries = vld1q_u8(table);
    return EACH(b64, vqtbl1q_u8(entries, index.part[i]));
}
PL_INLINE i16 i16_zero(void) { return EACH(i16, vdupq_n_u32(0)); }
PL_INLINE uint32x4_t dot4(uint32x4_t sum, int8x16_t codes, int8x16_t x) {
#ifdef __ARM_FEATURE_DOTPROD
    return vreinterpretq_u32_s32(vdotq_s32(vreinterpretq_s32_u32(sum), codes, x));
#else
    int32x4_t low = vpaddlq_s16(vmull_s8(vget_low_s8(codes), vget_low_s8(x)));
    int32x4_t high = vpaddlq_s16(vmull_high_s8(codes, x));
    return vaddq_u32(sum, vreinterpretq_u32_s32(vpaddq_s32(low, high)));
#endif
}
PL_INLINE int8x16_t four_bytes(const int8_t *x) {
    int32_t four;
    memcpy(&four, x, sizeof four);
    return vreinterpretq_s8_s32(vdupq_n_s32(four));
}
/* sum + Σ_c codes[4j + c]·x[c] in lane j; codes below 128. */
PL_INLINE i16 i16_dot(i16 sum, b64 codes, const int8_t *x) {
    int8x16_t all = four_bytes(x);
    return EACH(i16, dot4(sum.part[i], vreinterpretq_s8_u8(codes.part[i]), all));
}
/* The same; codes may use all eight bits: 128 is taken off each and its products are added again. */
PL_INLINE i16 i16_dot_bytes(i16 sum, b64 codes, const int8_t *x) {
    int8x16_t all = four_bytes(x);
    uint32x4_t taken = vdupq_n_u32((uint32_t)(128 * (x[0] + x[1] + x[2] + x[3])));
    uint8x16_t top = vdupq_n_u8(128);
    return EACH(i16, vaddq_u32(taken, dot4(sum.part[i], vreinterpretq_s8_u8(veorq_u8(codes.part[i], top)), all)));
}
/* sum - value·2^n */
PL_INLINE i16 i16_less(i16 sum, int value, int n) {
    uint32x4_t all = vdupq_n_u32((uint32_t)value << n);
    return EACH(i16, vsubq_u32(sum.part[i], all));
}
PL_INLINE v16 v16_abs(v16 a) { return EACH(v16, vabsq_f32(a.part[i])); }
/* Whole numbers from -128 to 127 as bytes. */
PL_INLINE void v16_store_i8(int8_t *p, v16 a) {
    int16x8_t low = vcombine_s16(vqmovn_s32(vcvtnq_s32_f32(a.part[0])), vqmovn_s32(vcvtnq_s32_f32(a.part[1])));
    int16x8_t high = vcombine_s16(vqmovn_s32(vcvtnq_s32_f32(a.part[2])), vqmovn_s32(vcvtnq_s32_f32(a.part[3])));
    vst1q_s8(p, vcombine_s8(vqmovn_s16(low), vqmovn_s16(high)));
}

PL_INLINE d16 d16_zero(void) {
    d16 zero;
    for (int i = 0; i < 8; i++) {
        zero.part[i] = vdupq_n_f64(0);
    }
    return zero;
}
PL_INLINE d16 d16_add(d16 a, v16 b) {
    for (int i = 0; i < 8; i++) {
        a.part[i] = vaddq_f64(a.part[i], double_of(b, i));
    }
    return a;
}
PL_INLINE d16 d16_add_square(d16 a, v16 b) {
    for (int i = 0; i < 8; i++) {
        float64x2_t wide = double_of(b, i);
        a.part[i] = vfmaq_f64(a.part[i], wide, wide);
    }
    return a;
}
PL_INLINE void d16_store(double *p, d16 a) {
    for (int i = 0; i < 8; i++) {
        vst1q_f64(p + 2 * i, a.part[i]);
    }
}
