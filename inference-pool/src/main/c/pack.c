/* Packs weights from ggml blocks into the layout of packed_layout.h. The codes and scales stay exactly what they are. */
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "packed_layout.h"

#define PACKED_ROW(type, name, low, high, zero, group, minimum, super, levels) \
    [type] = {low, high, zero, group, minimum, super, levels},
static const packed_format formats[] = {PACKED_FORMATS(PACKED_ROW)};

/* What a format's blocks of 32 columns hold, still in the format's own terms. */
typedef struct {
    uint8_t code[BLOCK];
    uint16_t scale, minimum;         /* float16; of the super-block where there is one */
    int8_t group_scale[2], group_minimum[2];
} plain_block;

static const packed_format *format_of(int type) {
    int known = type >= 0 && type < (int)(sizeof formats / sizeof *formats) && formats[type].low_bits != 0;
    return known ? &formats[type] : NULL;
}

static uint16_t half_at(const uint8_t *p) {
    uint16_t bits;
    memcpy(&bits, p, sizeof bits);
    return bits;
}

static void nibbles(const uint8_t *q, uint8_t *code) {
    for (int j = 0; j < 16; j++) {
        code[j] = q[j] & 15;
        code[j + 16] = q[j] >> 4;
    }
}

static void fifths(const uint8_t *bits, uint8_t *code) {
    uint32_t fifth;
    memcpy(&fifth, bits, sizeof fifth);
    for (int j = 0; j < BLOCK; j++) {
        code[j] |= (uint8_t)((fifth >> j & 1) << 4);
    }
}

/* The 6-bit scale and minimum of group s in the 12 packed bytes of Q4_K and Q5_K. */
static void six_bits(const uint8_t *packed, int s, plain_block *b) {
    if (s < 4) {
        b->group_scale[0] = (int8_t)(packed[s] & 63);
        b->group_minimum[0] = (int8_t)(packed[s + 4] & 63);
    } else {
        b->group_scale[0] = (int8_t)((packed[s + 4] & 15) | packed[s - 4] >> 6 << 4);
        b->group_minimum[0] = (int8_t)(packed[s + 4] >> 4 | packed[s] >> 6 << 4);
    }
}

static void q2_k(const uint8_t *x, int s, plain_block *b) {
    b->scale = half_at(x + 80);
    b->minimum = half_at(x + 82);
    for (int j = 0; j < BLOCK; j++) {
        b->code[j] = x[16 + 32 * (s / 4) + j] >> 2 * (s % 4) & 3;
    }
    for (int g = 0; g < 2; g++) {
        b->group_scale[g] = (int8_t)(x[2 * s + g] & 15);
        b->group_minimum[g] = (int8_t)(x[2 * s + g] >> 4);
    }
}

static void q3_k(const uint8_t *x, int s, plain_block *b) {
    b->scale = half_at(x + 108);
    for (int j = 0; j < BLOCK; j++) {
        b->code[j] = (uint8_t)((x[32 + 32 * (s / 4) + j] >> 2 * (s % 4) & 3) | (x[j] >> s & 1) << 2);
    }
    for (int g = 0; g < 2; g++) {
        int i = 2 * s + g;
        int low = x[96 + i % 8] >> 4 * (i / 8) & 15, high = x[104 + i % 4] >> 2 * (i / 4) & 3;
        b->group_scale[g] = (int8_t)((low | high << 4) - 32);
    }
}

static void q4_k(const uint8_t *x, const uint8_t *quants, int s, plain_block *b) {
    b->scale = half_at(x);
    b->minimum = half_at(x + 2);
    six_bits(x + 4, s, b);
    for (int j = 0; j < BLOCK; j++) {
        b->code[j] = quants[32 * (s / 2) + j] >> 4 * (s % 2) & 15;
    }
}

static void q5_k(const uint8_t *x, int s, plain_block *b) {
    q4_k(x, x + 48, s, b);
    for (int j = 0; j < BLOCK; j++) {
        b->code[j] |= (uint8_t)((x[16 + j] >> s & 1) << 4);
    }
}

static void q6_k(const uint8_t *x, int s, plain_block *b) {
    int half = s / 4, quarter = s % 4;
    b->scale = half_at(x + 208);
    for (int j = 0; j < BLOCK; j++) {
        int low = x[64 * half + 32 * (quarter % 2) + j] >> 4 * (quarter / 2) & 15;
        int high = x[128 + 32 * half + j] >> 2 * quarter & 3;
        b->code[j] = (uint8_t)(low | high << 4);
    }
    for (int g = 0; g < 2; g++) {
        b->group_scale[g] = (int8_t)x[192 + 2 * s + g];
    }
}

static void iq4_xs(const uint8_t *x, int s, plain_block *b) {
    int low = x[4 + s / 2] >> 4 * (s % 2) & 15, high = half_at(x + 2) >> 2 * s & 3;
    b->scale = half_at(x);
    b->group_scale[0] = (int8_t)((low | high << 4) - 32);
    nibbles(x + 8 + 16 * s, b->code);
}

/* Block number `block` of a row. */
static void read_block(int type, const uint8_t *row, int block, plain_block *b) {
    static const int bytes[] = {[2] = 18, [3] = 20, [6] = 22, [7] = 24, [8] = 34, [10] = 84, [11] = 110, [12] = 144,
                                [13] = 176, [14] = 210, [20] = 18, [23] = 136};
    int s = block % SUPER;
    const uint8_t *x = row + (size_t)bytes[type] * (size_t)(formats[type].super ? block / SUPER : block);
    switch (type) {
        case 2:
        case 20:
            b->scale = half_at(x);
            nibbles(x + 2, b->code);
            break;
        case 3:
            b->scale = half_at(x);
            b->minimum = half_at(x + 2);
            nibbles(x + 4, b->code);
            break;
        case 6:
            b->scale = half_at(x);
            nibbles(x + 6, b->code);
            fifths(x + 2, b->code);
            break;
        case 7:
            b->scale = half_at(x);
            b->minimum = half_at(x + 2);
            nibbles(x + 8, b->code);
            fifths(x + 4, b->code);
            break;
        case 8:
            b->scale = half_at(x);
            for (int j = 0; j < BLOCK; j++) {
                b->code[j] = x[2 + j] ^ 0x80;
            }
            break;
        case 10: q2_k(x, s, b); break;
        case 11: q3_k(x, s, b); break;
        case 12: q4_k(x, x + 16, s, b); break;
        case 13: q5_k(x, s, b); break;
        case 14: q6_k(x, s, b); break;
        case 23: iq4_xs(x, s, b); break;
    }
}

/* Puts `bits` bits of the codes, from bit `from`, into a plane: row r's part of its vectors. */
static void write_plane(const uint8_t *code, int bits, int from, int r, uint8_t *plane) {
    int mask = (1 << bits) - 1, per_byte = 8 / bits, vectors = bits;
    for (int v = 0; v < vectors; v++) {
        uint8_t word[4] = {0, 0, 0, 0};
        for (int i = 0; i < per_byte; i++) {
            const uint8_t *quad = code + 4 * (v + vectors * i);
            for (int c = 0; c < 4; c++) {
                word[c] |= (uint8_t)((quad[c] >> from & mask) << bits * i);
            }
        }
        memcpy(plane + (size_t)v * 64 + (size_t)r * 4, word, 4);
    }
}

static void write_scales(packed_format f, const plain_block *b, int block, int r, uint8_t *scales) {
    if (!f.super) {
        uint8_t *at = scales + (size_t)block * 32 * (f.minimum ? 2 : 1);
        memcpy(at + 2 * r, &b->scale, 2);
        if (f.minimum) {
            memcpy(at + 32 + 2 * r, &b->minimum, 2);
        }
        return;
    }
    size_t one = scale_bytes(f), groups = (size_t)(BLOCK / f.group);
    uint8_t *at = scales + (size_t)(block / SUPER) * one * (f.minimum ? 2 : 1);
    memcpy(at + 2 * r, &b->scale, 2);
    if (f.minimum) {
        memcpy(at + one + 2 * r, &b->minimum, 2);
    }
    for (size_t g = 0; g < groups; g++) {
        size_t byte = 32 + ((size_t)(block % SUPER) * groups + g) * TILE_ROWS + (size_t)r;
        at[byte] = (uint8_t)b->group_scale[g];
        if (f.minimum) {
            at[one + byte] = (uint8_t)b->group_minimum[g];
        }
    }
}

typedef struct {
    pl_weight w;
    size_t row_bytes;
    uint8_t *packed;
} pack_job;

static void pack_task(void *argument, int task, char *scratch) {
    (void)scratch;
    pack_job *job = argument;
    packed_format f = formats[job->w.type];
    int blocks = job->w.columns / BLOCK, first = task * TILE_ROWS;
    uint8_t *scales = job->packed + (size_t)task * tile_bytes(f, blocks);
    uint8_t *codes = scales + tile_scale_bytes(f, blocks);
    int rows = pl_min(TILE_ROWS, job->w.rows - first);
    if (rows < TILE_ROWS) {
        memset(scales, 0, tile_bytes(f, blocks));
    }
    for (int r = 0; r < rows; r++) {
        const uint8_t *row = job->w.blocks + (size_t)(first + r) * job->row_bytes;
        for (int block = 0; block < blocks; block++) {
            plain_block b = {.scale = 0};
            read_block(job->w.type, row, block, &b);
            uint8_t *at = codes + (size_t)block * block_code_bytes(f);
            write_plane(b.code, f.low_bits, 0, r, at);
            if (f.high_bits) {
                write_plane(b.code, f.high_bits, f.low_bits, r, at + (size_t)f.low_bits * PLANE_BIT);
            }
            write_scales(f, &b, block, r, scales);
        }
    }
}

/* The number with these bits of a float16; exact. */
static float half_value(uint16_t bits) {
    uint32_t sign = (uint32_t)(bits & 0x8000) << 16, exponent = bits >> 10 & 31, fraction = bits & 1023, wide;
    if (exponent == 0) {
        float small = (float)fraction * 0x1p-24f;
        memcpy(&wide, &small, sizeof wide);
        wide |= sign;
    } else {
        wide = sign | (exponent == 31 ? 0x7F800000u : (exponent + 112) << 23) | fraction << 13;
    }
    float value;
    memcpy(&value, &wide, sizeof value);
    return value;
}

/* A scale (kind 0) or minimum (kind 1) of row r. */
static float row_scale(packed_format f, const uint8_t *scales, int block, int group, int kind, int r) {
    size_t one = scale_bytes(f), kinds = f.minimum ? 2 : 1, unit = (size_t)(f.super ? block / SUPER : block);
    const uint8_t *at = scales + one * (kinds * unit + (size_t)kind);
    float factor = half_value(half_at(at + 2 * r));
    int small = (block % SUPER) * (BLOCK / f.group) + group;
    return f.super ? factor * (float)(int8_t)at[32 + TILE_ROWS * small + r] : factor;
}

static int plane_bits(const uint8_t *plane, int bits, int column, int r) {
    int quad = column / 4;
    return plane[(size_t)(quad % bits) * 64 + (size_t)r * 4 + (size_t)(column % 4)] >> bits * (quad / bits) &
           ((1 << bits) - 1);
}

/* One row as float32, value for value what unpacking the format's own blocks gives. */
static void unpack_row(packed_format f, const uint8_t *tile, int blocks, int r, float factor, float *out) {
    const uint8_t *codes = tile + tile_scale_bytes(f, blocks);
    int zero = f.zero_shift < 0 ? 0 : 1 << f.zero_shift;
    for (int b = 0; b < blocks; b++) {
        const uint8_t *block = codes + (size_t)b * block_code_bytes(f);
        for (int c = 0; c < BLOCK; c++) {
            int code = plane_bits(block, f.low_bits, c, r);
            if (f.high_bits) {
                code |= plane_bits(block + (size_t)f.low_bits * PLANE_BIT, f.high_bits, c, r) << f.low_bits;
            }
            code = (f.levels ? iq4_levels[code] : code) - zero;
            float value = row_scale(f, tile, b, c / f.group, 0, r) * (float)code;
            if (f.minimum > 0) {
                value += row_scale(f, tile, b, c / f.group, 1, r);
            } else if (f.minimum < 0) {
                value -= row_scale(f, tile, b, c / f.group, 1, r);
            }
            out[BLOCK * b + c] = factor * value;
        }
    }
}

/* out[i, :] = scale·W[tokens[i], :] from packed weights, so that a tied embedding needs no second copy in memory. */
PL_EXPORT int plumbline_packed_embed(
    const uint8_t *packed, int type, int k, const int *tokens, int count, float scale, float *out) {
    const packed_format *f = format_of(type);
    if (f == NULL) {
        return PL_UNKNOWN_FORMAT;
    }
    int blocks = k / BLOCK;
    for (int i = 0; i < count; i++) {
        const uint8_t *tile = packed + (size_t)(tokens[i] / TILE_ROWS) * tile_bytes(*f, blocks);
        unpack_row(*f, tile, blocks, tokens[i] % TILE_ROWS, scale, out + (size_t)i * (size_t)k);
    }
    return PL_OK;
}

/* Bytes of a packed matrix; 0 if the format is not packed but used as it is. */
PL_EXPORT int plumbline_packed_bytes(int type, int n, int k, int64_t *bytes) {
    const packed_format *f = format_of(type);
    *bytes = f == NULL ? 0 : (int64_t)tile_bytes(*f, k / BLOCK) * pl_ceil_div(n, TILE_ROWS);
    return PL_OK;
}

/*
 * Packs a matrix. The pages of a mapped file are given back to the system: they are still there for whoever reads
 * them again, but a packed model does not stay in memory twice.
 */
PL_EXPORT int plumbline_pack(
    pl_context *context, const uint8_t *blocks, int type, int64_t row_bytes, int n, int k, uint8_t *packed, int mapped) {
    if (format_of(type) == NULL) {
        return PL_UNKNOWN_FORMAT;
    }
    pack_job job = {{blocks, type, n, k}, (size_t)row_bytes, packed};
    pl_parallel(context, pack_task, &job, pl_ceil_div(n, TILE_ROWS));
    if (mapped) {
        uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE), from = ((uintptr_t)blocks + page - 1) & ~(page - 1);
        uintptr_t to = ((uintptr_t)blocks + (uintptr_t)row_bytes * (uintptr_t)n) & ~(page - 1);
        if (to > from) {
            (void)madvise((void *)from, to - from, MADV_DONTNEED); /* advice only: a refusal changes nothing */
        }
    }
    return PL_OK;
}
