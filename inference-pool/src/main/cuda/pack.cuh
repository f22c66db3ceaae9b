/*
 * Brings blocks as the file has them into the order of packed.cuh, as they come from the host in pieces. Runs once per
 * weight and takes a fraction of the time of the copy; so it is written to be read.
 */

/* Bytes of a format's own block. */
__device__ __forceinline__ int pl_file_bytes(int type) {
    switch (type) {
        case 2: return 18;
        case 3: return 20;
        case 6: return 22;
        case 7: return 24;
        case 8: return 34;
        case 10: return 84;
        case 11: return 110;
        case 12: return 144;
        case 13: return 176;
        case 14: return 210;
        case 20: return 18;
        default: return 136;
    }
}

__device__ __forceinline__ int pl_nibble(const unsigned char *q, int j) { return j < 16 ? q[j] & 15 : q[j - 16] >> 4; }

__device__ __forceinline__ int pl_bit(const unsigned char *bits, int j) { return bits[j / 8] >> j % 8 & 1; }

/* The code of column j of sub-block s (of 32 columns) in the block at x. */
template <int TYPE> __device__ __forceinline__ int pl_file_code(const unsigned char *x, int s, int j) {
    switch (TYPE) {
        case 2:
        case 20: return pl_nibble(x + 2, j);
        case 3: return pl_nibble(x + 4, j);
        case 6: return pl_nibble(x + 6, j) | pl_bit(x + 2, j) << 4;
        case 7: return pl_nibble(x + 8, j) | pl_bit(x + 4, j) << 4;
        case 8: return x[2 + j];
        case 10: return x[16 + 32 * (s / 4) + j] >> 2 * (s % 4) & 3;
        case 11: return (x[32 + 32 * (s / 4) + j] >> 2 * (s % 4) & 3) | (x[j] >> s & 1) << 2;
        case 12: return x[16 + 32 * (s / 2) + j] >> 4 * (s % 2) & 15;
        case 13: return (x[48 + 32 * (s / 2) + j] >> 4 * (s % 2) & 15) | (x[16 + j] >> s & 1) << 4;
        case 14: {
            int half = s / 4, quarter = s % 4;
            int low = x[64 * half + 32 * (quarter % 2) + j] >> 4 * (quarter / 2) & 15;
            return low | (x[128 + 32 * half + j] >> 2 * quarter & 3) << 4;
        }
        default: return pl_nibble(x + 8 + 16 * s, j);
    }
}

/* The float16 scale (kind 0) or minimum (kind 1) of the block at x. */
template <int TYPE> __device__ __forceinline__ int pl_file_factor(const unsigned char *x, int kind) {
    int at = 2 * kind + (TYPE == 10 ? 80 : TYPE == 11 ? 108 : TYPE == 14 ? 208 : 0);
    return x[at] | x[at + 1] << 8;
}

/* The byte that multiplies the factor, of group g of sub-block s. */
template <int TYPE> __device__ __forceinline__ int pl_file_small(const unsigned char *x, int s, int g, int kind) {
    int i = 2 * s + g;
    switch (TYPE) {
        case 10: return kind == 0 ? x[i] & 15 : x[i] >> 4;
        case 11: return ((x[96 + i % 8] >> 4 * (i / 8) & 15) | (x[104 + i % 4] >> 2 * (i / 4) & 3) << 4) - 32;
        case 14: return x[192 + i];
        case 23: return ((x[4 + s / 2] >> 4 * (s % 2) & 15) | (x[2 + s / 4] >> 2 * (s % 4) & 3) << 4) - 32;
        default: /* six bits each for eight scales and eight minima */
            x += 4;
            return s < 4          ? x[s + 4 * kind] & 63
                   : kind == 0    ? (x[s + 4] & 15) | x[s - 4] >> 6 << 4
                                  : x[s + 4] >> 4 | x[s] >> 6 << 4;
    }
}

/* Word v of a plane of BITS bits, which are the bits of the codes from bit `from`. */
template <int TYPE, int BITS>
__device__ __forceinline__ unsigned pl_file_plane(const unsigned char *x, int s, int v, int from) {
    unsigned word = 0;
#pragma unroll
    for (int i = 0; i < 8 / BITS; i++) {
#pragma unroll
        for (int c = 0; c < 4; c++) {
            unsigned code = (unsigned)pl_file_code<TYPE>(x, s, 4 * (v + BITS * i) + c);
            word |= (code >> from & ((1u << BITS) - 1)) << (8 * c + BITS * i);
        }
    }
    return word;
}

/* One row's block; x is NULL for a row that only fills the tile. */
template <class F>
__device__ __forceinline__ void pl_pack_block(
    const unsigned char *x, unsigned char *packed, long long tile_number, int row, int blocks, int block) {
    pl_packed_tile<F> tile(packed, tile_number, blocks);
    int s = block % F::UNIT;
    long long at = (long long)block * PL_TILE_ROWS + row;
#pragma unroll
    for (int v = 0; v < F::LOW; v++) {
        int place = F::LOW == 8 ? 2 * (v % 4) + v / 4 : v;
        ((unsigned *)tile.low)[at * F::LOW + place] = x == nullptr ? 0 : pl_file_plane<F::TYPE, F::LOW>(x, s, v, 0);
    }
    if constexpr (F::HIGH > 0) {
#pragma unroll
        for (int v = 0; v < F::HIGH; v++) {
            ((unsigned *)tile.high)[at * F::HIGH + v] =
                x == nullptr ? 0 : pl_file_plane<F::TYPE, F::HIGH>(x, s, v, F::LOW);
        }
    }
#pragma unroll
    for (int kind = 0; kind < F::KINDS; kind++) {
        if (s == 0) {
            unsigned short *factors = (unsigned short *)tile.factors;
            factors[(block / F::UNIT * PL_TILE_ROWS + row) * F::KINDS + kind] =
                x == nullptr ? 0 : (unsigned short)pl_file_factor<F::TYPE>(x, kind);
        }
        if constexpr (F::SMALL > 0) {
            for (int g = 0; g < F::GROUPS; g++) {
                ((unsigned char *)tile.smalls)[at * F::SMALL + g * F::KINDS + kind] =
                    x == nullptr ? 0 : (unsigned char)pl_file_small<F::TYPE>(x, s, g, kind);
            }
        }
    }
}

/* Packs rows of a matrix, from a row that starts a tile; file[rows, blocks of the file], packed: that tile. */
extern "C" __global__ void pl_pack(const unsigned char *file, int type, int rows, int columns, unsigned char *packed) {
    int blocks = columns / PL_BLOCK, padded = (rows + PL_TILE_ROWS - 1) / PL_TILE_ROWS * PL_TILE_ROWS;
    for (long long i = pl_thread(); i < (long long)padded * blocks; i += pl_threads()) {
        long long row = i / blocks;
        int block = (int)(i % blocks);
#define PL_PACK(number, ...)                                                                                           \
    case number: {                                                                                                     \
        typedef pl_format<number, __VA_ARGS__> F;                                                                      \
        const unsigned char *x = file + (row * (blocks / F::UNIT) + block / F::UNIT) * pl_file_bytes(number);          \
        pl_pack_block<F>(row < rows ? x : nullptr, packed, row / PL_TILE_ROWS, row % PL_TILE_ROWS, blocks, block);     \
        break;                                                                                                         \
    }
        switch (type) { PL_PACKED_FORMATS(PL_PACK) }
#undef PL_PACK
    }
}
