/*
 * Attention of many query rows at once: a tile of positions and the query heads that share a key head, against tiles of
 * keys and values that stay in the first cache. A row's own sums are taken in the order of ADR 0002 whatever shares its
 * tile: a score is one dot product, and values are added key by key.
 */

enum {
    SCORE_KEYS = 16 * SCORE_V,
    VALUE_TILE_FLOATS = 6144 /* of values: half of a first-level cache */
};

/* Query rows of consecutive positions of one sequence, position by position; all heads that share a key head. */
typedef struct {
    const attention_job *job;
    int sequence, key_head, group;
    int row, position; /* the first of both */
    int rows;          /* positions · group */
    int padded;        /* elements of a head, up to whole vectors */
    int first;         /* the first key that any row sees */
    int end;           /* behind the last one */
    size_t stride;     /* floats from a row's scores to the next one's */
    float *scores;     /* [rows][stride]: of keys first … end - 1 */
} query_tile;

PL_INLINE int position_of(const query_tile *tile, int row) { return tile->position + row / tile->group; }

/* Where element 0 of a row is, in queries and results. */
PL_INLINE size_t tile_head_at(const query_tile *tile, int row) {
    const attention_shape *shape = &tile->job->shape;
    size_t head = (size_t)(tile->key_head * tile->group + row % tile->group);
    return ((size_t)(tile->row + row / tile->group) * (size_t)shape->heads + head) * (size_t)shape->dim;
}

/* The rows that see any of so many keys; both are counted from the tile's first. */
PL_INLINE int first_seeing(const query_tile *tile, int key) {
    return pl_max(0, key - tile->position) * tile->group;
}
PL_INLINE int behind_seeing(const query_tile *tile, int key, int count) {
    int window = tile->job->shape.window;
    /* The last position that sees the last key; the difference cannot overflow, the sum could. */
    int last = tile->end - 1 - (key + count - 1) < window || window == 0 ? tile->end - 1 : key + count - 2 + window;
    return (last - tile->position + 1) * tile->group;
}

/* Rows behind the tile in hand, asked for little by little while it is worked on: all at once would block loads. */
typedef struct {
    const float *rows[VALUE_TILE_FLOATS / 16];
    int count, done, per_step, floats;
} rows_ahead;

PL_INLINE void look_ahead(
    rows_ahead *ahead, const query_tile *tile, const float *base, int first, int most, int steps) {
    const attention_job *job = tile->job;
    ahead->count = pl_max(0, pl_min(most, tile->end - first));
    ahead->done = 0;
    ahead->per_step = pl_ceil_div(ahead->count, pl_max(1, steps));
    ahead->floats = (int)stored_head(job->eight_bit, job->shape.dim);
    cache_rows(job, tile->sequence, first, ahead->count, base, ahead->rows);
}
PL_INLINE void fetch_some(rows_ahead *ahead) {
    int to = pl_min(ahead->count, ahead->done + ahead->per_step);
    for (; ahead->done < to; ahead->done++) {
        for (int c = 0; c < ahead->floats; c += 16) {
            __builtin_prefetch(ahead->rows[ahead->done] + c, 0, 2);
        }
    }
}

/* Copies the elements of keys or values first … first + count - 1 to rows of `padded` floats. */
static void gather_rows(const query_tile *tile, const float *base, int first, int count, float *to) {
    const attention_job *job = tile->job;
    int dim = job->shape.dim;
    const float *rows[SCORE_KEYS];
    for (int done = 0; done < count; done += SCORE_KEYS) {
        int here = pl_min(SCORE_KEYS, count - done);
        cache_rows(job, tile->sequence, first + done, here, base, rows);
        for (int j = 0; j < here; j++, to += tile->padded) {
            for (int c = 0; c < dim; c += 16) {
                v16_store(to + c, stored16(job->eight_bit, rows[j], dim, c, pl_min(16, dim - c)));
            }
        }
    }
}

/* Turns SCORE_KEYS rows of keys into [padded][SCORE_KEYS]. */
static void transpose_keys(const float *rows, int padded, float *to) {
    for (int n = 0; n < SCORE_KEYS; n += 16) {
        for (int c = 0; c < padded; c += 8) {
            v16 column[8];
            v16_columns(rows + (size_t)n * (size_t)padded + c, (size_t)padded, column);
            for (int i = 0; i < 8; i++) {
                v16_store(to + (size_t)(c + i) * SCORE_KEYS + n, column[i]);
            }
        }
    }
}

/* Lane j of the dot products of SCORE_M queries with SCORE_KEYS keys: a vector holds that lane of sixteen keys. */
PL_INLINE void lane_sums(int j, int padded, const float *const *q, const float *keys, v16 sum[SCORE_M][SCORE_V]) {
    _Pragma("GCC unroll 8") for (int m = 0; m < SCORE_M; m++) {
        _Pragma("GCC unroll 8") for (int v = 0; v < SCORE_V; v++) { sum[m][v] = v16_zero(); }
    }
    for (int k = j; k < padded; k += 16) {
        v16 key[SCORE_V];
        _Pragma("GCC unroll 8") for (int v = 0; v < SCORE_V; v++) { key[v] = v16_load(keys + k * SCORE_KEYS + 16 * v); }
        _Pragma("GCC unroll 8") for (int m = 0; m < SCORE_M; m++) {
            v16 factor = v16_set1(q[m][k]);
            _Pragma("GCC unroll 8") for (int v = 0; v < SCORE_V; v++) {
                sum[m][v] = v16_fma(factor, key[v], sum[m][v]);
            }
        }
    }
}

/* The tree of ADR 0002 that joins the lanes, depth first so that few sums are alive at a time. */
#define DEFINE_JOIN(NAME, PART, STEP)                                                                                  \
    PL_INLINE void NAME(int j, int padded, const float *const *q, const float *keys, v16 sum[SCORE_M][SCORE_V]) {      \
        v16 other[SCORE_M][SCORE_V];                                                                                   \
        PART(j, padded, q, keys, sum);                                                                                 \
        PART(j + STEP, padded, q, keys, other);                                                                        \
        _Pragma("GCC unroll 8") for (int m = 0; m < SCORE_M; m++) {                                                    \
            _Pragma("GCC unroll 8") for (int v = 0; v < SCORE_V; v++) { sum[m][v] = v16_add(sum[m][v], other[m][v]); } \
        }                                                                                                              \
    }
DEFINE_JOIN(pair_lanes, lane_sums, 8)
DEFINE_JOIN(four_lanes, pair_lanes, 4)
DEFINE_JOIN(eight_lanes, four_lanes, 2)
DEFINE_JOIN(all_lanes, eight_lanes, 1)

/* Scores of SCORE_M queries with SCORE_KEYS keys, to places that may be the same for repeated queries. */
static void score_tile(int padded, float scale, const float *const *queries, const float *keys, float *const *to) {
    const float *q[SCORE_M];
    v16 sum[SCORE_M][SCORE_V];
    _Pragma("GCC unroll 8") for (int m = 0; m < SCORE_M; m++) { q[m] = queries[m]; }
    all_lanes(0, padded, q, keys, sum);
    _Pragma("GCC unroll 8") for (int m = 0; m < SCORE_M; m++) {
        _Pragma("GCC unroll 8") for (int v = 0; v < SCORE_V; v++) {
            v16_store(to[m] + 16 * v, v16_mul(v16_set1(scale), sum[m][v]));
        }
    }
}

/* All scores of the tile. Those of keys that a row does not see are of no meaning. */
static void tile_scores(const query_tile *tile, char *scratch) {
    const attention_job *job = tile->job;
    const attention_shape *shape = &job->shape;
    size_t padded = (size_t)tile->padded;
    float *queries = pl_take(&scratch, sizeof(float) * (size_t)tile->rows * padded);
    float *rows = pl_take(&scratch, sizeof(float) * SCORE_KEYS * padded);
    float *keys = pl_take(&scratch, sizeof(float) * SCORE_KEYS * padded);
    memset(queries, 0, sizeof(float) * (size_t)tile->rows * padded);
    memset(rows, 0, sizeof(float) * SCORE_KEYS * padded);
    for (int r = 0; r < tile->rows; r++) {
        memcpy(queries + (size_t)r * padded, job->q + tile_head_at(tile, r), sizeof(float) * (size_t)shape->dim);
    }
    const float *base = job->k + (size_t)tile->key_head * stored_head(job->eight_bit, shape->dim);
    rows_ahead ahead;
    for (int key = tile->first; key < tile->end; key += SCORE_KEYS) {
        int count = pl_min(SCORE_KEYS, tile->end - key);
        gather_rows(tile, base, key, count, rows);
        transpose_keys(rows, tile->padded, keys);
        int from = first_seeing(tile, key), behind = behind_seeing(tile, key, count);
        look_ahead(&ahead, tile, base, key + count, SCORE_KEYS, (behind - from) / SCORE_M);
        for (int r = from; r < behind; r += SCORE_M) {
            fetch_some(&ahead);
            const float *q[SCORE_M];
            float *to[SCORE_M];
            for (int m = 0; m < SCORE_M; m++) {
                size_t row = (size_t)pl_min(r + m, behind - 1);
                q[m] = queries + row * padded;
                to[m] = tile->scores + row * tile->stride + (key - tile->first);
            }
            score_tile(tile->padded, shape->scale, q, keys, to);
        }
    }
}

/*
 * sum[m][c] = fma(p[m][n], values[n][column + c], sum[m][c]) for n ascending; p and sum lie so far from row to row.
 * Stored rows of 8 bits are unpacked on the way.
 */
typedef struct {
    int eight_bit, dim, column, columns, count;
    size_t p_stride, sum_stride;
    const float *p;
    const float *const *values;
    float *sum;
    const float *const *ahead; /* values to ask the memory for meanwhile; read by add_weighted_ahead alone */
} weighted_sum;

/* How stored values are read. */
enum { FLOATS = 0, CODES = 1, FLOATS_AHEAD = 2 };

PL_INLINE void add_values(const weighted_sum *w, int stored, int rows, int vectors, int last, int first, int c) {
    v16 acc[6][4];
    const float *p[6];
    float *sum = w->sum + (size_t)first * w->sum_stride + c;
    int column = w->column + c, dim = w->dim;
    _Pragma("GCC unroll 8") for (int m = 0; m < rows; m++) {
        p[m] = w->p + (size_t)(first + m) * w->p_stride;
        _Pragma("GCC unroll 4") for (int v = 0; v < vectors; v++) {
            acc[m][v] = load_lanes(sum + (size_t)m * w->sum_stride + 16 * v, v == vectors - 1 ? last : 16);
        }
    }
    const float *const *values = w->values;
    for (int n = 0; n < w->count; n++) {
        v16 value[4];
        _Pragma("GCC unroll 4") for (int v = 0; v < vectors; v++) {
            if (stored == FLOATS_AHEAD && first == 0) {
                __builtin_prefetch(w->ahead[n] + column + 16 * v);
            }
            value[v] = stored16(stored == CODES, values[n], dim, column + 16 * v, v == vectors - 1 ? last : 16);
        }
        _Pragma("GCC unroll 8") for (int m = 0; m < rows; m++) {
            v16 all = v16_set1(p[m][n]);
            _Pragma("GCC unroll 4") for (int v = 0; v < vectors; v++) { acc[m][v] = v16_fma(all, value[v], acc[m][v]); }
        }
    }
    _Pragma("GCC unroll 8") for (int m = 0; m < rows; m++) {
        _Pragma("GCC unroll 4") for (int v = 0; v < vectors; v++) {
            store_lanes(sum + (size_t)m * w->sum_stride + 16 * v, acc[m][v], v == vectors - 1 ? last : 16);
        }
    }
}

#define DEFINE_ADD_ROWS(NAME, STORED, ROWS, VECTORS)                         \
    static void NAME##_##ROWS(const weighted_sum *w, int first) {            \
        int c = 0;                                                           \
        for (; c + 16 * VECTORS <= w->columns; c += 16 * VECTORS) {          \
            add_values(w, STORED, ROWS, VECTORS, 16, first, c);              \
        }                                                                    \
        for (; VECTORS > 2 && c + 32 <= w->columns; c += 32) {               \
            add_values(w, STORED, ROWS, 2, 16, first, c);                    \
        }                                                                    \
        for (; c + 16 <= w->columns; c += 16) {                              \
            add_values(w, STORED, ROWS, 1, 16, first, c);                    \
        }                                                                    \
        if (c < w->columns) {                                                \
            add_values(w, STORED, ROWS, 1, w->columns - c, first, c);        \
        }                                                                    \
    }
/* Adds the values to rows 0 … rows - 1 of sums. */
#define DEFINE_ADD(NAME, STORED)                                     \
    DEFINE_ADD_ROWS(NAME, STORED, 6, VALUE_V)                        \
    DEFINE_ADD_ROWS(NAME, STORED, 4, VALUE_V)                        \
    DEFINE_ADD_ROWS(NAME, STORED, 3, VALUE_V)                        \
    DEFINE_ADD_ROWS(NAME, STORED, 2, VALUE_V)                        \
    DEFINE_ADD_ROWS(NAME, STORED, 1, 4)                              \
    static void NAME(const weighted_sum *w, int rows) {              \
        int r = 0;                                                   \
        for (; rows - r >= 6; r += 6) {                              \
            NAME##_6(w, r);                                          \
        }                                                            \
        switch (rows - r) {                                          \
            case 5: NAME##_3(w, r); NAME##_2(w, r + 3); break;       \
            case 4: NAME##_4(w, r); break;                           \
            case 3: NAME##_3(w, r); break;                           \
            case 2: NAME##_2(w, r); break;                           \
            case 1: NAME##_1(w, r); break;                           \
        }                                                            \
    }
DEFINE_ADD(add_weighted, FLOATS)
DEFINE_ADD(add_weighted_codes, CODES)
DEFINE_ADD(add_weighted_ahead, FLOATS_AHEAD)

/* The tile's value rows key … key + count - 1, in place, and what the rows add of them. */
typedef struct {
    const query_tile *tile;
    int key, count;
    const float *const *values; /* [count] */
    float *sums;                /* [rows][padded] */
} value_tile;

/* Adds the keys from … to - 1 to rows first … first + rows - 1. */
static void add_to_rows(const value_tile *v, int first, int rows, int from, int to) {
    const query_tile *tile = v->tile;
    weighted_sum w = {.dim = tile->padded, .columns = tile->padded, .count = to - from, .p_stride = tile->stride,
        .sum_stride = (size_t)tile->padded, .p = tile->scores + (size_t)first * tile->stride + (from - tile->first),
        .values = v->values + (from - v->key), .sum = v->sums + (size_t)first * (size_t)tile->padded};
    add_weighted(&w, rows);
}

/* Rows see different keys: those that all see are added at once, those before and behind row by row. */
static void add_seen(const value_tile *v, int first, int rows) {
    const query_tile *tile = v->tile;
    const attention_shape *shape = &tile->job->shape;
    int end = v->key + v->count;
    int from = pl_max(v->key, first_visible(shape, position_of(tile, first + rows - 1)));
    int to = pl_min(end, position_of(tile, first) + 1);
    if (from >= to) {
        from = to = end;
    }
    for (int r = first; r < first + rows; r++) {
        int own = pl_max(v->key, first_visible(shape, position_of(tile, r)));
        int last = pl_min(from, position_of(tile, r) + 1);
        if (own < last) {
            add_to_rows(v, r, 1, own, last);
        }
    }
    if (from < to) {
        add_to_rows(v, first, rows, from, to);
    }
    for (int r = first; r < first + rows; r++) {
        int last = pl_min(end, position_of(tile, r) + 1);
        if (to < last) {
            add_to_rows(v, r, 1, to, last);
        }
    }
}

/* Softmax of all rows of the tile and their weighted values. */
static void tile_values(const query_tile *tile, char *scratch) {
    const attention_job *job = tile->job;
    const attention_shape *shape = &job->shape;
    size_t padded = (size_t)tile->padded;
    int most = pl_max(16, VALUE_TILE_FLOATS / tile->padded);
    float *alpha = pl_take(&scratch, sizeof(float) * (size_t)tile->rows);
    float *sums = pl_take(&scratch, sizeof(float) * (size_t)tile->rows * padded);
    float *values = pl_take(&scratch, sizeof(float) * (size_t)most * padded);
    const float **value_rows = pl_take(&scratch, sizeof(float *) * (size_t)most);
    for (int n = 0; n < most; n++) {
        value_rows[n] = values + (size_t)n * padded;
    }
    memset(sums, 0, sizeof(float) * (size_t)tile->rows * padded);
    for (int r = 0; r < tile->rows; r++) {
        int position = position_of(tile, r), seen = first_visible(shape, position);
        float *scores = tile->scores + (size_t)r * tile->stride + (seen - tile->first);
        alpha[r] = 1.0f / exponentials(scores, position + 1 - seen);
    }
    const float *base = job->v + (size_t)tile->key_head * stored_head(job->eight_bit, shape->dim);
    rows_ahead ahead;
    for (int key = tile->first; key < tile->end; key += most) {
        value_tile v = {tile, key, pl_min(most, tile->end - key), value_rows, sums};
        gather_rows(tile, base, key, v.count, values);
        int from = first_seeing(tile, key), behind = behind_seeing(tile, key, v.count);
        look_ahead(&ahead, tile, base, key + v.count, most, (behind - from) / VALUE_M);
        for (int r = from; r < behind; r += VALUE_M) {
            fetch_some(&ahead);
            add_seen(&v, r, pl_min(VALUE_M, behind - r));
        }
    }
    for (int r = 0; r < tile->rows; r++) {
        float *out = job->out + tile_head_at(tile, r);
        v16 factor = v16_set1(alpha[r]);
        for (int c = 0; c < shape->dim; c += 16) {
            v16 sum = v16_load(sums + (size_t)r * padded + c);
            store_lanes(out + c, v16_mul(factor, sum), pl_min(16, shape->dim - c));
        }
    }
}

/* Floats between the scores of two rows: whole tiles of keys, and no power of two, which would share cache sets. */
PL_INLINE size_t score_stride(int keys) { return (size_t)(pl_ceil_div(keys, SCORE_KEYS) * SCORE_KEYS + 16); }

/* Scratch of a tile of so many positions and keys. */
PL_INLINE size_t tile_scratch(const attention_shape *shape, int positions, int keys) {
    size_t rows = (size_t)(shape->heads / shape->key_heads * positions), head = (size_t)padded(shape->dim);
    size_t values = (size_t)pl_max(16 * (int)head, VALUE_TILE_FLOATS);
    return sizeof(float) * (rows * (score_stride(keys) + head + 1) + 2 * SCORE_KEYS * head + 3 * values) + 1024;
}

/* The heads of one key head over so many rows of a sequence. */
static void tile_attention(
    const attention_job *job, int sequence, int row, int positions, int key_head, char *scratch) {
    const attention_shape *shape = &job->shape;
    int position = row - job->row_start[sequence] + (job->first_position ? job->first_position[sequence] : 0);
    int group = shape->heads / shape->key_heads;
    query_tile tile = {.job = job, .sequence = sequence, .key_head = key_head, .group = group, .row = row,
        .position = position, .rows = positions * group, .padded = padded(shape->dim),
        .first = first_visible(shape, position), .end = position + positions};
    tile.stride = score_stride(tile.end - tile.first);
    tile.scores = pl_take(&scratch, sizeof(float) * (size_t)tile.rows * tile.stride);
    tile_scores(&tile, scratch);
    tile_values(&tile, scratch);
}
