/*
 * The gradient of attention over whole sequences, a tile of one head's query rows at a time. What is computed side by side
 * is free; the order within a sum is not (ADR 0002): dq by keys ascending, dk and dv by heads one after another and
 * queries ascending. Keys and values are turned once for all heads that share them, as in attention_tiles.h.
 */

enum {
    BACKWARD_SCORES = 384 << 10, /* bytes of a tile's probabilities and their gradients: inside a second-level cache */
    BACKWARD_ROWS = 64,          /* query rows of a tile at most; rows and keys of its sums go in blocks */
    BACKWARD_BLOCK = OUTER_BIG
};

/* One key head of a sequence, and the tile of query rows in hand. */
typedef struct {
    const attention_job *job;
    int start, rows; /* of the sequence */
    int padded;      /* elements of a head, up to whole vectors */
    int most;        /* rows of a tile */
    size_t stride;   /* floats from one row's probabilities to the next one's */
    float *turned_keys, *turned_values; /* [tiles of SCORE_KEYS][padded][SCORE_KEYS] */
    const float **keys;                 /* [rows] */
    float **dk, **dv;                   /* [rows] */
    ptrdiff_t *ramp, *stride_ramp;      /* 0, 1, 2 … [rows]; 0, stride, 2·stride … [most] */
    /* the tile */
    int row, count, base;           /* its first row, how many, and the key that column 0 stands for */
    float *p, *ds;                  /* [most][stride] */
    float *queries, *douts;         /* [most][padded], 0 behind a head's elements */
    const float **q, **dout;        /* [most], where they lie */
    float **dq;                     /* [most] */
} backward_tile;

/* Turns all rows of a sequence, those behind its end 0. */
static void turn_rows(const backward_tile *t, const float *base, float *rows, float *to) {
    const attention_shape *shape = &t->job->shape;
    size_t width = (size_t)shape->key_heads * (size_t)shape->dim, padded = (size_t)t->padded;
    for (int first = 0; first < t->rows; first += SCORE_KEYS, to += padded * SCORE_KEYS) {
        memset(rows, 0, sizeof(float) * SCORE_KEYS * padded);
        for (int j = 0; j < pl_min(SCORE_KEYS, t->rows - first); j++) {
            memcpy(rows + (size_t)j * padded, base + (size_t)(t->start + first + j) * width,
                sizeof(float) * (size_t)shape->dim);
        }
        transpose_keys(rows, t->padded, to);
    }
}

/* Scale · x · y of all rows of the tile with all keys that any of them sees; others are of no meaning. */
static void tile_products(const backward_tile *t, float scale, const float *rows, const float *turned, float *to) {
    size_t padded = (size_t)t->padded;
    for (int key = t->base; key < t->row + t->count; key += SCORE_KEYS) {
        const float *keys = turned + (size_t)key * padded;
        for (int r = pl_max(0, key - t->row); r < t->count; r += SCORE_M) {
            const float *x[SCORE_M];
            float *out[SCORE_M];
            for (int m = 0; m < SCORE_M; m++) {
                size_t row = (size_t)pl_min(r + m, t->count - 1);
                x[m] = rows + row * padded;
                out[m] = to + row * t->stride + (key - t->base);
            }
            score_tile(t->padded, scale, x, keys, out);
        }
    }
}

/* ds[j] = scale·(p[j]·(dp[j] - along)), in place of dp. */
PL_INLINE void score_gradients(float scale, float along, const float *p, float *dp, int count) {
    v16 factor = v16_set1(scale), middle = v16_set1(along);
    for (int j = 0; j < count; j += 16) {
        int n = pl_min(16, count - j);
        v16 weighted = v16_mul(load_lanes(p + j, n), v16_sub(load_lanes(dp + j, n), middle));
        store_lanes(dp + j, v16_mul(factor, weighted), n);
    }
}

/* p and ds of the tile. */
static void tile_gradients(const backward_tile *t) {
    const attention_shape *shape = &t->job->shape;
    size_t padded = (size_t)t->padded;
    for (int r = 0; r < t->count; r++) {
        memcpy(t->queries + (size_t)r * padded, t->q[r], sizeof(float) * (size_t)shape->dim);
        memcpy(t->douts + (size_t)r * padded, t->dout[r], sizeof(float) * (size_t)shape->dim);
    }
    tile_products(t, shape->scale, t->queries, t->turned_keys, t->p);
    tile_products(t, 1.0f, t->douts, t->turned_values, t->ds);
    for (int r = 0; r < t->count; r++) {
        int first = first_visible(shape, t->row + r), count = t->row + r + 1 - first;
        float *p = t->p + (size_t)r * t->stride + (first - t->base);
        float *dp = t->ds + (size_t)r * t->stride + (first - t->base);
        multiply_by(1.0f / exponentials(p, count), p, count);
        score_gradients(shape->scale, dot(p, dp, count), p, dp, count);
    }
}

/* dq of rows first … first + rows - 1 from keys from … to - 1. */
static void add_to_queries(const backward_tile *t, int first, int rows, int from, int to) {
    const float *ds[BACKWARD_BLOCK];
    if (from >= to) {
        return;
    }
    for (int r = 0; r < rows; r++) {
        ds[r] = t->ds + (size_t)(first + r) * t->stride + (from - t->base);
    }
    outer_product product = {
        rows, t->job->shape.dim, to - from, ds, t->ramp, t->keys + from, t->dq + first, NULL, CONTINUE};
    outer_products(&product);
}

/* A block of rows: the keys that all of them see at once, those before and behind row by row. */
static void query_gradients(const backward_tile *t, int first, int rows) {
    const attention_shape *shape = &t->job->shape;
    int from = first_visible(shape, t->row + first + rows - 1), to = t->row + first + 1;
    if (from >= to) {
        from = to = t->rows;
    }
    for (int r = first; r < first + rows; r++) {
        add_to_queries(t, r, 1, first_visible(shape, t->row + r), pl_min(from, t->row + r + 1));
    }
    add_to_queries(t, first, rows, from, to);
    for (int r = first; r < first + rows; r++) {
        add_to_queries(t, r, 1, to, t->row + r + 1);
    }
}

/* dk and dv of keys first … first + keys - 1 from the tile's rows from … to - 1. */
static void add_to_keys(const backward_tile *t, int first, int keys, int from, int to) {
    const float *p[BACKWARD_BLOCK], *ds[BACKWARD_BLOCK];
    if (from >= to) {
        return;
    }
    for (int j = 0; j < keys; j++) {
        size_t at = (size_t)from * t->stride + (size_t)(first + j - t->base);
        p[j] = t->p + at;
        ds[j] = t->ds + at;
    }
    int dim = t->job->shape.dim, count = to - from;
    outer_product of_keys = {keys, dim, count, ds, t->stride_ramp, t->q + from, t->dk + first, NULL, CONTINUE};
    outer_product of_values = {keys, dim, count, p, t->stride_ramp, t->dout + from, t->dv + first, NULL, CONTINUE};
    outer_products(&of_keys);
    outer_products(&of_values);
}

/* Behind the last row of the tile that sees a key. */
PL_INLINE int behind_last_row(const backward_tile *t, int key) {
    int window = t->job->shape.window;
    /* The difference cannot overflow, the sum could. */
    return window == 0 || t->row + t->count - key < window ? t->count : key + window - t->row;
}

/* A block of keys: the rows that see all of them at once, those before and behind key by key. */
static void key_gradients(const backward_tile *t, int first, int keys) {
    int from = pl_max(0, first + keys - 1 - t->row), to = behind_last_row(t, first);
    if (from >= to) {
        from = to = t->count;
    }
    for (int j = first; j < first + keys; j++) {
        add_to_keys(t, j, 1, pl_max(0, j - t->row), pl_min(from, behind_last_row(t, j)));
    }
    add_to_keys(t, first, keys, from, to);
    for (int j = first; j < first + keys; j++) {
        add_to_keys(t, j, 1, to, behind_last_row(t, j));
    }
}

/* The rows of one head from `row` on: p and ds, dq, and their share of dk and dv. */
static void backward_rows(backward_tile *t, int head, int row) {
    const attention_job *job = t->job;
    const attention_shape *shape = &job->shape;
    t->row = row;
    t->count = pl_min(t->most, t->rows - row);
    int seen = first_visible(shape, row);
    t->base = seen / SCORE_KEYS * SCORE_KEYS;
    for (int r = 0; r < t->count; r++) {
        size_t at = ((size_t)(t->start + row + r) * (size_t)shape->heads + (size_t)head) * (size_t)shape->dim;
        t->q[r] = job->q + at;
        t->dout[r] = job->dout + at;
        t->dq[r] = job->dq + at;
        memset(t->dq[r], 0, sizeof(float) * (size_t)shape->dim);
    }
    tile_gradients(t);
    for (int r = 0; r < t->count; r += BACKWARD_BLOCK) {
        query_gradients(t, r, pl_min(BACKWARD_BLOCK, t->count - r));
    }
    for (int key = seen; key < row + t->count; key += BACKWARD_BLOCK) {
        key_gradients(t, key, pl_min(BACKWARD_BLOCK, row + t->count - key));
    }
}

/* Takes the memory of a sequence's tiles from a task's scratch. */
static void take_backward(backward_tile *t, char **scratch) {
    size_t rows = (size_t)t->rows, most = (size_t)t->most, head = (size_t)t->padded;
    size_t turned = (size_t)pl_ceil_div(t->rows, SCORE_KEYS) * SCORE_KEYS * head;
    t->turned_keys = pl_take(scratch, sizeof(float) * turned);
    t->turned_values = pl_take(scratch, sizeof(float) * turned);
    t->keys = pl_take(scratch, sizeof(float *) * rows);
    t->dk = pl_take(scratch, sizeof(float *) * rows);
    t->dv = pl_take(scratch, sizeof(float *) * rows);
    t->ramp = pl_take(scratch, sizeof(ptrdiff_t) * rows);
    t->stride_ramp = pl_take(scratch, sizeof(ptrdiff_t) * most);
    t->p = pl_take(scratch, sizeof(float) * most * t->stride);
    t->ds = pl_take(scratch, sizeof(float) * most * t->stride);
    t->queries = pl_take(scratch, sizeof(float) * most * head);
    t->douts = pl_take(scratch, sizeof(float) * most * head);
    t->q = pl_take(scratch, sizeof(float *) * most);
    t->dout = pl_take(scratch, sizeof(float *) * most);
    t->dq = pl_take(scratch, sizeof(float *) * most);
}

/* A key head's tile over so many rows, without memory. */
PL_INLINE backward_tile backward_tile_of(const attention_job *job, int start, int rows) {
    /* Column 0 of a tile may lie before the first key that it sees. */
    size_t stride = score_stride(rows + SCORE_KEYS);
    int fitting = (int)((size_t)BACKWARD_SCORES / (2 * sizeof(float) * stride)) / BACKWARD_BLOCK * BACKWARD_BLOCK;
    return (backward_tile){.job = job, .start = start, .rows = rows, .padded = padded(job->shape.dim),
        .most = pl_max(BACKWARD_BLOCK, pl_min(BACKWARD_ROWS, fitting)), .stride = stride};
}

/* Bytes that the tasks need. Shorter sequences have higher tiles; none takes more than the greatest of both. */
static size_t backward_scratch(const attention_job *job, int longest) {
    size_t rows = (size_t)longest, head = (size_t)padded(job->shape.dim);
    size_t turned = 2 * sizeof(float) * (rows + 2 * SCORE_KEYS) * head;
    size_t scores = 2 * sizeof(float) * BACKWARD_BLOCK * score_stride(longest + SCORE_KEYS);
    size_t tile = (scores > BACKWARD_SCORES ? scores : BACKWARD_SCORES) + 2 * sizeof(float) * BACKWARD_ROWS * head;
    return turned + tile + 4 * sizeof(void *) * (rows + BACKWARD_ROWS) + 4096;
}

/* One sequence and key head: its query heads one after another, queries ascending. */
static void attention_backward_task(void *argument, int task, char *scratch) {
    attention_job *job = argument;
    const attention_shape *shape = &job->shape;
    int sequence = task / shape->key_heads, key_head = task % shape->key_heads, group = shape->heads / shape->key_heads;
    int start = job->row_start[sequence];
    size_t width = (size_t)shape->key_heads * (size_t)shape->dim, offset = (size_t)key_head * (size_t)shape->dim;
    backward_tile t = backward_tile_of(job, start, job->row_start[sequence + 1] - start);
    take_backward(&t, &scratch);
    for (int r = 0; r < t.rows; r++) {
        size_t at = (size_t)(start + r) * width + offset;
        t.keys[r] = job->k + at;
        t.dk[r] = memset(job->dk + at, 0, sizeof(float) * (size_t)shape->dim);
        t.dv[r] = memset(job->dv + at, 0, sizeof(float) * (size_t)shape->dim);
        t.ramp[r] = r;
    }
    for (int r = 0; r < t.most; r++) {
        t.stride_ramp[r] = r * (ptrdiff_t)t.stride;
    }
    memset(t.queries, 0, sizeof(float) * (size_t)t.most * (size_t)t.padded);
    memset(t.douts, 0, sizeof(float) * (size_t)t.most * (size_t)t.padded);
    float *rows = pl_take(&scratch, sizeof(float) * SCORE_KEYS * (size_t)t.padded);
    turn_rows(&t, job->k + offset, rows, t.turned_keys);
    turn_rows(&t, job->v + offset, rows, t.turned_values);
    for (int head = key_head * group; head < (key_head + 1) * group; head++) {
        for (int r = 0; r < t.rows; r += t.most) {
            backward_rows(&t, head, r);
        }
    }
}

PL_EXPORT int FN(attention_backward)(
    pl_context *context, int heads, int key_heads, int dim, float scale, int window, int sequences,
    const int *row_start, const float *q, const float *k, const float *v, const float *dout, float *dq, float *dk,
    float *dv) {
    attention_job job = {.shape = {heads, key_heads, dim, window, scale}, .sequences = sequences,
        .row_start = row_start, .q = q, .k = k, .v = v, .dout = dout, .dq = dq, .dk = dk, .dv = dv};
    int longest = 0;
    for (int s = 0; s < sequences; s++) {
        longest = pl_max(longest, row_start[s + 1] - row_start[s]);
    }
    int reserved = pl_reserve(context, backward_scratch(&job, longest), 0);
    if (reserved != PL_OK) {
        return reserved;
    }
    pl_parallel(context, attention_backward_task, &job, sequences * key_heads);
    return PL_OK;
}
