/*
 * Causal attention. One task is one query row and one key head: all scores of the query heads that share it, their
 * softmax, then the weighted sum of values, key ascending. So nothing depends on batching, chunking or paging.
 */

enum { FETCHED_ROWS = 16, FETCHED_KEYS = 512 };

typedef struct {
    int heads, key_heads, dim, window;
    float scale;
} attention_shape;

typedef struct {
    attention_shape shape;
    int sequences;
    const int *row_start;      /* [sequences + 1] */
    const int *first_position; /* [sequences], or NULL: all 0 */
    const int *block_table;    /* blocks of all sequences, or NULL: keys lie where the rows lie */
    const int *block_start;    /* [sequences]: where a sequence's blocks start in block_table */
    int block_size;
    int eight_bit; /* whether keys and values are stored as below */
    const float *q, *k, *v;
    float *out;
    /* backward only */
    const float *dout;
    float *dq, *dk, *dv;
    int longest; /* keys of the longest sequence */
} attention_job;

PL_INLINE int sequence_of(const attention_job *job, int row) {
    int low = 0, high = job->sequences - 1;
    while (low < high) {
        int middle = (low + high + 1) / 2;
        if (job->row_start[middle] <= row) {
            low = middle;
        } else {
            high = middle - 1;
        }
    }
    return low;
}

/*
 * A stored row of one key head: its elements; or, of 8 bits, a code per element and then a float scale per BLOCK of
 * them. Both are counted in floats.
 */
PL_INLINE size_t stored_head(int eight_bit, int dim) {
    return (size_t)(eight_bit ? dim / (int)sizeof(float) + dim / BLOCK : dim);
}

static void pack_row(const float *x, int dim, float *to) {
    int8_t *codes = (int8_t *)to;
    float *scales = to + dim / (int)sizeof(float);
    for (int b = 0; b < dim / BLOCK; b++) {
        v16 low, high;
        scales[b] = quantise_block(x + BLOCK * b, &low, &high);
        v16_store_i8(codes + BLOCK * b, low);
        v16_store_i8(codes + BLOCK * b + 16, high);
    }
}

/* Turns pointers to stored rows of 8 bits into pointers to their values, which are written to `to`. */
static void unpack_rows(const float **rows, int count, int dim, float *to) {
    for (int j = 0; j < count; j++, to += dim) {
        const uint8_t *codes = (const uint8_t *)rows[j];
        const float *scales = rows[j] + dim / (int)sizeof(float);
        for (int c = 0; c < dim; c += 16) {
            v16_store(to + c, v16_mul(v16_set1(scales[c / BLOCK]), v16_from(i16_load_i8(codes + c))));
        }
        rows[j] = to;
    }
}

PL_INLINE int first_visible(const attention_shape *shape, int position) {
    return shape->window == 0 ? 0 : pl_max(0, position - shape->window + 1);
}

/* Pointers to the key (or value) rows of positions first … first + count - 1. */
static void cache_rows(
    const attention_job *job, int sequence, int first, int count, const float *base, const float **rows) {
    size_t width = (size_t)job->shape.key_heads * stored_head(job->eight_bit, job->shape.dim);
    if (job->block_table == NULL) {
        for (int j = 0; j < count; j++) {
            rows[j] = base + (size_t)(job->row_start[sequence] + first + j) * width;
        }
        return;
    }
    const int *blocks = job->block_table + job->block_start[sequence];
    int block = first / job->block_size, at = first % job->block_size;
    for (int j = 0; j < count; j++) {
        rows[j] = base + ((size_t)blocks[block] * (size_t)job->block_size + (size_t)at) * width;
        if (++at == job->block_size) {
            at = 0;
            block++;
        }
    }
}

/*
 * Asks for the rows at once. When few rows are computed, the weights between two visits of a layer have driven its
 * keys and values out of the caches, and waiting for them one after another would take longer than the sums.
 */
PL_INLINE void fetch_rows(const float *const *rows, int count, int floats) {
    for (int j = 0; j < pl_min(count, FETCHED_KEYS); j++) {
        for (int c = 0; c < floats; c += 16) {
            __builtin_prefetch(rows[j] + c);
        }
    }
}

static void attention_task(void *argument, int task, char *scratch) {
    attention_job *job = argument;
    const attention_shape *shape = &job->shape;
    int row = task / shape->key_heads, key_head = task % shape->key_heads, group = shape->heads / shape->key_heads;
    int sequence = sequence_of(job, row);
    int position = row - job->row_start[sequence] + (job->first_position ? job->first_position[sequence] : 0);
    int first = first_visible(shape, position), count = position + 1 - first;
    const float **keys = pl_take(&scratch, sizeof(float *) * (size_t)count);
    const float **values = pl_take(&scratch, sizeof(float *) * (size_t)count);
    const float **queries = pl_take(&scratch, sizeof(float *) * (size_t)group);
    float **scores = pl_take(&scratch, sizeof(float *) * (size_t)group);
    float **outs = pl_take(&scratch, sizeof(float *) * (size_t)group);
    float *alpha = pl_take(&scratch, sizeof(float) * (size_t)group);
    ptrdiff_t *offset = pl_take(&scratch, sizeof(ptrdiff_t) * (size_t)count);
    size_t stored = stored_head(job->eight_bit, shape->dim);
    cache_rows(job, sequence, first, count, job->k + (size_t)key_head * stored, keys);
    cache_rows(job, sequence, first, count, job->v + (size_t)key_head * stored, values);
    if (job->row_start[job->sequences] <= FETCHED_ROWS) {
        fetch_rows(keys, count, (int)stored);
        fetch_rows(values, count, (int)stored);
    }
    for (int g = 0; g < group; g++) {
        size_t at = ((size_t)row * (size_t)shape->heads + (size_t)(key_head * group + g)) * (size_t)shape->dim;
        queries[g] = job->q + at;
        outs[g] = job->out + at;
        scores[g] = pl_take(&scratch, sizeof(float) * (size_t)count);
    }
    for (int j = 0; j < count; j++) {
        offset[j] = j;
    }
    float *unpacked = job->eight_bit ? pl_take(&scratch, sizeof(float) * (size_t)shape->dim * (size_t)count) : NULL;
    if (job->eight_bit) {
        unpack_rows(keys, count, shape->dim, unpacked);
    }
    dot_products(group, count, shape->dim, queries, keys, scores);
    for (int g = 0; g < group; g++) {
        multiply_by(shape->scale, scores[g], count);
        alpha[g] = 1.0f / exponentials(scores[g], count);
    }
    if (job->eight_bit) {
        unpack_rows(values, count, shape->dim, unpacked); /* the keys are done with */
    }
    outer_product product = {group, shape->dim, count, (const float *const *)scores, offset, values, outs, alpha, SET};
    outer_products(&product);
}

/* Scratch of a task with so many keys. */
PL_INLINE size_t attention_scratch(const attention_shape *shape, size_t keys, int eight_bit) {
    size_t group = (size_t)(shape->heads / shape->key_heads);
    size_t unpacked = eight_bit ? keys * (size_t)shape->dim * sizeof(float) + 64 : 0;
    return keys * 24 + group * (keys * 4 + 64) + group * 28 + 1024 + unpacked;
}

PL_EXPORT int FN(attention)(
    pl_context *context, int heads, int key_heads, int dim, float scale, int window, int sequences,
    const int *row_start, const int *first_position, const int *block_table, const int *block_start, int block_size,
    int eight_bit, const float *q, const float *k, const float *v, float *out) {
    attention_job job = {.shape = {heads, key_heads, dim, window, scale}, .sequences = sequences,
        .row_start = row_start, .first_position = first_position, .block_table = block_table,
        .block_start = block_start, .block_size = block_size, .eight_bit = eight_bit, .q = q, .k = k, .v = v, .out = out};
    int longest = 0;
    for (int s = 0; s < sequences; s++) {
        longest = pl_max(longest, row_start[s + 1] - row_start[s] + (first_position ? first_position[s] : 0));
    }
    int reserved = pl_reserve(context, attention_scratch(&job.shape, (size_t)longest, eight_bit), 0);
    if (reserved != PL_OK) {
        return reserved;
    }
    pl_parallel(context, attention_task, &job, row_start[sequences] * key_heads);
    return PL_OK;
}

/* y[i] = fma(a, x[i], y[i]) */
PL_INLINE void add_multiple(float a, const float *x, float *y, int count) {
    v16 factor = v16_set1(a);
    int c = 0;
    for (; c + 16 <= count; c += 16) {
        v16_store(y + c, v16_fma(factor, v16_load(x + c), v16_load(y + c)));
    }
    if (c < count) {
        int n = count - c;
        v16_store_n(y + c, v16_fma(factor, v16_load_n(x + c, n), v16_load_n(y + c, n)), n);
    }
}

/* One query row: p and dp for its keys, dq, and its share of dk and dv. */
static void attention_backward_row(
    const attention_job *job, const float **keys, const float **values, int count, int row, int head, char *scratch) {
    const attention_shape *shape = &job->shape;
    size_t at = ((size_t)row * (size_t)shape->heads + (size_t)head) * (size_t)shape->dim;
    const float *q = job->q + at, *dout = job->dout + at;
    float *p = pl_take(&scratch, sizeof(float) * (size_t)count);
    float *dp = pl_take(&scratch, sizeof(float) * (size_t)count);
    ptrdiff_t *offset = pl_take(&scratch, sizeof(ptrdiff_t) * (size_t)count);
    dot_products(1, count, shape->dim, &q, keys, &p);
    dot_products(1, count, shape->dim, &dout, values, &dp);
    multiply_by(shape->scale, p, count);
    multiply_by(1.0f / exponentials(p, count), p, count);
    float along = dot(p, dp, count);
    ptrdiff_t to_dk = job->dk - job->k, to_dv = job->dv - job->v;
    for (int j = 0; j < count; j++) {
        offset[j] = j;
        dp[j] = shape->scale * (p[j] * (dp[j] - along));
        add_multiple(dp[j], q, (float *)keys[j] + to_dk, shape->dim);
        add_multiple(p[j], dout, (float *)values[j] + to_dv, shape->dim);
    }
    float *dq = job->dq + at;
    const float *ds = dp;
    float one = 1.0f;
    outer_product product = {1, shape->dim, count, &ds, offset, keys, &dq, &one, SET};
    outer_products(&product);
}

/* One sequence and key head: its query heads one after another, queries ascending. */
static void attention_backward_task(void *argument, int task, char *scratch) {
    attention_job *job = argument;
    const attention_shape *shape = &job->shape;
    int sequence = task / shape->key_heads, key_head = task % shape->key_heads, group = shape->heads / shape->key_heads;
    int start = job->row_start[sequence], rows = job->row_start[sequence + 1] - start;
    size_t width = (size_t)shape->key_heads * (size_t)shape->dim;
    const float **keys = pl_take(&scratch, sizeof(float *) * (size_t)rows);
    const float **values = pl_take(&scratch, sizeof(float *) * (size_t)rows);
    cache_rows(job, sequence, 0, rows, job->k + key_head * shape->dim, keys);
    cache_rows(job, sequence, 0, rows, job->v + key_head * shape->dim, values);
    for (int r = 0; r < rows; r++) {
        size_t at = (size_t)(start + r) * width + (size_t)(key_head * shape->dim);
        memset(job->dk + at, 0, sizeof(float) * (size_t)shape->dim);
        memset(job->dv + at, 0, sizeof(float) * (size_t)shape->dim);
    }
    for (int g = 0; g < group; g++) {
        for (int r = 0; r < rows; r++) {
            int first = first_visible(shape, r);
            attention_backward_row(
                job, keys + first, values + first, r + 1 - first, start + r, key_head * group + g, scratch);
        }
    }
}

PL_EXPORT int FN(attention_backward)(
    pl_context *context, int heads, int key_heads, int dim, float scale, int window, int sequences,
    const int *row_start, const float *q, const float *k, const float *v, const float *dout, float *dq, float *dk,
    float *dv) {
    attention_job job = {.shape = {heads, key_heads, dim, window, scale}, .sequences = sequences,
        .row_start = row_start, .q = q, .k = k, .v = v, .dout = dout, .dq = dq, .dk = dk, .dv = dv};
    size_t longest = 0;
    for (int s = 0; s < sequences; s++) {
        longest = (size_t)pl_max((int)longest, row_start[s + 1] - row_start[s]);
    }
    int reserved = pl_reserve(context, longest * 40 + 4096, 0);
    if (reserved != PL_OK) {
        return reserved;
    }
    pl_parallel(context, attention_backward_task, &job, sequences * key_heads);
    return PL_OK;
}

PL_EXPORT int FN(store_rows)(
    pl_context *context, int key_heads, int dim, int eight_bit, int sequences, const int *row_start,
    const int *first_position, const int *block_table, const int *block_start, int block_size, const float *rows,
    float *cache) {
    (void)context;
    size_t width = (size_t)key_heads * (size_t)dim, stored = stored_head(eight_bit, dim);
    for (int s = 0; s < sequences; s++) {
        const int *blocks = block_table + block_start[s];
        for (int r = row_start[s]; r < row_start[s + 1]; r++) {
            int position = first_position[s] + r - row_start[s];
            size_t slot =
                (size_t)blocks[position / block_size] * (size_t)block_size + (size_t)(position % block_size);
            const float *row = rows + (size_t)r * width;
            float *to = cache + slot * (size_t)key_heads * stored;
            if (!eight_bit) {
                memcpy(to, row, sizeof(float) * width);
                continue;
            }
            for (int h = 0; h < key_heads; h++) {
                pack_row(row + (size_t)h * (size_t)dim, dim, to + (size_t)h * stored);
            }
        }
    }
    return PL_OK;
}
