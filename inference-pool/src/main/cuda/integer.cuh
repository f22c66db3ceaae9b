/*
 * Products with activations of 8 bits, in the arithmetic of ADR 0014: an integer dot product per group of columns,
 * exact in any order, and their scaled sum by fused multiply-add, blocks ascending. The integer products are fragments
 * of matrices, sixteen weight rows by eight rows of activations by 32 columns: what a tensor core does in one
 * instruction is one step of this sum for 128 outputs.
 *
 * Quantised rows come in panels of eight. A panel has for each block of 32 columns a record: 8 × 8 words of codes, of
 * a row in the order of an 8-bit plane of packed.cuh, then d, d * sum(q) of the block, of its first and of its second
 * half, each for eight rows.
 */
#define PL_PANEL_ROWS 8
#define PL_RECORD_WORDS 96
#define PL_RECORD_CODES 64

/*
 * One row's quad of activations a thread, eight neighbours a block. Rows beyond the last fill the panel with zeros.
 * Bound by memory. Bits of a positive float are in the order of its value and those of NaN come last: a NaN becomes
 * the scale.
 */
extern "C" __global__ void pl_quantise_rows(int rows, int columns, const float *x, unsigned *panels) {
    int blocks = columns / PL_BLOCK, padded = (rows + PL_PANEL_ROWS - 1) / PL_PANEL_ROWS * PL_PANEL_ROWS;
    long long count = (long long)padded * blocks * 8;
    /* The count is whole warps, so every exchange has its partners. */
    for (long long i = pl_thread(); i < count; i += pl_threads()) {
        int quad = (int)(i % 8), block = (int)(i / 8 % blocks), row = (int)(i / 8 / blocks);
        float four[4] = {0, 0, 0, 0};
        if (row < rows) {
            const float *from = x + (long long)row * columns + PL_BLOCK * block + 4 * quad;
#pragma unroll
            for (int c = 0; c < 4; c++) {
                four[c] = from[c];
            }
        }
        unsigned bits = 0;
#pragma unroll
        for (int c = 0; c < 4; c++) {
            bits = max(bits, __float_as_uint(four[c]) & 0x7FFFFFFFu);
        }
        bits = max(bits, __shfl_xor_sync(0xFFFFFFFFu, bits, 1));
        bits = max(bits, __shfl_xor_sync(0xFFFFFFFFu, bits, 2));
        bits = max(bits, __shfl_xor_sync(0xFFFFFFFFu, bits, 4));
        float largest = __uint_as_float(bits), inverse = largest < 0x1p-100f ? 0.0f : 127.0f / largest;
        unsigned codes = 0;
        int sum = 0;
#pragma unroll
        for (int c = 0; c < 4; c++) {
            int code = __float2int_rn(four[c] * inverse);
            codes |= (unsigned)(code & 0xFF) << 8 * c;
            sum += code;
        }
        sum += __shfl_xor_sync(0xFFFFFFFFu, sum, 1);
        sum += __shfl_xor_sync(0xFFFFFFFFu, sum, 2);
        int whole = sum + __shfl_xor_sync(0xFFFFFFFFu, sum, 4);
        int m = row % PL_PANEL_ROWS;
        unsigned *record = panels + ((long long)(row / PL_PANEL_ROWS) * blocks + block) * PL_RECORD_WORDS;
        record[8 * m + 2 * (quad % 4) + quad / 4] = codes;
        float *scales = (float *)(record + PL_RECORD_CODES), d = largest / 127.0f;
        if (quad % 4 == 0) {
            scales[PL_PANEL_ROWS * (2 + quad / 4) + m] = d * (float)sum;
        }
        if (quad == 0) {
            scales[m] = d;
            scales[PL_PANEL_ROWS + m] = d * (float)whole;
        }
    }
}

/*
 * Of a fragment, the first of the thread's two weight rows, which are eight apart, and the first of its quads, four
 * apart.
 */
__device__ __forceinline__ int pl_fragment_row() { return threadIdx.x % 32 / 4; }
__device__ __forceinline__ int pl_fragment_quad() { return threadIdx.x % 4; }

/*
 * sums[16 × 8] += weights[16 × 16] * activations[16 × 8] in bytes. The fragments of mma.m16n8k16 (PTX ISA, "Matrix
 * Fragments for mma.m16n8k16 with integer type"), of the thread with g = lane / 4, t = lane % 4: upper is columns 4t …
 * 4t + 3 of weight row g, lower of row g + 8, x the same columns of activation row g; sums are (g, 2t), (g, 2t + 1),
 * (g + 8, 2t), (g + 8, 2t + 1). Devices without that instruction exchange the operands: the same sums.
 */
__device__ __forceinline__ void pl_multiply_fragment(int (&sums)[4], int upper, int lower, int x) {
#if defined(__CUDA_ARCH__) && __CUDA_ARCH__ >= 800
    asm volatile("mma.sync.aligned.m16n8k16.row.col.s32.s8.s8.s32 {%0, %1, %2, %3}, {%4, %5}, {%6}, {%0, %1, %2, %3};"
        : "+r"(sums[0]), "+r"(sums[1]), "+r"(sums[2]), "+r"(sums[3])
        : "r"(upper), "r"(lower), "r"(x));
#else
    int g = pl_fragment_row(), t = pl_fragment_quad();
#pragma unroll
    for (int i = 0; i < 4; i++) {
        int up = __shfl_sync(0xFFFFFFFFu, upper, 4 * g + i), low = __shfl_sync(0xFFFFFFFFu, lower, 4 * g + i);
        int first = __shfl_sync(0xFFFFFFFFu, x, 8 * t + i), second = __shfl_sync(0xFFFFFFFFu, x, 8 * t + 4 + i);
        sums[0] = __dp4a(up, first, sums[0]);
        sums[1] = __dp4a(up, second, sums[1]);
        sums[2] = __dp4a(low, first, sums[2]);
        sums[3] = __dp4a(low, second, sums[3]);
    }
#endif
}

/* The same over 32 columns: the second operand of each kind has the columns from 16 on (mma.m16n8k32). */
__device__ __forceinline__ void pl_multiply_fragments(int (&sums)[4], int2 upper, int2 lower, int2 x) {
#if defined(__CUDA_ARCH__) && __CUDA_ARCH__ >= 800
    asm volatile("mma.sync.aligned.m16n8k32.row.col.s32.s8.s8.s32 "
                 "{%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, {%0, %1, %2, %3};"
        : "+r"(sums[0]), "+r"(sums[1]), "+r"(sums[2]), "+r"(sums[3])
        : "r"(upper.x), "r"(lower.x), "r"(upper.y), "r"(lower.y), "r"(x.x), "r"(x.y));
#else
    pl_multiply_fragment(sums, upper.x, lower.x, x.x);
    pl_multiply_fragment(sums, upper.y, lower.y, x.y);
#endif
}

/*
 * Whole numbers below 2^22 to float without a conversion, of which a device makes fewer per clock than additions: an
 * integer sum starts with the bits of 1.5 * 2^23, so that it ends as the bits of 1.5 * 2^23 + sum, exactly.
 */
#define PL_WHOLE_BITS 0x4B400000
__device__ __forceinline__ float pl_whole(int sum) { return __int_as_float(sum) - 12582912.0f; }

/* The dot products of group `group` of a block: 16 weight rows × 8 activation rows. */
template <class F>
__device__ __forceinline__ void pl_group_sums(int (&sums)[4], int group, int2 upper, int2 lower, int2 x) {
#pragma unroll
    for (int i = 0; i < 4; i++) {
        sums[i] = PL_WHOLE_BITS;
    }
    if constexpr (F::GROUPS == 1) {
        pl_multiply_fragments(sums, upper, lower, x);
    } else if (group == 0) {
        pl_multiply_fragment(sums, upper.x, lower.x, x.x);
    } else {
        pl_multiply_fragment(sums, upper.y, lower.y, x.y);
    }
}

/* One step of the sum of ADR 0014; d and scaled (d * sum of codes) are the activations' part. */
template <class F>
__device__ __forceinline__ float pl_add_group(
    float sum, float scale, float minimum, float product, float d, float scaled) {
    sum = fmaf(scale * d, product, sum);
    return F::MINIMUM > 0 ? fmaf(minimum, scaled, sum) : F::MINIMUM < 0 ? fmaf(-minimum, scaled, sum) : sum;
}

/* Which of a record's scaled sums belongs to a group. */
template <class F> __device__ __forceinline__ int pl_scaled_kind(int group) { return F::GROUPS == 1 ? 1 : 2 + group; }

/* One of the products of a launch; type is that of a packed format. */
struct pl_product {
    const unsigned char *weights;
    int type, n;
    float *y;
};

/* The product that run number `number` of `run` tiles belongs to, and its first tile there. */
__device__ __forceinline__ pl_product pl_product_of(
    const pl_product &a, const pl_product &b, const pl_product &c, int number, int run, int &tile) {
    int rows = PL_TILE_ROWS * run, of_a = (a.n + rows - 1) / rows, of_b = (b.n + rows - 1) / rows;
    bool first = number < of_a, second = number < of_a + of_b;
    tile = run * (first ? number : second ? number - of_a : number - of_a - of_b);
    return first ? a : second ? b : c;
}

/*
 * Few rows of activations: bound by the memory that weights come from. A block of eight warps takes a tile; a warp
 * takes every eighth of its column blocks, so that a whole tile is under way at once, and leaves the integer sums in
 * shared memory. There the thread of an output adds them in order, while the words of the next chunk are on their way.
 */
#define PL_FEW_THREADS 256
#define PL_FEW_SUMS 4096
#define PL_FEW_SCALES 1024

/* A thread's words of a chunk of blocks. */
template <class F, int PANELS> struct pl_few {
    static constexpr int CHUNK = 32 / (PANELS * F::GROUPS), EACH = CHUNK / 8;
    static constexpr int SCALES = (CHUNK * PL_TILE_ROWS + PL_FEW_THREADS - 1) / PL_FEW_THREADS;

    pl_words<F> upper[EACH], lower[EACH];
    pl_scale_words<F> scales[SCALES];

    /* Brings this thread's share of a chunk: words of its warp's blocks, and the scales of some rows. */
    __device__ __forceinline__ void load(const pl_packed_tile<F> &tile, int chunk, int blocks) {
        int g = pl_fragment_row(), t = pl_fragment_quad();
#pragma unroll
        for (int i = 0; i < EACH; i++) {
            int block = chunk + threadIdx.x / 32 + 8 * i;
            if (block < blocks) {
                upper[i].load(tile, block, g, t);
                lower[i].load(tile, block, g + 8, t);
            }
        }
#pragma unroll
        for (int i = 0; i < SCALES; i++) {
            int at = threadIdx.x + PL_FEW_THREADS * i, block = chunk + at / PL_TILE_ROWS;
            if (at < CHUNK * PL_TILE_ROWS && block < blocks) {
                scales[i].load(tile, block, at % PL_TILE_ROWS);
            }
        }
    }

    /* sums[block][group][panel][row][8], factors[kind][block][group][row]. */
    __device__ __forceinline__ void multiply(
        int chunk, int blocks, const unsigned *panels, int rows, float *sums, float *factors) const {
        int g = pl_fragment_row(), t = pl_fragment_quad();
#pragma unroll
        for (int i = 0; i < EACH; i++) {
            int here = threadIdx.x / 32 + 8 * i, block = chunk + here;
            if (block >= blocks) { /* the same for the whole warp */
                continue;
            }
            int2 up = pl_quads<F>(upper[i], t), low = pl_quads<F>(lower[i], t);
#pragma unroll
            for (int p = 0; p < PANELS; p++) {
                const unsigned *record = panels + ((long long)p * blocks + block) * PL_RECORD_WORDS;
                /* Rows that only fill the panel are zeros, which need not be read. */
                bool present = PL_PANEL_ROWS * p + g < rows;
                int2 x = present ? *(const int2 *)(record + 8 * g + 2 * t) : make_int2(0, 0);
#pragma unroll
                for (int group = 0; group < F::GROUPS; group++) {
                    int whole[4];
                    pl_group_sums<F>(whole, group, up, low, x);
                    float *to = sums + ((here * F::GROUPS + group) * PANELS + p) * 128 + 8 * g + 2 * t;
                    *(float2 *)to = make_float2(pl_whole(whole[0]), pl_whole(whole[1]));
                    *(float2 *)(to + 64) = make_float2(pl_whole(whole[2]), pl_whole(whole[3]));
                }
            }
        }
#pragma unroll
        for (int i = 0; i < SCALES; i++) {
            int at = threadIdx.x + PL_FEW_THREADS * i, here = at / PL_TILE_ROWS;
            if (at < CHUNK * PL_TILE_ROWS && chunk + here < blocks) {
#pragma unroll
                for (int group = 0; group < F::GROUPS; group++) {
#pragma unroll
                    for (int kind = 0; kind < F::KINDS; kind++) {
                        factors[((kind * CHUNK + here) * F::GROUPS + group) * PL_TILE_ROWS + at % PL_TILE_ROWS] =
                            scales[i].value(group, kind);
                    }
                }
            }
        }
    }

    /* Adds a chunk's blocks to one output: row and m of a panel, whose record of the first block is given. */
    __device__ __forceinline__ static float add(
        float sum, int count, int output, const unsigned *record, const float *sums, const float *factors) {
        int panel = output / 128, row = output % 128 / 8, m = output % 8;
#pragma unroll 4
        for (int b = 0; b < count; b++) {
            const float *activations = (const float *)(record + (long long)b * PL_RECORD_WORDS + PL_RECORD_CODES) + m;
#pragma unroll
            for (int group = 0; group < F::GROUPS; group++) {
                int at = b * F::GROUPS + group;
                const float *scale = factors + at * PL_TILE_ROWS + row;
                float product = sums[(at * PANELS + panel) * 128 + output % 128];
                float minimum = F::MINIMUM ? scale[CHUNK * F::GROUPS * PL_TILE_ROWS] : 0.0f;
                float scaled = F::MINIMUM ? activations[PL_PANEL_ROWS * pl_scaled_kind<F>(group)] : 0.0f;
                sum = pl_add_group<F>(sum, *scale, minimum, product, *activations, scaled);
            }
        }
        return sum;
    }

    /* sums and factors have room for two chunks: one is added up while the next is multiplied. */
    __device__ __forceinline__ static void run(
        const pl_product &w, int number, int blocks, const unsigned *panels, int rows, float *sums, float *factors) {
        pl_packed_tile<F> tile(w.weights, number, blocks);
        int output = threadIdx.x, m = output / 128 * PL_PANEL_ROWS + output % 8;
        int n = PL_TILE_ROWS * number + output % 128 / 8;
        bool mine = output < 128 * PANELS && m < rows && n < w.n;
        const unsigned *record = panels + (long long)(output / 128) * blocks * PL_RECORD_WORDS;
        float sum = 0.0f;
        pl_few words;
        words.load(tile, 0, blocks);
        for (int chunk = 0, side = 0; chunk < blocks; chunk += CHUNK, side ^= 1) {
            float *sums_here = sums + side * PL_FEW_SUMS, *factors_here = factors + side * PL_FEW_SCALES;
            words.multiply(chunk, blocks, panels, rows, sums_here, factors_here);
            words.load(tile, chunk + CHUNK, blocks);
            __syncthreads();
            if (mine) {
                const unsigned *from = record + (long long)chunk * PL_RECORD_WORDS;
                sum = add(sum, min(CHUNK, blocks - chunk), output, from, sums_here, factors_here);
            }
        }
        if (mine) {
            w.y[(long long)m * w.n + n] = sum;
        }
    }
};

/* A product that is absent has n = 0. */
#define PL_PRODUCTS_PARAMETERS                                                                                         \
    int rows, int columns, const unsigned *panels, const unsigned char *weights_a, int type_a, int n_a, float *y_a,    \
        const unsigned char *weights_b, int type_b, int n_b, float *y_b, const unsigned char *weights_c, int type_c,   \
        int n_c, float *y_c
#define PL_PRODUCT_OF(run, tile)                                                                                       \
    pl_product_of({weights_a, type_a, n_a, y_a}, {weights_b, type_b, n_b, y_b}, {weights_c, type_c, n_c, y_c},         \
                  blockIdx.x, run, tile)

#define PL_FEW_CASE(number, panel_count, ...)                                                                          \
    case number:                                                                                                       \
        pl_few<pl_format<number, __VA_ARGS__>, panel_count>::run(                                                      \
            w, tile, columns / PL_BLOCK, panels, rows, sums, factors);                                                 \
        break;
#define PL_FEW_CASE_1(number, ...) PL_FEW_CASE(number, 1, __VA_ARGS__)
#define PL_FEW_CASE_2(number, ...) PL_FEW_CASE(number, 2, __VA_ARGS__)
#define PL_FEW(panel_count)                                                                                            \
    __shared__ __align__(16) float sums[2 * PL_FEW_SUMS];                                                              \
    __shared__ __align__(16) float factors[2 * PL_FEW_SCALES];                                                         \
    int tile;                                                                                                          \
    pl_product w = PL_PRODUCT_OF(1, tile);                                                                             \
    switch (w.type) { PL_PACKED_FORMATS(PL_FEW_CASE_##panel_count) }

/* Up to so many rows as the name says. Grid: the tiles of all products. */
extern "C" __global__ void __launch_bounds__(PL_FEW_THREADS) pl_matmul_few_8(PL_PRODUCTS_PARAMETERS) { PL_FEW(1) }
extern "C" __global__ void __launch_bounds__(PL_FEW_THREADS) pl_matmul_few_16(PL_PRODUCTS_PARAMETERS) { PL_FEW(2) }

/*
 * Sixteen bytes from global to shared memory, in the background where the device can; there after pl_copied and a
 * barrier.
 */
__device__ __forceinline__ void pl_copy_16(uint4 *to, const uint4 *from) {
#if defined(__CUDA_ARCH__) && __CUDA_ARCH__ >= 800
    unsigned place = (unsigned)__cvta_generic_to_shared(to);
    asm volatile("cp.async.cg.shared.global [%0], [%1], 16;" ::"r"(place), "l"(from) : "memory");
#else
    *to = *from;
#endif
}

__device__ __forceinline__ void pl_copied() {
#if defined(__CUDA_ARCH__) && __CUDA_ARCH__ >= 800
    asm volatile("cp.async.wait_all;" ::: "memory");
#endif
}

/*
 * Many rows of activations: bound by arithmetic, which is the three float operations that each step of each sum takes.
 * A warp has a tile of weights to itself, straight from memory in the form of fragments, one block ahead of its use;
 * the activations of all panels are in shared memory, the next chunk on its way, and each thread's sums in registers.
 */
#define PL_MANY_CHUNK 4
#define PL_MANY_PANELS 8
#define PL_MANY_SIDE (PL_MANY_PANELS * PL_MANY_CHUNK * PL_RECORD_WORDS)

/*
 * A chunk of up to PL_MANY_PANELS panels: to[panel][chunk] records; those of absent panels and blocks are not written.
 */
__device__ __forceinline__ void pl_copy_chunk(const unsigned *panels, int count, int chunk, int blocks, unsigned *to) {
    const int pieces = PL_MANY_CHUNK * PL_RECORD_WORDS / 4; /* of sixteen bytes */
    int here = min(PL_MANY_CHUNK, blocks - chunk) * (PL_RECORD_WORDS / 4);
    for (int i = threadIdx.x; i < count * pieces; i += blockDim.x) {
        int panel = i / pieces, piece = i % pieces;
        if (piece < here) {
            const unsigned *from = panels + ((long long)panel * blocks + chunk) * PL_RECORD_WORDS;
            pl_copy_16((uint4 *)to + i, (const uint4 *)from + piece);
        }
    }
}

__device__ __forceinline__ void pl_write_sums(
    const float (&sums)[PL_MANY_PANELS][4], const pl_product &w, int tile_number, int rows) {
    int g = pl_fragment_row(), t = pl_fragment_quad();
#pragma unroll
    for (int p = 0; p < PL_MANY_PANELS; p++) {
#pragma unroll
        for (int j = 0; j < 4; j++) {
            int m = PL_PANEL_ROWS * p + 2 * t + j % 2, n = PL_TILE_ROWS * tile_number + g + 8 * (j / 2);
            if (m < rows && n < w.n) {
                w.y[(long long)m * w.n + n] = sums[p][j];
            }
        }
    }
}

/* A thread's words of a block, of weight rows g and g + 8. */
template <class F> struct pl_many {
    pl_words<F> upper, lower;
    pl_scale_words<F> upper_scale, lower_scale;

    __device__ __forceinline__ void load(const pl_packed_tile<F> &tile, int block) {
        int g = pl_fragment_row(), t = pl_fragment_quad();
        upper.load(tile, block, g, t);
        lower.load(tile, block, g + 8, t);
        upper_scale.load(tile, block, g);
        lower_scale.load(tile, block, g + 8);
    }

    /* One block of 32 columns times `count` panels, whose records are a chunk apart. */
    __device__ __forceinline__ void add(float (&sums)[PL_MANY_PANELS][4], int count, const unsigned *records) const {
        int g = pl_fragment_row(), t = pl_fragment_quad();
        int2 up = pl_quads<F>(upper, t), low = pl_quads<F>(lower, t);
#pragma unroll
        for (int group = 0; group < F::GROUPS; group++) {
            float scale[2] = {upper_scale.value(group, 0), lower_scale.value(group, 0)}, minimum[2] = {0, 0};
            if constexpr (F::MINIMUM != 0) {
                minimum[0] = upper_scale.value(group, 1);
                minimum[1] = lower_scale.value(group, 1);
            }
#pragma unroll
            for (int p = 0; p < PL_MANY_PANELS; p++) {
                if (p < count) { /* the same for the whole block */
                    const unsigned *record = records + p * PL_MANY_CHUNK * PL_RECORD_WORDS;
                    const float *activations = (const float *)(record + PL_RECORD_CODES) + 2 * t;
                    int whole[4];
                    pl_group_sums<F>(whole, group, up, low, *(const int2 *)(record + 8 * g + 2 * t));
                    float2 d = *(const float2 *)activations, scaled = make_float2(0, 0);
                    if constexpr (F::MINIMUM != 0) {
                        scaled = *(const float2 *)(activations + PL_PANEL_ROWS * pl_scaled_kind<F>(group));
                    }
#pragma unroll
                    for (int j = 0; j < 4; j++) {
                        sums[p][j] = pl_add_group<F>(sums[p][j], scale[j / 2], minimum[j / 2], pl_whole(whole[j]),
                                                     j % 2 ? d.y : d.x, j % 2 ? scaled.y : scaled.x);
                    }
                }
            }
        }
    }

    /* The tile may lie beyond the product's last: its warp then only brings activations. */
    __device__ __forceinline__ static void run(
        const pl_product &w, int number, int blocks, const unsigned *panels, int count, int rows, unsigned *shared) {
        bool working = PL_TILE_ROWS * number < w.n;
        pl_packed_tile<F> tile(w.weights, number, blocks);
        float sums[PL_MANY_PANELS][4] = {};
        pl_many next;
        if (working) {
            next.load(tile, 0);
        }
        pl_copy_chunk(panels, count, 0, blocks, shared);
        for (int chunk = 0, side = 0; chunk < blocks; chunk += PL_MANY_CHUNK, side ^= 1) {
            pl_copied();
            __syncthreads();
            if (chunk + PL_MANY_CHUNK < blocks) {
                pl_copy_chunk(panels, count, chunk + PL_MANY_CHUNK, blocks, shared + (side ^ 1) * PL_MANY_SIDE);
            }
            int here = working ? min(PL_MANY_CHUNK, blocks - chunk) : 0;
#pragma unroll 1
            for (int i = 0; i < here; i++) {
                pl_many words = next;
                if (chunk + i + 1 < blocks) {
                    next.load(tile, chunk + i + 1);
                }
                words.add(sums, count, shared + side * PL_MANY_SIDE + i * PL_RECORD_WORDS);
            }
        }
        if (working) {
            pl_write_sums(sums, w, number, rows);
        }
    }
};

#define PL_MANY_CASE(number, ...)                                                                                      \
    case number:                                                                                                       \
        pl_many<pl_format<number, __VA_ARGS__>>::run(w, tile, blocks, panels, count, rows, shared);                    \
        break;

/*
 * Any number of rows. Grid: runs of tiles, one tile a warp, of all products, by rows / 64; whole warps, at most eight.
 */
extern "C" __global__ void __launch_bounds__(256, 2) pl_matmul_many(PL_PRODUCTS_PARAMETERS) {
    __shared__ __align__(16) unsigned shared[2 * PL_MANY_SIDE];
    int tile, blocks = columns / PL_BLOCK, first = PL_MANY_PANELS * blockIdx.y;
    pl_product w = PL_PRODUCT_OF(blockDim.x / 32, tile);
    tile += threadIdx.x / 32;
    panels += (long long)first * blocks * PL_RECORD_WORDS;
    rows -= first * PL_PANEL_ROWS;
    w.y += (long long)first * PL_PANEL_ROWS * w.n;
    int count = min(PL_MANY_PANELS, (rows + PL_PANEL_ROWS - 1) / PL_PANEL_ROWS);
    switch (w.type) { PL_PACKED_FORMATS(PL_MANY_CASE) }
}
