/*
 * Weights on a device. F32, F16 and BF16 stay row-major as they are in the file. A block format is packed when it is
 * uploaded: codes and scales stay exactly what they are, in an order that suits warps; products in integers, products
 * in float32, gradients and embeddings all read this one form.
 *
 * Sixteen rows are a tile. A tile holds, each for all of its blocks of 32 columns:
 *   factors  [units][16 rows][kinds] float16: scale and, if the format has it, minimum; a unit is a block, or the eight
 *            blocks of a super-block
 *   smalls   [blocks][16 rows][groups][kinds] bytes that a super-block's factors are multiplied by
 *   low      [blocks][16 rows][low_bits] words of 32 bits
 *   high     [blocks][16 rows][high_bits] words
 * The codes of a row's block are eight quads of four columns, one above the other in each byte: of a plane of b bits,
 * word q mod b holds quad q from bit b * (q / b) of each byte. Of 8 bits, word 2 * (q mod 4) + q / 4 is quad q. So the
 * thread that stands for columns 4t … 4t + 3 and 16 + 4t … (t < 4) of a matrix fragment has them in one word or in two
 * that are neighbours, and a warp reads runs of 128 bytes.
 */

#define PL_TILE_ROWS 16
#define PL_BLOCK 32
#define PL_SUPER 8

/* F(ggml type, bits in the low plane, in the high plane, code that stands for zero, columns per scale,
     minimum: 0 none, 1 added, -1 subtracted, super-blocks, codes are numbers of levels) */
#define PL_PACKED_FORMATS(F)                                                                                           \
    F(2, 4, 0, 8, 32, 0, 0, 0)    /* Q4_0 */                                                                           \
    F(3, 4, 0, 0, 32, 1, 0, 0)    /* Q4_1 */                                                                           \
    F(6, 4, 1, 16, 32, 0, 0, 0)   /* Q5_0 */                                                                           \
    F(7, 4, 1, 0, 32, 1, 0, 0)    /* Q5_1 */                                                                           \
    F(8, 8, 0, 0, 32, 0, 0, 0)    /* Q8_0: signed codes */                                                             \
    F(10, 2, 0, 0, 16, -1, 1, 0)  /* Q2_K */                                                                           \
    F(11, 2, 1, 4, 16, 0, 1, 0)   /* Q3_K */                                                                           \
    F(12, 4, 0, 0, 32, -1, 1, 0)  /* Q4_K */                                                                           \
    F(13, 4, 1, 0, 32, -1, 1, 0)  /* Q5_K */                                                                           \
    F(14, 4, 2, 32, 16, 0, 1, 0)  /* Q6_K */                                                                           \
    F(20, 4, 0, 0, 32, 0, 0, 1)   /* IQ4_NL */                                                                         \
    F(23, 4, 0, 0, 32, 0, 1, 1)   /* IQ4_XS */

#define PL_F32 0
#define PL_F16 1
#define PL_BF16 30

template <int type, int low_bits, int high_bits, int zero, int group, int minimum, int super, int levels>
struct pl_format {
    static constexpr int TYPE = type, LOW = low_bits, HIGH = high_bits, ZERO = zero, MINIMUM = minimum, LEVELS = levels;
    static constexpr int GROUPS = PL_BLOCK / group, KINDS = minimum ? 2 : 1, UNIT = super ? PL_SUPER : 1;
    /* Bytes of a row in a block, or in a unit. */
    static constexpr int FACTOR = 2 * KINDS, SMALL = super ? GROUPS * KINDS : 0;

    __device__ static __forceinline__ long long tile_bytes(int blocks) {
        return (long long)PL_TILE_ROWS * (blocks / UNIT * FACTOR + blocks * (SMALL + 4 * (LOW + HIGH)));
    }
};

/* Where the parts of a tile lie. */
template <class F> struct pl_packed_tile {
    const unsigned char *factors, *smalls;
    const unsigned *low, *high;

    __device__ __forceinline__ pl_packed_tile(const unsigned char *weights, long long tile, int blocks) {
        factors = weights + tile * F::tile_bytes(blocks);
        smalls = factors + PL_TILE_ROWS * F::FACTOR * (blocks / F::UNIT);
        low = (const unsigned *)(smalls + (long long)PL_TILE_ROWS * F::SMALL * blocks);
        high = low + (long long)PL_TILE_ROWS * F::LOW * blocks;
    }
};

/*
 * Quads t and t + 4 of one row's block as they lie in memory: loads apart from use, so that many are under way at
 * once.
 */
template <class F> struct pl_words {
    unsigned low = 0, second = 0, high = 0;

    __device__ __forceinline__ void load(const pl_packed_tile<F> &tile, int block, int row, int t) {
        long long at = (long long)block * PL_TILE_ROWS + row;
        if constexpr (F::LOW == 8) {
            uint2 both = *(const uint2 *)(tile.low + at * 8 + 2 * t);
            low = both.x;
            second = both.y;
        } else {
            low = tile.low[at * F::LOW + t % F::LOW];
        }
        if constexpr (F::HIGH > 0) {
            high = tile.high[at * F::HIGH + t % F::HIGH];
        }
    }
};

/* The bits of a plane that belong to quad `quad`; not for 8 bits. */
template <int BITS> __device__ __forceinline__ unsigned pl_plane(unsigned word, int quad) {
    return word >> BITS * (quad / BITS) & 0x01010101u * ((1u << BITS) - 1);
}

/* Levels of IQ4_NL and IQ4_XS for the numbers in four bytes. */
__device__ __forceinline__ unsigned pl_levels(unsigned numbers) {
    unsigned pairs = (numbers | numbers >> 4) & 0x00FF00FFu;
    unsigned selector = pairs | pairs >> 8;
    unsigned below = __byte_perm(0xBFAD9881u, 0xF6EADDCFu, selector & 0x7777u); /* -127 -104 -83 -65, -49 -35 -22 -10 */
    unsigned above = __byte_perm(0x26190D01u, 0x71594535u, selector & 0x7777u); /* 1 13 25 38, 53 69 89 113 */
    return __byte_perm(below, above, 0x3210u | (selector & 0x8888u) >> 1);
}

/* Four codes as signed bytes, less the code that stands for zero; no carry leaves a byte. */
template <class F> __device__ __forceinline__ int pl_signed(unsigned codes) {
    if constexpr (F::LEVELS) {
        return (int)pl_levels(codes);
    } else if constexpr (F::ZERO) {
        return (int)((codes + 0x01010101u * (128 - F::ZERO)) ^ 0x80808080u);
    } else {
        return (int)codes;
    }
}

/* Quads t (x) and t + 4 (y). */
template <class F> __device__ __forceinline__ int2 pl_quads(const pl_words<F> &words, int t) {
    if constexpr (F::LOW == 8) {
        return make_int2((int)words.low, (int)words.second);
    } else {
        unsigned first = pl_plane<F::LOW>(words.low, t), second = pl_plane<F::LOW>(words.low, t + 4);
        if constexpr (F::HIGH > 0) {
            first |= pl_plane<F::HIGH>(words.high, t) << F::LOW;
            second |= pl_plane<F::HIGH>(words.high, t + 4) << F::LOW;
        }
        return make_int2(pl_signed<F>(first), pl_signed<F>(second));
    }
}

/* The scales of one row's block as they lie in memory. */
template <class F> struct pl_scale_words {
    unsigned factor = 0, small = 0;

    __device__ __forceinline__ void load(const pl_packed_tile<F> &tile, int block, int row) {
        const unsigned char *f = tile.factors + (block / F::UNIT * PL_TILE_ROWS + row) * F::FACTOR;
        factor = F::FACTOR == 4 ? *(const unsigned *)f : *(const unsigned short *)f;
        const unsigned char *s = tile.smalls + ((long long)block * PL_TILE_ROWS + row) * F::SMALL;
        small = F::SMALL == 4   ? *(const unsigned *)s
                : F::SMALL == 2 ? *(const unsigned short *)s
                : F::SMALL == 1 ? *s
                                : 0;
    }

    /* Scale (kind 0) or minimum (kind 1) of a group. */
    __device__ __forceinline__ float value(int group, int kind) const {
        float f = pl_half_to_float((unsigned short)(factor >> 16 * kind));
        if constexpr (F::SMALL > 0) {
            return f * (float)(signed char)(small >> 8 * (group * F::KINDS + kind));
        } else {
            return f;
        }
    }
};

__device__ __forceinline__ float pl_byte_value(int four, int i) { return (float)(signed char)(four >> 8 * i); }

/* scale * code, then the minimum, each rounded: what unpacking the format's own blocks gives. */
template <class F> __device__ __forceinline__ float pl_element(float scale, float minimum, float code) {
    float value = scale * code;
    return F::MINIMUM > 0 ? value + minimum : F::MINIMUM < 0 ? value - minimum : value;
}

/* Columns 4t … 4t + 3 and 16 + 4t … of a row's block. */
template <class F> struct pl_eight {
    pl_words<F> words;
    pl_scale_words<F> scales;

    __device__ __forceinline__ void load(const pl_packed_tile<F> &tile, int block, int row, int t) {
        words.load(tile, block, row, t);
        scales.load(tile, block, row);
    }

    __device__ __forceinline__ void values(int t, float (&first)[4], float (&second)[4]) const {
        int2 quads = pl_quads<F>(words, t);
        float scale = scales.value(0, 0), later = F::GROUPS == 2 ? scales.value(1, 0) : scale;
        float minimum = F::MINIMUM ? scales.value(0, 1) : 0.0f;
        float later_minimum = F::MINIMUM && F::GROUPS == 2 ? scales.value(1, 1) : minimum;
#pragma unroll
        for (int i = 0; i < 4; i++) {
            first[i] = pl_element<F>(scale, minimum, pl_byte_value(quads.x, i));
            second[i] = pl_element<F>(later, later_minimum, pl_byte_value(quads.y, i));
        }
    }
};

/* Threads of a block that computes float32 products. */
#define PL_PRODUCT_THREADS 256

/* Blocks first … first + COUNT - 1 of a tile's rows as float32; a thread's loads are under way together. */
template <class F, int COUNT>
__device__ __forceinline__ void pl_unpack_tile(
    const unsigned char *weights, long long tile_number, int blocks, int first, float *target, int stride) {
    constexpr int PARTS = 4 * PL_TILE_ROWS * COUNT, BATCH = (PARTS + PL_PRODUCT_THREADS - 1) / PL_PRODUCT_THREADS;
    pl_packed_tile<F> tile(weights, tile_number, blocks);
    pl_eight<F> parts[BATCH];
    int t = threadIdx.x % 4, row = threadIdx.x / 4 % PL_TILE_ROWS, b = threadIdx.x / (4 * PL_TILE_ROWS);
    constexpr int STEP = PL_PRODUCT_THREADS / (4 * PL_TILE_ROWS); /* blocks */
#pragma unroll
    for (int i = 0; i < BATCH; i++) {
        if (b + STEP * i < COUNT && first + b + STEP * i < blocks) {
            parts[i].load(tile, first + b + STEP * i, row, t);
        }
    }
#pragma unroll
    for (int i = 0; i < BATCH; i++) {
        if (b + STEP * i < COUNT) { /* beyond the last column the scale is zero */
            float low[4], high[4];
            parts[i].values(t, low, high);
            float4 *to = (float4 *)(target + row * stride + PL_BLOCK * (b + STEP * i) + 4 * t);
            to[0] = make_float4(low[0], low[1], low[2], low[3]);
            to[4] = make_float4(high[0], high[1], high[2], high[3]);
        }
    }
}

/* store(i, load(i)) for i < COUNT by the block's threads; up to eight loads of a thread are under way together. */
template <int COUNT, class Load, class Store> __device__ __forceinline__ void pl_stage(Load load, Store store) {
    constexpr int EACH = (COUNT + PL_PRODUCT_THREADS - 1) / PL_PRODUCT_THREADS, BATCH = EACH < 8 ? EACH : 8;
#pragma unroll 1
    for (int first = threadIdx.x; first < COUNT; first += BATCH * PL_PRODUCT_THREADS) {
        float values[BATCH];
#pragma unroll
        for (int i = 0; i < BATCH; i++) {
            int at = first + i * PL_PRODUCT_THREADS;
            values[i] = at < COUNT ? load(at) : 0.0f;
        }
#pragma unroll
        for (int i = 0; i < BATCH; i++) {
            int at = first + i * PL_PRODUCT_THREADS;
            if (at < COUNT) {
                store(at, values[i]);
            }
        }
    }
}

__device__ __forceinline__ float pl_plain(const unsigned char *weights, int type, long long index) {
    return type == PL_F32   ? ((const float *)weights)[index]
           : type == PL_F16 ? pl_half_to_float(((const unsigned short *)weights)[index])
                            : pl_bfloat_to_float(((const unsigned short *)weights)[index]);
}

/* A matrix W[rows, columns] of any format. */
struct pl_weight {
    const unsigned char *data;
    int type, rows, columns;
};

/* The same as pl_unpack of a matrix in F32, F16 or BF16. */
template <int ROWS, int COLUMNS>
__device__ __forceinline__ void pl_unpack_plain(const pl_weight &w, int row, int column, float *target, int stride) {
    auto load = [=](int i) {
        int r = row + i / COLUMNS, k = column + i % COLUMNS;
        return r < w.rows && k < w.columns ? pl_plain(w.data, w.type, (long long)r * w.columns + k) : 0.0f;
    };
    pl_stage<ROWS * COLUMNS>(load, [=](int i, float value) { target[i / COLUMNS * stride + i % COLUMNS] = value; });
}

/*
 * target[r * stride + k] = W[row + r, column + k] for r < ROWS, k < COLUMNS, by all threads of the block; 0 beyond the
 * last column, anything beyond the last row. row and ROWS are whole tiles, column and COLUMNS whole blocks.
 */
template <int ROWS, int COLUMNS>
__device__ __forceinline__ void pl_unpack(const pl_weight &w, int row, int column, float *target, int stride) {
    int blocks = w.columns / PL_BLOCK, end = min(ROWS, w.rows - row);
#define PL_UNPACK(type, ...)                                                                                           \
    case type:                                                                                                         \
        _Pragma("unroll 1") for (int r = 0; r < end; r += PL_TILE_ROWS) {                                              \
            pl_unpack_tile<pl_format<type, __VA_ARGS__>, COLUMNS / PL_BLOCK>(                                          \
                w.data, (row + r) / PL_TILE_ROWS, blocks, column / PL_BLOCK, target + r * stride, stride);             \
        }                                                                                                              \
        break;
    switch (w.type) {
        PL_PACKED_FORMATS(PL_UNPACK)
        default: pl_unpack_plain<ROWS, COLUMNS>(w, row, column, target, stride);
    }
#undef PL_UNPACK
}

/* Eight columns of a row, scaled, by the thread with number `eight` in the row. */
template <class F>
__device__ __forceinline__ void pl_embed_eight(
    const unsigned char *weights, int columns, int row, int eight, float scale, float *out) {
    pl_packed_tile<F> tile(weights, row / PL_TILE_ROWS, columns / PL_BLOCK);
    float low[4], high[4];
    int t = eight % 4, block = eight / 4;
    pl_eight<F> part;
    part.load(tile, block, row % PL_TILE_ROWS, t);
    part.values(t, low, high);
#pragma unroll
    for (int i = 0; i < 4; i++) {
        out[PL_BLOCK * block + 4 * t + i] = scale * low[i];
        out[PL_BLOCK * block + 16 + 4 * t + i] = scale * high[i];
    }
}

/* out[i, k] = scale * W[tokens[i], k]; bound by memory. */
extern "C" __global__ void pl_embed(
    const unsigned char *weights, int type, int columns, const int *tokens, int count, float scale, float *out) {
    bool plain = type == PL_F32 || type == PL_F16 || type == PL_BF16;
    int share = plain ? columns : columns / 8;
    for (long long i = pl_thread(); i < (long long)count * share; i += pl_threads()) {
        int row = tokens[i / share], part = (int)(i % share);
        float *to = out + i / share * columns;
#define PL_EMBED(number, ...)                                                                                          \
    case number: pl_embed_eight<pl_format<number, __VA_ARGS__>>(weights, columns, row, part, scale, to); break;
        switch (type) {
            PL_PACKED_FORMATS(PL_EMBED)
            default: to[part] = scale * pl_plain(weights, type, (long long)row * columns + part);
        }
#undef PL_EMBED
    }
}
