/*
 * Products of packed weights (packed_layout.h) with activations of 8 bits, in the arithmetic of docs/decisions/0014:
 * integer dot products, exact, per group of columns; their scaled sum by fused multiply-add, blocks ascending. One
 * lane is one weight row, so no sum is ever joined across lanes and every instruction set adds in the same order.
 */
#include "packed_layout.h"

/* Up to PANEL rows of activations, quantised and interleaved so that a quad of all rows is one run of memory. */
typedef struct {
    const int8_t *codes;         /* [quads][rows][4] */
    const float *scale;          /* [blocks][rows]: d */
    const float *scaled_sum;     /* [blocks][rows]: d·Σq of a block */
    const float *scaled_halves;  /* [blocks][2][rows]: d·Σq of its halves */
    const int *sum;              /* [blocks][rows]: Σq */
    const int *halves;           /* [blocks][2][rows] */
} panel;

enum {
    PANEL_WORDS = 7,      /* of 32 bits per block and row, beside the codes */
    PREFETCH_ROWS = 8,
    PREFETCH_BYTES = 4096 /* ahead: what hides the memory's latency on two-channel servers */
};

PL_INLINE size_t quantised_row_bytes(int columns) {
    return pl_align((size_t)columns + (size_t)(columns / BLOCK) * PANEL_WORDS * sizeof(float));
}

/* The panel of `rows` rows from row `first` in quantised memory. */
PL_INLINE panel panel_at(const char *quantised, int first, int rows, int columns) {
    const char *at = quantised + (size_t)first * quantised_row_bytes(columns);
    size_t words = (size_t)(columns / BLOCK) * (size_t)rows;
    panel p;
    p.codes = (const int8_t *)at;
    p.scale = (const float *)(at + (size_t)columns * (size_t)rows);
    p.scaled_sum = p.scale + words;
    p.scaled_halves = p.scaled_sum + words;
    p.sum = (const int *)(p.scaled_halves + 2 * words);
    p.halves = p.sum + words;
    return p;
}

/* Rows of the next panel when so many are left: the widths for which there are kernels. */
PL_INLINE int panel_rows(int left) { return left >= PANEL ? PANEL : left >= 4 && PANEL > 4 ? 4 : left >= 2 ? 2 : 1; }

/* Quantises a block: its codes, still as whole floats, and its scale. */
PL_INLINE float quantise_block(const float *x, v16 *low, v16 *high) {
    *low = v16_load(x);
    *high = v16_load(x + 16);
    float largest = v16_largest(v16_max(v16_abs(*low), v16_abs(*high)));
    float inverse = largest < 0x1p-100f ? 0.0f : 127.0f / largest;
    *low = v16_round(v16_mul(*low, v16_set1(inverse)));
    *high = v16_round(v16_mul(*high, v16_set1(inverse)));
    return largest / 127.0f;
}

/* One row of a panel: row m of `rows`. */
static void quantise_row(const float *x, int columns, int rows, int m, panel p) {
    int8_t *codes = (int8_t *)p.codes + 4 * m;
    for (int b = 0; b < columns / BLOCK; b++) {
        v16 low, high;
        float d = quantise_block(x + BLOCK * b, &low, &high);
        int8_t q[BLOCK];
        v16_store_i8(q, low);
        v16_store_i8(q + 16, high);
        for (int quad = 0; quad < BLOCK / 4; quad++) {
            memcpy(codes + ((size_t)b * (BLOCK / 4) + (size_t)quad) * 4 * (size_t)rows, q + 4 * quad, 4);
        }
        float half[2] = {v16_sum(low), v16_sum(high)}; /* whole numbers: exact in any order */
        size_t at = (size_t)b * (size_t)rows + (size_t)m;
        ((float *)p.scale)[at] = d;
        ((float *)p.scaled_sum)[at] = d * (half[0] + half[1]);
        ((int *)p.sum)[at] = (int)(half[0] + half[1]);
        for (int g = 0; g < 2; g++) {
            size_t of_half = ((size_t)b * 2 + (size_t)g) * (size_t)rows + (size_t)m;
            ((float *)p.scaled_halves)[of_half] = d * half[g];
            ((int *)p.halves)[of_half] = (int)half[g];
        }
    }
}

/* The codes of quad `quad` of a block, of all sixteen rows. */
PL_INLINE b64 quad_codes(packed_format f, const uint8_t *block, int quad) {
    b64 codes = b64_load(block + PLANE_BIT * (quad % f.low_bits));
    if (f.low_bits < 8) {
        codes = b64_field(codes, f.low_bits * (quad / f.low_bits), (1 << f.low_bits) - 1);
    }
    if (f.high_bits > 0) {
        b64 high = b64_load(block + PLANE_BIT * (f.low_bits + quad % f.high_bits));
        int from = f.high_bits * (quad / f.high_bits);
        codes = b64_insert(codes, high, f.low_bits - from, ((1 << f.high_bits) - 1) << f.low_bits);
    }
    return f.levels ? b64_lookup(iq4_levels, codes) : codes;
}

/* The scales (or, one kind further on, the minima) of group g of block b. */
PL_INLINE v16 group_scales(packed_format f, const uint8_t *scales, int b, int g, int kind) {
    size_t one = scale_bytes(f), kinds = f.minimum ? 2 : 1;
    if (!f.super) {
        return v16_load_f16((const uint16_t *)(scales + one * (kinds * (size_t)b + (size_t)kind)));
    }
    const uint8_t *unit = scales + one * (kinds * (size_t)(b / SUPER) + (size_t)kind);
    int small = (b % SUPER) * (BLOCK / f.group) + g;
    return v16_mul(v16_load_f16((const uint16_t *)unit), v16_from(i16_load_i8(unit + 32 + TILE_ROWS * small)));
}

/* One tile of sixteen weight rows times a panel: y[m][0 … lanes - 1]. */
PL_INLINE void tile_times_panel(
    packed_format f, int rows, const uint8_t *tile, int blocks, panel p, float *y, size_t stride, int lanes) {
    const uint8_t *scales = tile, *codes = tile + tile_scale_bytes(f, blocks);
    const size_t share = block_code_bytes(f) + scale_bytes(f) * (f.minimum ? 2 : 1) / (f.super ? SUPER : 1);
    const int groups = BLOCK / f.group, quads = f.group / 4, wide = f.low_bits == 8 || f.levels;
    v16 acc[8];
    _Pragma("GCC unroll 8") for (int m = 0; m < rows; m++) { acc[m] = v16_zero(); }
    for (int b = 0; b < blocks; b++) {
        const uint8_t *block = codes + (size_t)b * block_code_bytes(f);
        const int8_t *x = p.codes + (size_t)b * BLOCK * (size_t)rows;
        if (rows <= PREFETCH_ROWS) {
            for (size_t line = (size_t)b * share; line < (size_t)(b + 1) * share; line += 64) {
                __builtin_prefetch(tile + PREFETCH_BYTES + line, 0, 0);
            }
        }
        _Pragma("GCC unroll 2") for (int g = 0; g < groups; g++) {
            size_t at = groups == 1 ? (size_t)b * (size_t)rows : ((size_t)b * 2 + (size_t)g) * (size_t)rows;
            const int *sums = groups == 1 ? p.sum + at : p.halves + at;
            const float *scaled = groups == 1 ? p.scaled_sum + at : p.scaled_halves + at;
            i16 sum[8];
            _Pragma("GCC unroll 8") for (int m = 0; m < rows; m++) { sum[m] = i16_zero(); }
            _Pragma("GCC unroll 8") for (int i = 0; i < quads; i++) {
                int quad = g * quads + i;
                b64 four = quad_codes(f, block, quad);
                _Pragma("GCC unroll 8") for (int m = 0; m < rows; m++) {
                    const int8_t *xm = x + 4 * (quad * rows + m);
                    sum[m] = wide ? i16_dot_bytes(sum[m], four, xm) : i16_dot(sum[m], four, xm);
                }
            }
            v16 scale = group_scales(f, scales, b, g, 0);
            v16 minimum = f.minimum ? group_scales(f, scales, b, g, 1) : scale;
            _Pragma("GCC unroll 8") for (int m = 0; m < rows; m++) {
                i16 s = f.zero_shift >= 0 ? i16_less(sum[m], sums[m], f.zero_shift) : sum[m];
                v16 both = v16_mul(scale, v16_set1(p.scale[(size_t)b * (size_t)rows + (size_t)m]));
                acc[m] = v16_fma(both, v16_from(s), acc[m]);
                if (f.minimum > 0) {
                    acc[m] = v16_fma(minimum, v16_set1(scaled[m]), acc[m]);
                } else if (f.minimum < 0) {
                    acc[m] = v16_fnma(minimum, v16_set1(scaled[m]), acc[m]);
                }
            }
        }
    }
    _Pragma("GCC unroll 8") for (int m = 0; m < rows; m++) {
        store_lanes(y + (size_t)m * stride, acc[m], lanes);
    }
}

typedef void (*tile_kernel)(const uint8_t *tile, int blocks, panel p, float *y, size_t stride, int lanes);

#define TILE_KERNEL(NAME, ROWS, ...)                                                                               \
    static void NAME##_##ROWS(const uint8_t *tile, int blocks, panel p, float *y, size_t stride, int lanes) {      \
        tile_times_panel((packed_format){__VA_ARGS__}, ROWS, tile, blocks, p, y, stride, lanes);                   \
    }
#if PANEL == 8
#define WIDEST_KERNEL(NAME, ...) TILE_KERNEL(NAME, 4, __VA_ARGS__) TILE_KERNEL(NAME, 8, __VA_ARGS__)
#define WIDEST(NAME) NAME##_4, NAME##_8
#elif PANEL == 4
#define WIDEST_KERNEL(NAME, ...) TILE_KERNEL(NAME, 4, __VA_ARGS__)
#define WIDEST(NAME) NAME##_4, NULL
#else
#define WIDEST_KERNEL(NAME, ...)
#define WIDEST(NAME) NULL, NULL
#endif
#define PACKED_KERNELS(type, NAME, ...) \
    TILE_KERNEL(NAME, 1, __VA_ARGS__) TILE_KERNEL(NAME, 2, __VA_ARGS__) WIDEST_KERNEL(NAME, __VA_ARGS__)
PACKED_FORMATS(PACKED_KERNELS)

/* By format, then by panel width 1, 2, 4, 8. */
#define PACKED_ENTRY(type, NAME, ...) [type] = {NAME##_1, NAME##_2, WIDEST(NAME)},
static const tile_kernel tile_kernels[24][4] = {PACKED_FORMATS(PACKED_ENTRY)};

#define PACKED_FORMAT_ENTRY(type, NAME, low, high, zero, group, minimum, super, levels) \
    [type] = {low, high, zero, group, minimum, super, levels},
static const packed_format packed_formats[24] = {PACKED_FORMATS(PACKED_FORMAT_ENTRY)};

/* One of the products of a call; kernel.cpu.CpuKernels writes these. */
typedef struct {
    const uint8_t *tiles;
    float *y; /* [rows, n] */
    int32_t type;
    int32_t n;
} packed_product;

typedef struct {
    const float *x;
    const packed_product *products;
    const char *quantised;
    int rows, columns;
    int tiles_per_task;
    int panels_per_task;
} packed_job;

static void quantise_task(void *argument, int task, char *scratch) {
    (void)scratch;
    packed_job *job = argument;
    int first = task * job->panels_per_task * PANEL, end = pl_min(job->rows, first + job->panels_per_task * PANEL);
    while (first < end) {
        int rows = panel_rows(end - first);
        panel p = panel_at(job->quantised, first, rows, job->columns);
        for (int m = 0; m < rows; m++) {
            quantise_row(job->x + (size_t)(first + m) * (size_t)job->columns, job->columns, rows, m, p);
        }
        first += rows;
    }
}

PL_INLINE int tasks_of(const packed_job *job, int product) {
    return pl_ceil_div(pl_ceil_div(job->products[product].n, TILE_ROWS), job->tiles_per_task);
}

static void packed_task(void *argument, int task, char *scratch) {
    (void)scratch;
    packed_job *job = argument;
    int i = 0;
    for (int here = tasks_of(job, 0); task >= here; here = tasks_of(job, i)) {
        task -= here;
        i++;
    }
    const packed_product *w = job->products + i;
    int blocks = job->columns / BLOCK, last = pl_ceil_div(w->n, TILE_ROWS);
    size_t bytes = tile_bytes(packed_formats[w->type], blocks);
    for (int t = task * job->tiles_per_task; t < pl_min((task + 1) * job->tiles_per_task, last); t++) {
        const uint8_t *tile = w->tiles + (size_t)t * bytes;
        int n0 = t * TILE_ROWS, lanes = pl_min(TILE_ROWS, w->n - n0);
        for (int r = 0, rows; r < job->rows; r += rows) {
            rows = panel_rows(job->rows - r);
            tile_kernel kernel = tile_kernels[w->type][rows == 8 ? 3 : rows == 4 ? 2 : rows - 1];
            panel p = panel_at(job->quantised, r, rows, job->columns);
            kernel(tile, blocks, p, w->y + (size_t)r * (size_t)w->n + n0, (size_t)w->n, lanes);
        }
    }
}

/* y_i[r, :] = W_i·quantised(x[r, :]) for several packed matrices of the same number of columns. */
PL_EXPORT int FN(packed_matmul)(
    pl_context *context, int rows, const float *x, int columns, const packed_product *products, int count) {
    packed_job job = {.x = x, .products = products, .rows = rows, .columns = columns};
    size_t work = 0;
    for (int i = 0; i < count; i++) {
        if (products[i].type < 0 || products[i].type >= 24 || packed_formats[products[i].type].low_bits == 0) {
            return PL_UNKNOWN_FORMAT;
        }
        work += (size_t)products[i].n * (size_t)columns;
    }
    int reserved = pl_reserve_shared(context, quantised_row_bytes(columns) * (size_t)rows);
    if (reserved != PL_OK || rows == 0) {
        return reserved;
    }
    job.quantised = context->shared;
    job.panels_per_task = rows * columns < SERIAL_WORK ? pl_ceil_div(rows, PANEL) : 2;
    pl_parallel(context, quantise_task, &job, pl_ceil_div(rows, job.panels_per_task * PANEL));
    int tiles = 0;
    for (int i = 0; i < count; i++) {
        tiles += pl_ceil_div(products[i].n, TILE_ROWS);
    }
    size_t bytes = tile_bytes(packed_formats[products[0].type], columns / BLOCK);
    job.tiles_per_task = work * (size_t)rows < SERIAL_WORK ? tiles : pl_max(1, (int)(PACKED_TASK_BYTES / bytes));
    int tasks = 0;
    for (int i = 0; i < count; i++) {
        tasks += tasks_of(&job, i);
    }
    pl_parallel(context, packed_task, &job, tasks);
    return PL_OK;
}
