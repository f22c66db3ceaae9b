/*
 * Attention of a row that comes alone, as in decoding. Its keys and values are read once, so memory is what counts:
 * they are used where they lie, unpacked in registers, and asked for ahead of their use: floats line by line, each when
 * another is used, because a burst of requests fills the queue to the memory and then the arithmetic waits too; codes,
 * of which there are a quarter as many, some rows at a time. Long contexts of few rows are split among the threads:
 * scores by keys, values by elements, so that no sum is split.
 */

enum {
    CHUNK_KEYS = 384,  /* whose places are looked up at a time */
    STEP_KEYS = 48,    /* values that are added in one go */
    AHEAD_KEYS = 32,   /* asked for before they are needed */
    COLUMN_UNIT = 32,  /* elements of a value that are added up together: whole blocks of 8-bit values */
    PIECE_KEYS = 480   /* keys whose scores one task computes */
};

typedef struct {
    const attention_job *job;
    int sequence, row, group;
    int first, count; /* of the keys it sees */
} lone_row;

static lone_row lone_row_of(const attention_job *job, int row) {
    const attention_shape *shape = &job->shape;
    int sequence = sequence_of(job->row_start, job->sequences, row);
    int position = row - job->row_start[sequence] + (job->first_position ? job->first_position[sequence] : 0);
    int first = first_visible(shape, position);
    return (lone_row){job, sequence, row, shape->heads / shape->key_heads, first, position + 1 - first};
}

/* Where element 0 of a query head is, in queries and results. */
PL_INLINE size_t head_at(const lone_row *r, int head) {
    return ((size_t)r->row * (size_t)r->job->shape.heads + (size_t)head) * (size_t)r->job->shape.dim;
}

/* A chunk of the keys or values that the row sees, and some behind it. */
typedef struct {
    int from, count, known; /* of the chunk; of the places below, which go on behind it */
    const float *rows[CHUNK_KEYS + AHEAD_KEYS];
} key_chunk;

static void look_up(key_chunk *chunk, const lone_row *r, const float *base, int from, int to) {
    chunk->from = from;
    chunk->count = pl_min(CHUNK_KEYS, to - from);
    chunk->known = pl_min(CHUNK_KEYS + AHEAD_KEYS, to - from);
    cache_rows(r->job, r->sequence, r->first + from, chunk->known, base, chunk->rows);
}

/* Asks for bytes of rows from … to - 1 of a chunk as far as their places are known. */
PL_INLINE void fetch_rows(const key_chunk *chunk, int from, int to, size_t offset, size_t bytes) {
    for (int j = from; j < pl_min(to, chunk->known); j++) {
        const char *row = (const char *)chunk->rows[j] + offset;
        for (size_t b = 0; b < bytes; b += 64) {
            __builtin_prefetch(row + b);
        }
    }
}

/* Scores of so many queries with sixteen keys; with every line of a key, one of those `ahead` is asked for, if there are. */
PL_INLINE void lone_dots(int eight_bit, int fetch, int queries, int dim, const float *const *q,
    const float *const *keys, const float *const *ahead, v16 sums[LONE_M]) {
    v16 part[LONE_M][4];
    _Pragma("GCC unroll 4") for (int e = 0; e < 4; e++) {
        v16 acc[LONE_M][4];
        _Pragma("GCC unroll 4") for (int m = 0; m < queries; m++) {
            _Pragma("GCC unroll 4") for (int i = 0; i < 4; i++) { acc[m][i] = v16_zero(); }
        }
        for (int c = 0; c < dim; c += 16) {
            int lanes_here = eight_bit ? 16 : pl_min(16, dim - c);
            v16 key[4];
            _Pragma("GCC unroll 4") for (int i = 0; i < 4; i++) {
                key[i] = stored16(eight_bit, keys[4 * i + e], dim, c, lanes_here);
                if (fetch) {
                    __builtin_prefetch(ahead[4 * i + e] + c);
                }
            }
            _Pragma("GCC unroll 4") for (int m = 0; m < queries; m++) {
                v16 query = load_lanes(q[m] + c, lanes_here);
                _Pragma("GCC unroll 4") for (int i = 0; i < 4; i++) { acc[m][i] = v16_fma(query, key[i], acc[m][i]); }
            }
        }
        _Pragma("GCC unroll 4") for (int m = 0; m < queries; m++) { part[m][e] = four_sums(acc[m]); }
    }
    _Pragma("GCC unroll 4") for (int m = 0; m < queries; m++) { sums[m] = joined_sums(part[m]); }
}

#define LONE_DOTS(QUERIES)                                                  \
    if (fetch) {                                                            \
        lone_dots(0, 1, QUERIES, dim, q, keys, ahead, sums);                \
    } else {                                                                \
        lone_dots(eight_bit, 0, QUERIES, dim, q, keys, ahead, sums);        \
    }

/* The same for all queries of a group, scaled, of `count` ≤ 16 keys; to[m · stride + key]. */
PL_INLINE void lone_tile(int eight_bit, const lone_row *r, const float *queries, const float *const *keys,
    const float *const *ahead, int count, float *to, size_t stride) {
    int dim = r->job->shape.dim;
    v16 scale = v16_set1(r->job->shape.scale);
    for (int g = 0; g < r->group;) {
        int here = pl_min(LONE_M, r->group - g);
        const float *q[LONE_M];
        v16 sums[LONE_M];
        for (int m = 0; m < here; m++) {
            q[m] = queries + (size_t)(g + m) * (size_t)dim;
        }
        int fetch = !eight_bit && g == 0;
        if (LONE_M >= 4 && here == 4) {
            LONE_DOTS(pl_min(LONE_M, 4));
        } else if (LONE_M >= 3 && here == 3) {
            LONE_DOTS(pl_min(LONE_M, 3));
        } else if (LONE_M >= 2 && here == 2) {
            LONE_DOTS(pl_min(LONE_M, 2));
        } else {
            LONE_DOTS(1);
        }
        for (int m = 0; m < here; m++, g++) {
            store_lanes(to + (size_t)g * stride, v16_mul(scale, sums[m]), count);
        }
    }
}
static void lone_tile_floats(const lone_row *r, const float *queries, const float *const *keys,
    const float *const *ahead, int count, float *to, size_t stride) {
    lone_tile(0, r, queries, keys, ahead, count, to, stride);
}
static void lone_tile_codes(const lone_row *r, const float *queries, const float *const *keys, int count, float *to,
    size_t stride) {
    lone_tile(1, r, queries, keys, NULL, count, to, stride);
}

/*
 * Scores of the queries of key heads first_head … behind_head - 1 with keys from … to - 1 of those the row sees:
 * scores[query head · stride + key]. Heads of sixteen rows after another, so that rows are read as they lie.
 */
static void lone_scores(
    const lone_row *r, int first_head, int behind_head, int from, int to, float *scores, size_t stride) {
    const attention_job *job = r->job;
    size_t stored = stored_head(job->eight_bit, job->shape.dim);
    size_t offset = (size_t)first_head * stored * sizeof(float);
    size_t bytes = (size_t)(behind_head - first_head) * stored * sizeof(float);
    key_chunk chunk;
    for (int first = from; first < to; first += CHUNK_KEYS) {
        look_up(&chunk, r, job->k, first, to);
        if (first == from) {
            fetch_rows(&chunk, 0, AHEAD_KEYS, offset, bytes);
        }
        for (int j = 0; j < chunk.count; j += 16) {
            const float *keys[16], *ahead[16];
            int count = pl_min(16, chunk.count - j);
            if (job->eight_bit) {
                fetch_rows(&chunk, j + AHEAD_KEYS, j + AHEAD_KEYS + 16, offset, bytes);
            }
            for (int h = first_head; h < behind_head; h++) {
                for (int i = 0; i < 16; i++) {
                    keys[i] = chunk.rows[j + pl_min(i, count - 1)] + (size_t)h * stored;
                    ahead[i] = chunk.rows[pl_min(j + i + AHEAD_KEYS, chunk.known - 1)] + (size_t)h * stored;
                }
                const float *queries = job->q + head_at(r, h * r->group);
                float *out = scores + (size_t)(h * r->group) * stride + first + j;
                if (job->eight_bit) {
                    lone_tile_codes(r, queries, keys, count, out, stride);
                } else {
                    lone_tile_floats(r, queries, keys, ahead, count, out, stride);
                }
            }
        }
    }
}

/* Which elements of the values of all key heads, one head's behind the other's, and their query heads' scores. */
typedef struct {
    int from, to;
    const float *scores; /* [heads][stride] */
    size_t stride;
    const float *alpha; /* [heads] */
} value_columns;

/* Weighted sums of those elements over all values that the row sees. */
static void lone_values(const lone_row *r, const value_columns *v, char *scratch) {
    const attention_job *job = r->job;
    int dim = job->shape.dim, eight_bit = job->eight_bit;
    size_t stored = stored_head(eight_bit, dim), sum_stride = (size_t)padded(v->to - v->from);
    float *sums = pl_take(&scratch, sizeof(float) * (size_t)r->group * sum_stride);
    memset(sums, 0, sizeof(float) * (size_t)r->group * sum_stride);
    int head = v->from / dim, last = (v->to - 1) / dim;
    /* Of 8-bit rows everything that the heads have is asked for: their scales stand apart. */
    size_t from = eight_bit ? (size_t)head * stored : (size_t)v->from;
    size_t bytes = sizeof(float) * ((eight_bit ? (size_t)(last + 1) * stored : (size_t)v->to) - from);
    key_chunk chunk;
    for (int first = 0; first < r->count; first += CHUNK_KEYS) {
        look_up(&chunk, r, job->v, first, r->count);
        if (first == 0) {
            fetch_rows(&chunk, 0, AHEAD_KEYS, from * sizeof(float), bytes);
        }
        for (int j = 0; j < chunk.count; j += STEP_KEYS) {
            int count = pl_min(STEP_KEYS, chunk.count - j);
            if (eight_bit) {
                fetch_rows(&chunk, j + AHEAD_KEYS, j + AHEAD_KEYS + STEP_KEYS, from * sizeof(float), bytes);
            }
            for (int h = head; h <= last; h++) {
                const float *values[STEP_KEYS], *ahead[STEP_KEYS];
                for (int i = 0; i < count; i++) {
                    values[i] = chunk.rows[j + i] + (size_t)h * stored;
                    ahead[i] = chunk.rows[pl_min(j + i + AHEAD_KEYS, chunk.known - 1)] + (size_t)h * stored;
                }
                int c = pl_max(v->from, h * dim), end = pl_min(v->to, (h + 1) * dim);
                weighted_sum w = {eight_bit, dim, c - h * dim, end - c, count, v->stride, sum_stride,
                    v->scores + (size_t)(h * r->group) * v->stride + first + j, values, sums + (c - v->from), ahead};
                if (eight_bit) {
                    add_weighted_codes(&w, r->group);
                } else {
                    add_weighted_ahead(&w, r->group);
                }
            }
        }
    }
    for (int h = head; h <= last; h++) {
        int c = pl_max(v->from, h * dim), end = pl_min(v->to, (h + 1) * dim);
        for (int g = h * r->group; g < (h + 1) * r->group; g++) {
            float *sum = sums + (size_t)(g % r->group) * sum_stride + (c - v->from);
            multiply_by(v->alpha[g], sum, end - c);
            memcpy(job->out + head_at(r, g) + (c - h * dim), sum, sizeof(float) * (size_t)(end - c));
        }
    }
}

/* One key head of a row, from scores to result. */
static void lone_attention(const attention_job *job, int row, int key_head, char *scratch) {
    lone_row r = lone_row_of(job, row);
    int dim = job->shape.dim;
    size_t stride = (size_t)r.count + 16, others = (size_t)(key_head * r.group);
    float *scores = pl_take(&scratch, sizeof(float) * (size_t)r.group * stride);
    float *alpha = pl_take(&scratch, sizeof(float) * (size_t)r.group);
    size_t stored = stored_head(job->eight_bit, dim);
    key_chunk chunk;
    look_up(&chunk, &r, job->v + (size_t)key_head * stored, 0, pl_min(r.count, AHEAD_KEYS));
    fetch_rows(&chunk, 0, AHEAD_KEYS, 0, stored * sizeof(float));
    /* As if the scores of the heads before stood there too. */
    lone_scores(&r, key_head, key_head + 1, 0, r.count, scores - others * stride, stride);
    for (int g = 0; g < r.group; g++) {
        alpha[g] = 1.0f / exponentials(scores + (size_t)g * stride, r.count);
    }
    value_columns v = {key_head * dim, (key_head + 1) * dim, scores - others * stride, stride, alpha - others};
    lone_values(&r, &v, scratch);
}

/* The three parts of a row that threads share; each waits for the one before. */
static void shared_scores_task(void *argument, int task, char *scratch) {
    (void)scratch;
    const attention_job *job = argument;
    const attention_shape *shape = &job->shape;
    lone_row r = lone_row_of(job, task / job->pieces);
    int from = task % job->pieces * PIECE_KEYS, to = pl_min(r.count, from + PIECE_KEYS);
    if (from < to) {
        float *scores = job->scores + (size_t)(r.row * shape->heads) * job->stride;
        lone_scores(&r, 0, shape->key_heads, from, to, scores, job->stride);
    }
}

static void shared_softmax_task(void *argument, int task, char *scratch) {
    (void)scratch;
    const attention_job *job = argument;
    lone_row r = lone_row_of(job, task / job->shape.heads);
    job->alpha[task] = 1.0f / exponentials(job->scores + (size_t)task * job->stride, r.count);
}

static void shared_values_task(void *argument, int task, char *scratch) {
    const attention_job *job = argument;
    const attention_shape *shape = &job->shape;
    lone_row r = lone_row_of(job, task / job->column_pieces);
    int width = shape->key_heads * shape->dim, from = task % job->column_pieces * job->columns;
    size_t first = (size_t)(r.row * shape->heads);
    value_columns v = {from, pl_min(width, from + job->columns), job->scores + first * job->stride, job->stride,
        job->alpha + first};
    lone_values(&r, &v, scratch);
}

/* Scratch of a lone row with so many keys. */
PL_INLINE size_t lone_scratch(const attention_shape *shape, size_t keys) {
    size_t group = (size_t)(shape->heads / shape->key_heads), width = (size_t)padded(shape->key_heads * shape->dim);
    return sizeof(float) * group * (keys + 32 + width) + 1024;
}

static int shared_rows(pl_context *context, attention_job *job, int longest) {
    const attention_shape *shape = &job->shape;
    int rows = job->row_start[job->sequences], width = shape->key_heads * shape->dim;
    size_t heads = (size_t)rows * (size_t)shape->heads;
    job->pieces = pl_ceil_div(longest, PIECE_KEYS);
    job->stride = (size_t)longest + 16;
    /* A sum belongs to one thread; a row of a few wide pieces is read as it lies. */
    int fair = pl_ceil_div(pl_ceil_div(width * rows, context->threads), COLUMN_UNIT) * COLUMN_UNIT;
    job->columns = pl_min(fair, width);
    job->column_pieces = pl_ceil_div(width, job->columns);
    int reserved = pl_reserve_shared(context, sizeof(float) * (heads * job->stride + heads) + 64);
    if (reserved != PL_OK) {
        return reserved;
    }
    char *shared = context->shared;
    job->alpha = pl_take(&shared, sizeof(float) * heads);
    job->scores = (float *)shared;
    pl_parallel(context, shared_scores_task, job, rows * job->pieces);
    pl_parallel(context, shared_softmax_task, job, (int)heads);
    pl_parallel(context, shared_values_task, job, rows * job->column_pieces);
    return PL_OK;
}
