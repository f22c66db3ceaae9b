/*
 * Weights packed for integer dot products (docs/decisions/0014). Sixteen rows form a tile, so that one vector lane is
 * one row; a tile holds the scales of all its blocks, then their codes.
 *
 * Codes of a block (32 columns) come in eight quads of four consecutive columns. Quad i of row r is the r-th 32-bit
 * word of a 64-byte vector; a vector of the low plane holds 8 / low_bits quads, one above the other in each byte:
 *   4 bits: vector g holds quad g in its low and quad g + 4 in its high half
 *   2 bits: vector g holds quads g, g + 2, g + 4, g + 6, lowest bits first
 *   8 bits: vector g is quad g
 * The high plane, if there is one, has 8 quads of 1 bit, or twice 4 quads of 2 bits, in the same way.
 *
 * Scales: 16 float16 per block (and 16 minima); for super-blocks 16 float16 factors per 256 columns (and 16 for
 * minima), then for each block and group 16 signed bytes (and 16 for minima).
 */
#ifndef PLUMBLINE_PACKED_LAYOUT_H
#define PLUMBLINE_PACKED_LAYOUT_H

#include "plumbline.h"

enum { TILE_ROWS = 16, BLOCK = 32, SUPER = 8 /* blocks */, PLANE_BIT = 64 /* bytes per bit of a block's codes */ };

/* A block format as data. */
typedef struct {
    int low_bits, high_bits; /* bits of a code in each plane */
    int zero_shift;          /* log2 of the code that stands for zero; -1 = the code 0 does */
    int group;               /* columns per scale: 16 or 32 */
    int minimum;             /* 0 none, 1 added, -1 subtracted */
    int super;               /* whether scales are bytes times a factor per 256 columns */
    int levels;              /* whether codes are numbers of the non-linear levels */
} packed_format;

#define PACKED_FORMATS(F)                    \
    F(2, Q4_0, 4, 0, 3, 32, 0, 0, 0)         \
    F(3, Q4_1, 4, 0, -1, 32, 1, 0, 0)        \
    F(6, Q5_0, 4, 1, 4, 32, 0, 0, 0)         \
    F(7, Q5_1, 4, 1, -1, 32, 1, 0, 0)        \
    F(8, Q8_0, 8, 0, 7, 32, 0, 0, 0)         \
    F(10, Q2_K, 2, 0, -1, 16, -1, 1, 0)      \
    F(11, Q3_K, 2, 1, 2, 16, 0, 1, 0)        \
    F(12, Q4_K, 4, 0, -1, 32, -1, 1, 0)      \
    F(13, Q5_K, 4, 1, -1, 32, -1, 1, 0)      \
    F(14, Q6_K, 4, 2, 5, 16, 0, 1, 0)        \
    F(20, IQ4_NL, 4, 0, 7, 32, 0, 0, 1)      \
    F(23, IQ4_XS, 4, 0, 7, 32, 0, 1, 1)

PL_INLINE size_t block_code_bytes(packed_format f) { return (size_t)(f.low_bits + f.high_bits) * PLANE_BIT; }

/* Bytes of one kind of scale (scales proper, or minima) of a tile's block, or of eight blocks of a super-block. */
PL_INLINE size_t scale_bytes(packed_format f) {
    return f.super ? 32 + (size_t)SUPER * (size_t)(BLOCK / f.group) * TILE_ROWS : 32;
}
/* Bytes of all scales of a tile. */
PL_INLINE size_t tile_scale_bytes(packed_format f, int blocks) {
    size_t units = f.super ? (size_t)blocks / SUPER : (size_t)blocks;
    return pl_align(units * scale_bytes(f) * (f.minimum ? 2 : 1));
}
PL_INLINE size_t tile_bytes(packed_format f, int blocks) {
    return tile_scale_bytes(f, blocks) + (size_t)blocks * block_code_bytes(f);
}

/* Level + 128 of each number, IQ4_NL and IQ4_XS. */
static const uint8_t iq4_levels[16] = {1, 24, 45, 63, 79, 93, 106, 118, 129, 141, 153, 166, 181, 197, 217, 241};

#endif
