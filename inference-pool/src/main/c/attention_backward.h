/* The gradient of attention over whole sequences. */

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
