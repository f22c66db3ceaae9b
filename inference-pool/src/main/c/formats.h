/*
 * Unpacking of ggml's block formats, 32 elements at a time. Every value is computed by the same float32 operations in
 * the same association as in ggml, so it is bit-equal to ggml's and to the Java Dequantizer's. Where a 4-bit quant
 * selects among 16 values, the 16 values are computed once per scale and looked up.
 *
 * group_F(block, i, low, high) gives elements 32i … 32i + 15 and 32i + 16 … 32i + 31 of a block.
 */

/* ggml type numbers. */
enum {
    TYPE_F32 = 0, TYPE_F16 = 1, TYPE_Q4_0 = 2, TYPE_Q4_1 = 3, TYPE_Q5_0 = 6, TYPE_Q5_1 = 7, TYPE_Q8_0 = 8,
    TYPE_Q2_K = 10, TYPE_Q3_K = 11, TYPE_Q4_K = 12, TYPE_Q5_K = 13, TYPE_Q6_K = 14, TYPE_IQ4_NL = 20,
    TYPE_IQ4_XS = 23, TYPE_BF16 = 30
};

static const float RAMP[16] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
static const float CENTRED_RAMP[16] = {-8, -7, -6, -5, -4, -3, -2, -1, 0, 1, 2, 3, 4, 5, 6, 7};
static const float LEVELS[16] = {-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113};

PL_INLINE uint16_t u16_at(const uint8_t *p) {
    uint16_t value;
    memcpy(&value, p, sizeof value);
    return value;
}
PL_INLINE uint32_t u32_at(const uint8_t *p) {
    uint32_t value;
    memcpy(&value, p, sizeof value);
    return value;
}
PL_INLINE float half_at(const uint8_t *p) { return half_to_float(u16_at(p)); }

/* a·b + c with two roundings, as ggml computes it. */
PL_INLINE v16 scaled_plus(v16 a, v16 b, v16 c) { return v16_add(v16_mul(a, b), c); }
PL_INLINE v16 scaled_minus(v16 a, v16 b, v16 c) { return v16_sub(v16_mul(a, b), c); }

PL_INLINE void group_q4_0(const uint8_t *b, int i, v16 *low, v16 *high) {
    (void)i;
    v16 table = v16_mul(v16_set1(half_at(b)), v16_load(CENTRED_RAMP));
    i16 q = i16_load_u8(b + 2);
    *low = v16_lookup(table, q);
    *high = v16_lookup(table, i16_right(q, 4));
}

PL_INLINE void group_q4_1(const uint8_t *b, int i, v16 *low, v16 *high) {
    (void)i;
    v16 table = scaled_plus(v16_set1(half_at(b)), v16_load(RAMP), v16_set1(half_at(b + 2)));
    i16 q = i16_load_u8(b + 4);
    *low = v16_lookup(table, q);
    *high = v16_lookup(table, i16_right(q, 4));
}

PL_INLINE void group_q5_0(const uint8_t *b, int i, v16 *low, v16 *high) {
    (void)i;
    v16 d = v16_set1(half_at(b));
    uint32_t fifths = u32_at(b + 2);
    i16 q = i16_load_u8(b + 6);
    *low = v16_mul(d, v16_from(i16_sub(i16_fifth(i16_and(q, 15), fifths), 16)));
    *high = v16_mul(d, v16_from(i16_sub(i16_fifth(i16_right(q, 4), fifths >> 16), 16)));
}

PL_INLINE void group_q5_1(const uint8_t *b, int i, v16 *low, v16 *high) {
    (void)i;
    v16 d = v16_set1(half_at(b)), m = v16_set1(half_at(b + 2));
    uint32_t fifths = u32_at(b + 4);
    i16 q = i16_load_u8(b + 8);
    *low = scaled_plus(d, v16_from(i16_fifth(i16_and(q, 15), fifths)), m);
    *high = scaled_plus(d, v16_from(i16_fifth(i16_right(q, 4), fifths >> 16)), m);
}

PL_INLINE void group_q8_0(const uint8_t *b, int i, v16 *low, v16 *high) {
    (void)i;
    v16 d = v16_set1(half_at(b));
    *low = v16_mul(d, v16_from(i16_load_i8(b + 2)));
    *high = v16_mul(d, v16_from(i16_load_i8(b + 18)));
}

PL_INLINE void group_iq4_nl(const uint8_t *b, int i, v16 *low, v16 *high) {
    (void)i;
    v16 table = v16_mul(v16_set1(half_at(b)), v16_load(LEVELS));
    i16 q = i16_load_u8(b + 2);
    *low = v16_lookup(table, q);
    *high = v16_lookup(table, i16_right(q, 4));
}

PL_INLINE void group_iq4_xs(const uint8_t *b, int i, v16 *low, v16 *high) {
    int scale = (b[4 + i / 2] >> 4 * (i % 2) & 15) | (u16_at(b + 2) >> 2 * i & 3) << 4;
    v16 table = v16_mul(v16_set1(half_at(b) * (float)(scale - 32)), v16_load(LEVELS));
    i16 q = i16_load_u8(b + 8 + 16 * i);
    *low = v16_lookup(table, q);
    *high = v16_lookup(table, i16_right(q, 4));
}

PL_INLINE v16 half_q2_k(const uint8_t *b, int s) {
    v16 scale = v16_set1(half_at(b + 80) * (float)(b[s] & 15));
    v16 minimum = v16_set1(half_at(b + 82) * (float)(b[s] >> 4));
    i16 q = i16_and(i16_right(i16_load_u8(b + 16 + 32 * (s / 8) + 16 * (s % 2)), 2 * (s / 2 % 4)), 3);
    return scaled_minus(scale, v16_from(q), minimum);
}
PL_INLINE void group_q2_k(const uint8_t *b, int i, v16 *low, v16 *high) {
    *low = half_q2_k(b, 2 * i);
    *high = half_q2_k(b, 2 * i + 1);
}

PL_INLINE v16 half_q3_k(const uint8_t *b, int s) {
    int low_bits = b[96 + s % 8] >> 4 * (s / 8) & 15, high_bits = b[104 + s % 4] >> 2 * (s / 4) & 3;
    v16 scale = v16_set1(half_at(b + 108) * (float)((low_bits | high_bits << 4) - 32));
    i16 q = i16_and(i16_right(i16_load_u8(b + 32 + 32 * (s / 8) + 16 * (s % 2)), 2 * (s / 2 % 4)), 3);
    i16 third = i16_and(i16_right(i16_load_u8(b + 16 * (s % 2)), s / 2), 1);
    return v16_mul(scale, v16_from(i16_sub(i16_or(q, i16_left(third, 2)), 4)));
}
PL_INLINE void group_q3_k(const uint8_t *b, int i, v16 *low, v16 *high) {
    *low = half_q3_k(b, 2 * i);
    *high = half_q3_k(b, 2 * i + 1);
}

/* Six-bit scale and minimum of sub-block s in the 12 packed bytes of Q4_K and Q5_K. */
PL_INLINE int k_scale(const uint8_t *packed, int s) {
    return s < 4 ? packed[s] & 63 : (packed[s + 4] & 15) | packed[s - 4] >> 6 << 4;
}
PL_INLINE int k_minimum(const uint8_t *packed, int s) {
    return s < 4 ? packed[s + 4] & 63 : packed[s + 4] >> 4 | packed[s] >> 6 << 4;
}

PL_INLINE void group_q4_k(const uint8_t *b, int i, v16 *low, v16 *high) {
    v16 scale = v16_set1(half_at(b) * (float)k_scale(b + 4, i));
    v16 minimum = v16_set1(half_at(b + 2) * (float)k_minimum(b + 4, i));
    v16 table = scaled_minus(scale, v16_load(RAMP), minimum);
    const uint8_t *q = b + 16 + 32 * (i / 2);
    *low = v16_lookup(table, i16_right(i16_load_u8(q), 4 * (i % 2)));
    *high = v16_lookup(table, i16_right(i16_load_u8(q + 16), 4 * (i % 2)));
}

PL_INLINE i16 quants_q5_k(const uint8_t *b, int i, int column) {
    i16 low = i16_and(i16_right(i16_load_u8(b + 48 + 32 * (i / 2) + column), 4 * (i % 2)), 15);
    i16 fifth = i16_and(i16_right(i16_load_u8(b + 16 + column), i), 1);
    return i16_or(low, i16_left(fifth, 4));
}
PL_INLINE void group_q5_k(const uint8_t *b, int i, v16 *low, v16 *high) {
    v16 scale = v16_set1(half_at(b) * (float)k_scale(b + 4, i));
    v16 minimum = v16_set1(half_at(b + 2) * (float)k_minimum(b + 4, i));
    *low = scaled_minus(scale, v16_from(quants_q5_k(b, i, 0)), minimum);
    *high = scaled_minus(scale, v16_from(quants_q5_k(b, i, 16)), minimum);
}

PL_INLINE v16 half_q6_k(const uint8_t *b, int i, int column) {
    int half = i / 4, quarter = i % 4;
    v16 scale = v16_set1(half_at(b + 208) * (float)(int8_t)b[192 + 2 * i + column / 16]);
    i16 bits = i16_load_u8(b + 64 * half + 32 * (quarter % 2) + column);
    i16 low = i16_and(i16_right(bits, 4 * (quarter / 2)), 15);
    i16 high = i16_and(i16_right(i16_load_u8(b + 128 + 32 * half + column), 2 * quarter), 3);
    return v16_mul(scale, v16_from(i16_sub(i16_or(low, i16_left(high, 4)), 32)));
}
PL_INLINE void group_q6_k(const uint8_t *b, int i, v16 *low, v16 *high) {
    *low = half_q6_k(b, i, 0);
    *high = half_q6_k(b, i, 16);
}

/* F(name, TYPE, groups of 32 elements per block, bytes per block, rows at once in a matrix-vector product) */
#define BLOCK_FORMATS(F)                \
    F(q4_0, TYPE_Q4_0, 1, 18, 4)        \
    F(q4_1, TYPE_Q4_1, 1, 20, 4)        \
    F(q5_0, TYPE_Q5_0, 1, 22, 4)        \
    F(q5_1, TYPE_Q5_1, 1, 24, 4)        \
    F(q8_0, TYPE_Q8_0, 1, 34, 4)        \
    F(iq4_nl, TYPE_IQ4_NL, 1, 18, 4)    \
    F(q2_k, TYPE_Q2_K, 8, 84, 2)        \
    F(q3_k, TYPE_Q3_K, 8, 110, 2)       \
    F(q4_k, TYPE_Q4_K, 8, 144, 2)       \
    F(q5_k, TYPE_Q5_K, 8, 176, 2)       \
    F(q6_k, TYPE_Q6_K, 8, 210, 2)       \
    F(iq4_xs, TYPE_IQ4_XS, 8, 136, 2)

/* unpack_F: whole blocks into float32. multiply_F: y[n] = Σ_k w[n,k]·x[k] for rows n0 … n1 - 1. */
#define DEFINE_BLOCK_FORMAT(NAME, TYPE, GROUPS, BYTES, ROWS)                                              \
    static void unpack_##NAME(const uint8_t *b, int blocks, float *out) {                                 \
        for (int i = 0; i < blocks; i++, b += BYTES) {                                                    \
            _Pragma("GCC unroll 8") for (int g = 0; g < GROUPS; g++, out += 32) {                         \
                v16 low, high;                                                                            \
                group_##NAME(b, g, &low, &high);                                                          \
                v16_store(out, low);                                                                      \
                v16_store(out + 16, high);                                                                \
            }                                                                                             \
        }                                                                                                 \
    }                                                                                                     \
    PL_INLINE void rows_##NAME(int rows, const uint8_t *w, size_t stride, const float *x, int blocks, float *y) { \
        v16 acc[ROWS];                                                                                    \
        _Pragma("GCC unroll 4") for (int r = 0; r < rows; r++) { acc[r] = v16_zero(); }                   \
        for (int i = 0; i < blocks; i++, w += BYTES) {                                                    \
            _Pragma("GCC unroll 8") for (int g = 0; g < GROUPS; g++, x += 32) {                           \
                v16 x_low = v16_load(x), x_high = v16_load(x + 16);                                       \
                _Pragma("GCC unroll 4") for (int r = 0; r < rows; r++) {                                  \
                    v16 low, high;                                                                        \
                    group_##NAME(w + r * stride, g, &low, &high);                                         \
                    acc[r] = v16_fma(low, x_low, acc[r]);                                                 \
                    acc[r] = v16_fma(high, x_high, acc[r]);                                               \
                }                                                                                         \
            }                                                                                             \
        }                                                                                                 \
        _Pragma("GCC unroll 4") for (int r = 0; r < rows; r++) { y[r] = v16_sum(acc[r]); }                \
    }                                                                                                     \
    static void multiply_##NAME(const uint8_t *w, int n0, int n1, int columns, const float *x, float *y) { \
        int blocks = columns / (32 * GROUPS);                                                             \
        size_t stride = (size_t)blocks * BYTES;                                                           \
        int n = n0;                                                                                       \
        for (; n + ROWS <= n1; n += ROWS) {                                                               \
            rows_##NAME(ROWS, w + n * stride, stride, x, blocks, y + n);                                  \
        }                                                                                                 \
        for (; n < n1; n++) {                                                                             \
            rows_##NAME(1, w + n * stride, stride, x, blocks, y + n);                                     \
        }                                                                                                 \
    }
BLOCK_FORMATS(DEFINE_BLOCK_FORMAT)

/* The first n of 16 plain elements, 0 in the other lanes. */
PL_INLINE v16 plain_n(int type, const uint8_t *p, int n) {
    if (type == TYPE_F32) {
        return v16_load_n((const float *)(const void *)p, n);
    }
    uint16_t padded[16] = {0};
    memcpy(padded, p, 2 * (size_t)n);
    return type == TYPE_F16 ? v16_load_f16(padded) : v16_load_bf16(padded);
}
PL_INLINE v16 plain(int type, const uint8_t *p) {
    return type == TYPE_F32   ? v16_load((const float *)(const void *)p)
           : type == TYPE_F16 ? v16_load_f16((const uint16_t *)(const void *)p)
                              : v16_load_bf16((const uint16_t *)(const void *)p);
}

/* F(name, TYPE, bytes per element): formats without blocks. */
#define PLAIN_FORMATS(F)     \
    F(f32, TYPE_F32, 4)      \
    F(f16, TYPE_F16, 2)      \
    F(bf16, TYPE_BF16, 2)

#define DEFINE_PLAIN_FORMAT(NAME, TYPE, BYTES)                                                            \
    static void unpack_##NAME(const uint8_t *p, int count, float *out) {                                  \
        int k = 0;                                                                                        \
        for (; k + 16 <= count; k += 16) {                                                                \
            v16_store(out + k, plain(TYPE, p + (size_t)k * BYTES));                                       \
        }                                                                                                 \
        if (k < count) {                                                                                  \
            v16_store_n(out + k, plain_n(TYPE, p + (size_t)k * BYTES, count - k), count - k);             \
        }                                                                                                 \
    }                                                                                                     \
    PL_INLINE void rows_##NAME(int rows, const uint8_t *w, size_t stride, const float *x, int columns, float *y) { \
        v16 acc[4];                                                                                       \
        _Pragma("GCC unroll 4") for (int r = 0; r < rows; r++) { acc[r] = v16_zero(); }                   \
        int k = 0;                                                                                        \
        for (; k + 16 <= columns; k += 16) {                                                              \
            v16 xk = v16_load(x + k);                                                                     \
            _Pragma("GCC unroll 4") for (int r = 0; r < rows; r++) {                                      \
                acc[r] = v16_fma(plain(TYPE, w + r * stride + (size_t)k * BYTES), xk, acc[r]);            \
            }                                                                                             \
        }                                                                                                 \
        if (k < columns) {                                                                                \
            v16 xk = v16_load_n(x + k, columns - k);                                                      \
            _Pragma("GCC unroll 4") for (int r = 0; r < rows; r++) {                                      \
                acc[r] = v16_fma(plain_n(TYPE, w + r * stride + (size_t)k * BYTES, columns - k), xk, acc[r]); \
            }                                                                                             \
        }                                                                                                 \
        _Pragma("GCC unroll 4") for (int r = 0; r < rows; r++) { y[r] = v16_sum(acc[r]); }                \
    }                                                                                                     \
    static void multiply_##NAME(const uint8_t *w, int n0, int n1, int columns, const float *x, float *y) { \
        size_t stride = (size_t)columns * BYTES;                                                          \
        int n = n0;                                                                                       \
        for (; n + 4 <= n1; n += 4) {                                                                     \
            rows_##NAME(4, w + n * stride, stride, x, columns, y + n);                                    \
        }                                                                                                 \
        for (; n < n1; n++) {                                                                             \
            rows_##NAME(1, w + n * stride, stride, x, columns, y + n);                                    \
        }                                                                                                 \
    }
PLAIN_FORMATS(DEFINE_PLAIN_FORMAT)

/* Elements and bytes of one block; 0 for a type that is not known. */
static int block_elements(int type) {
    switch (type) {
#define BLOCK_CASE(NAME, TYPE, GROUPS, BYTES, ROWS) case TYPE: return 32 * GROUPS;
#define PLAIN_CASE(NAME, TYPE, BYTES) case TYPE: return 1;
        BLOCK_FORMATS(BLOCK_CASE)
        PLAIN_FORMATS(PLAIN_CASE)
#undef BLOCK_CASE
#undef PLAIN_CASE
    }
    return 0;
}
static int block_bytes(int type) {
    switch (type) {
#define BLOCK_CASE(NAME, TYPE, GROUPS, BYTES, ROWS) case TYPE: return BYTES;
#define PLAIN_CASE(NAME, TYPE, BYTES) case TYPE: return BYTES;
        BLOCK_FORMATS(BLOCK_CASE)
        PLAIN_FORMATS(PLAIN_CASE)
#undef BLOCK_CASE
#undef PLAIN_CASE
    }
    return 0;
}
static size_t row_bytes(const pl_weight *w) {
    return (size_t)(w->columns / block_elements(w->type)) * (size_t)block_bytes(w->type);
}

/* out[0 … count - 1] = W[row, column …]; column and count are whole blocks. */
static void unpack(const pl_weight *w, int row, int column, int count, float *out) {
    int elements = block_elements(w->type);
    const uint8_t *p = w->blocks + (size_t)row * row_bytes(w) + (size_t)(column / elements) * (size_t)block_bytes(w->type);
    switch (w->type) {
#define UNPACK_BLOCKS(NAME, TYPE, GROUPS, BYTES, ROWS) case TYPE: unpack_##NAME(p, count / elements, out); break;
#define UNPACK_PLAIN(NAME, TYPE, BYTES) case TYPE: unpack_##NAME(p, count, out); break;
        BLOCK_FORMATS(UNPACK_BLOCKS)
        PLAIN_FORMATS(UNPACK_PLAIN)
#undef UNPACK_BLOCKS
#undef UNPACK_PLAIN
    }
}

/* y[n] = Σ_k W[n,k]·x[k] for n0 ≤ n < n1: unpacks in registers. */
static void multiply_vector(const pl_weight *w, int n0, int n1, const float *x, float *y) {
    switch (w->type) {
#define MULTIPLY_BLOCKS(NAME, TYPE, GROUPS, BYTES, ROWS) \
    case TYPE: multiply_##NAME(w->blocks, n0, n1, w->columns, x, y); break;
#define MULTIPLY_PLAIN(NAME, TYPE, BYTES) case TYPE: multiply_##NAME(w->blocks, n0, n1, w->columns, x, y); break;
        BLOCK_FORMATS(MULTIPLY_BLOCKS)
        PLAIN_FORMATS(MULTIPLY_PLAIN)
#undef MULTIPLY_BLOCKS
#undef MULTIPLY_PLAIN
    }
}
