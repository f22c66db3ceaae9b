/*
 * The two register-tiled products that everything large is made of. Rows are given by pointers, so that rows of a
 * paged cache, of a scratch tile and of a matrix are all the same thing.
 */

/*
 * Sixteen-lane dot products: sums[m][n] = Σ_k x[m][k]·w[n][k] for m < rows ≤ TILE_M, n < TILE_N. Pointers of unused
 * rows repeat a valid one.
 */
PL_INLINE void dot_tile_of(int rows, int count, const float *const *x, const float *const *w, float sums[TILE_M][8]) {
    v16 acc[TILE_M][TILE_N];
    const float *xp[TILE_M], *wp[TILE_N];
    _Pragma("GCC unroll 8") for (int m = 0; m < rows; m++) { xp[m] = x[m]; }
    _Pragma("GCC unroll 8") for (int n = 0; n < TILE_N; n++) { wp[n] = w[n]; }
    _Pragma("GCC unroll 8") for (int m = 0; m < TILE_M; m++) {
        _Pragma("GCC unroll 8") for (int n = 0; n < TILE_N; n++) { acc[m][n] = v16_zero(); }
    }
    int k = 0;
    for (; k + 16 <= count; k += 16) {
        v16 wk[TILE_N];
        _Pragma("GCC unroll 8") for (int n = 0; n < TILE_N; n++) { wk[n] = v16_load(wp[n] + k); }
        _Pragma("GCC unroll 8") for (int m = 0; m < rows; m++) {
            v16 xk = v16_load(xp[m] + k);
            _Pragma("GCC unroll 8") for (int n = 0; n < TILE_N; n++) { acc[m][n] = v16_fma(xk, wk[n], acc[m][n]); }
        }
    }
    if (k < count) {
        _Pragma("GCC unroll 8") for (int m = 0; m < rows; m++) {
            v16 xk = v16_load_n(xp[m] + k, count - k);
            _Pragma("GCC unroll 8") for (int n = 0; n < TILE_N; n++) {
                acc[m][n] = v16_fma(xk, v16_load_n(wp[n] + k, count - k), acc[m][n]);
            }
        }
    }
    tile_sums(acc, sums);
}

static void dot_tile_full(int count, const float *const *x, const float *const *w, float sums[TILE_M][8]) {
    dot_tile_of(TILE_M, count, x, w, sums);
}
static void dot_tile_half(int count, const float *const *x, const float *const *w, float sums[TILE_M][8]) {
    dot_tile_of(pl_max(TILE_M / 2, 1), count, x, w, sums);
}
static void dot_tile_one(int count, const float *const *x, const float *const *w, float sums[TILE_M][8]) {
    dot_tile_of(1, count, x, w, sums);
}

/* out[m][n] = Σ_k x[m][k]·w[n][k] for m < rows, n < columns. */
static void dot_products(
    int rows, int columns, int count, const float *const *x, const float *const *w, float *const *out) {
    for (int n = 0; n < columns; n += TILE_N) {
        const float *wn[TILE_N];
        int n_here = pl_min(TILE_N, columns - n);
        for (int i = 0; i < TILE_N; i++) {
            wn[i] = w[n + pl_min(i, n_here - 1)];
        }
        for (int m = 0; m < rows; m += TILE_M) {
            float sums[TILE_M][8];
            int m_here = pl_min(TILE_M, rows - m);
            if (m_here == 1) {
                dot_tile_one(count, x + m, wn, sums);
            } else if (m_here <= TILE_M / 2) {
                dot_tile_half(count, x + m, wn, sums);
            } else if (m_here == TILE_M) {
                dot_tile_full(count, x + m, wn, sums);
            } else {
                const float *xm[TILE_M];
                for (int i = 0; i < TILE_M; i++) {
                    xm[i] = x[m + pl_min(i, m_here - 1)];
                }
                dot_tile_full(count, xm, wn, sums);
            }
            for (int i = 0; i < m_here; i++) {
                memcpy(out[m + i] + n, sums[i], sizeof(float) * (size_t)n_here);
            }
        }
    }
}

/* What a sum of outer products does with its target. */
typedef enum {
    CONTINUE, /* the sum starts with the target's value */
    SET,      /* target = alpha · sum */
    ADD       /* target = fma(alpha, sum, target) */
} outer_mode;

/*
 * Sums of outer products, n ascending by fused multiply-add:
 * sum[r][c] = Σ_n a[r][a_offset[n]] · w[n][c] for r < rows, c < columns, n < count.
 */
typedef struct {
    int rows;
    int columns;
    int count;
    const float *const *a;     /* [rows] */
    const ptrdiff_t *a_offset; /* [count] */
    const float *const *w;     /* [count] */
    float *const *target;      /* [rows] */
    const float *alpha;        /* [rows]; not read by CONTINUE */
    outer_mode mode;
} outer_product;

PL_INLINE v16 load_lanes(const float *p, int n) { return n == 16 ? v16_load(p) : v16_load_n(p, n); }
PL_INLINE void store_lanes(float *p, v16 a, int n) {
    if (n == 16) {
        v16_store(p, a);
    } else {
        v16_store_n(p, a, n);
    }
}

/* Rows r … r + rows - 1, columns c … c + 16·vectors - 1; only `last` lanes of the last vector. */
PL_INLINE void outer_tile(const outer_product *p, int rows, int vectors, int last, int r, int c) {
    v16 acc[8][4];
    const float *a[8];
    _Pragma("GCC unroll 8") for (int m = 0; m < rows; m++) {
        a[m] = p->a[r + m];
        _Pragma("GCC unroll 4") for (int v = 0; v < vectors; v++) {
            acc[m][v] = p->mode == CONTINUE ? load_lanes(p->target[r + m] + c + 16 * v, v == vectors - 1 ? last : 16)
                                            : v16_zero();
        }
    }
    const ptrdiff_t *offset = p->a_offset;
    const float *const *w = p->w;
    for (int n = 0; n < p->count; n++) {
        v16 wn[4];
        _Pragma("GCC unroll 4") for (int v = 0; v < vectors; v++) {
            wn[v] = load_lanes(w[n] + c + 16 * v, v == vectors - 1 ? last : 16);
        }
        _Pragma("GCC unroll 8") for (int m = 0; m < rows; m++) {
            v16 factor = v16_set1(a[m][offset[n]]);
            _Pragma("GCC unroll 4") for (int v = 0; v < vectors; v++) {
                acc[m][v] = v16_fma(factor, wn[v], acc[m][v]);
            }
        }
    }
    _Pragma("GCC unroll 8") for (int m = 0; m < rows; m++) {
        _Pragma("GCC unroll 4") for (int v = 0; v < vectors; v++) {
            int lanes_here = v == vectors - 1 ? last : 16;
            float *to = p->target[r + m] + c + 16 * v;
            v16 result = acc[m][v];
            if (p->mode == SET) {
                result = v16_mul(v16_set1(p->alpha[r + m]), result);
            } else if (p->mode == ADD) {
                result = v16_fma(v16_set1(p->alpha[r + m]), result, load_lanes(to, lanes_here));
            }
            store_lanes(to, result, lanes_here);
        }
    }
}

#define DEFINE_OUTER_ROWS(ROWS, VECTORS)                                        \
    static void outer_rows_##ROWS(const outer_product *p, int r) {             \
        int c = 0;                                                             \
        for (; c + 16 * VECTORS <= p->columns; c += 16 * VECTORS) {            \
            outer_tile(p, ROWS, VECTORS, 16, r, c);                            \
        }                                                                      \
        for (; c + 16 <= p->columns; c += 16) {                                \
            outer_tile(p, ROWS, 1, 16, r, c);                                  \
        }                                                                      \
        if (c < p->columns) {                                                  \
            outer_tile(p, ROWS, 1, p->columns - c, r, c);                      \
        }                                                                      \
    }
DEFINE_OUTER_ROWS(1, 4)
DEFINE_OUTER_ROWS(2, 2)
DEFINE_OUTER_ROWS(3, OUTER_V)
DEFINE_OUTER_ROWS(4, OUTER_V)
#if OUTER_BIG == 8
DEFINE_OUTER_ROWS(8, OUTER_V)
#else
DEFINE_OUTER_ROWS(6, OUTER_V)
#endif

static void outer_products(const outer_product *p) {
    int r = 0;
#if OUTER_BIG == 8
    for (; r + 8 <= p->rows; r += 8) {
        outer_rows_8(p, r);
    }
#else
    for (; r + 6 <= p->rows; r += 6) {
        outer_rows_6(p, r);
    }
#endif
    for (; r + 4 <= p->rows; r += 4) {
        outer_rows_4(p, r);
    }
    switch (p->rows - r) {
        case 3: outer_rows_3(p, r); break;
        case 2: outer_rows_2(p, r); break;
        case 1: outer_rows_1(p, r); break;
    }
}
