/* Products with frozen weights, forward and backward, from the same blocks. */

enum {
    TILE_BYTES = 384 << 10,     /* of unpacked weights per thread: well inside a second-level cache */
    FORWARD_TILE_ROWS = 48,     /* weight rows per tile; whole TILE_N in both instruction sets */
    FORWARD_X_BYTES = 256 << 10,/* of activations that stay in cache while a tile is used */
    BACKWARD_TILE_ROWS = 128,
    DY_STRIDE = BACKWARD_TILE_ROWS + 16,
    BACKWARD_M = 256,           /* activation rows per task of the backward product */
    VECTOR_ROWS = 32,           /* weight rows per task of a matrix-vector product */
    PACKED_TASK_BYTES = 1 << 14, /* of packed weights that a task reads */
    SERIAL_WORK = 1 << 15       /* fewer multiplications than this are not worth a second thread */
};

typedef struct {
    int rows;
    const float *x;
    pl_weight w;
    float *y;
    int tile_rows;
    int pieces; /* of one kind of split */
    int piece;  /* columns or rows per piece */
} linear_job;

PL_INLINE int padded(int count) { return (count + 15) & ~15; }

static void vector_task(void *argument, int task, char *scratch) {
    (void)scratch;
    linear_job *job = argument;
    int n0 = task * job->tile_rows;
    multiply_vector(&job->w, n0, pl_min(n0 + job->tile_rows, job->w.rows), job->x, job->y);
}

/* One tile of weight rows against all activation rows, in groups that stay in cache. */
static void forward_task(void *argument, int task, char *scratch) {
    linear_job *job = argument;
    int n0 = task * job->tile_rows, columns = job->w.columns, stride = padded(columns);
    int n_here = pl_min(job->tile_rows, job->w.rows - n0);
    int group = pl_max(TILE_M, (int)(FORWARD_X_BYTES / ((size_t)columns * sizeof(float))) / TILE_M * TILE_M);
    const float **w = pl_take(&scratch, sizeof(float *) * (size_t)job->tile_rows);
    const float **x = pl_take(&scratch, sizeof(float *) * (size_t)group);
    float **y = pl_take(&scratch, sizeof(float *) * (size_t)group);
    float *tile = pl_take(&scratch, sizeof(float) * (size_t)job->tile_rows * (size_t)stride);
    for (int n = 0; n < n_here; n++) {
        unpack(&job->w, n0 + n, 0, columns, tile + (size_t)n * (size_t)stride);
        w[n] = tile + (size_t)n * (size_t)stride;
    }
    for (int m0 = 0; m0 < job->rows; m0 += group) {
        int m_here = pl_min(group, job->rows - m0);
        for (int m = 0; m < m_here; m++) {
            x[m] = job->x + (size_t)(m0 + m) * (size_t)columns;
            y[m] = job->y + (size_t)(m0 + m) * (size_t)job->w.rows + n0;
        }
        dot_products(m_here, n_here, columns, x, w, y);
    }
}

PL_EXPORT int FN(matmul)(
    pl_context *context, int rows, const float *x, const uint8_t *blocks, int type, int n, int k, float *y) {
    linear_job job = {.rows = rows, .x = x, .w = {blocks, type, n, k}, .y = y};
    if (block_elements(type) == 0) {
        return PL_UNKNOWN_FORMAT;
    }
    if (rows == 1) {
        job.tile_rows = (size_t)n * (size_t)k < SERIAL_WORK ? n : VECTOR_ROWS;
        pl_parallel(context, vector_task, &job, pl_ceil_div(n, job.tile_rows));
        return PL_OK;
    }
    size_t row = sizeof(float) * (size_t)padded(k);
    int fitting = pl_max(1, (int)(TILE_BYTES / row) / TILE_N) * TILE_N;
    int fair = pl_ceil_div(pl_ceil_div(n, 2 * context->threads), TILE_N) * TILE_N;
    job.tile_rows = pl_min(pl_min(FORWARD_TILE_ROWS, fitting), fair);
    size_t pointers = 2 * (sizeof(float *) * (FORWARD_X_BYTES / sizeof(float) + TILE_M) + 64);
    int reserved = pl_reserve(context, row * (size_t)job.tile_rows + pointers + 4096, 0);
    if (reserved != PL_OK) {
        return reserved;
    }
    if (rows > 0) {
        pl_parallel(context, forward_task, &job, pl_ceil_div(n, job.tile_rows));
    }
    return PL_OK;
}

/* A piece of dx's columns for a group of rows: every tile of weight rows, n ascending. */
static void backward_task(void *argument, int task, char *scratch) {
    linear_job *job = argument;
    int columns = job->w.columns, c0 = task % job->pieces * job->piece;
    int c_here = pl_min(job->piece, columns - c0), stride = padded(c_here);
    int m0 = task / job->pieces * BACKWARD_M, m_here = pl_min(BACKWARD_M, job->rows - m0);
    const float **w = pl_take(&scratch, sizeof(float *) * BACKWARD_TILE_ROWS);
    const float **dy = pl_take(&scratch, sizeof(float *) * BACKWARD_M);
    float **dx = pl_take(&scratch, sizeof(float *) * BACKWARD_M);
    ptrdiff_t *offset = pl_take(&scratch, sizeof(ptrdiff_t) * BACKWARD_TILE_ROWS);
    float *tile = pl_take(&scratch, sizeof(float) * (size_t)job->tile_rows * (size_t)stride);
    /* Rows of dy may lie a power of two apart and would then share a few cache sets: a copy does not. */
    float *dy_tile = pl_take(&scratch, sizeof(float) * BACKWARD_M * DY_STRIDE);
    for (int n = 0; n < BACKWARD_TILE_ROWS; n++) {
        offset[n] = n;
    }
    for (int n0 = 0; n0 < job->w.rows; n0 += job->tile_rows) {
        int n_here = pl_min(job->tile_rows, job->w.rows - n0);
        for (int n = 0; n < n_here; n++) {
            unpack(&job->w, n0 + n, c0, c_here, tile + (size_t)n * (size_t)stride);
            w[n] = tile + (size_t)n * (size_t)stride;
        }
        for (int m = 0; m < m_here; m++) {
            dy[m] = memcpy(dy_tile + (size_t)m * DY_STRIDE, job->x + (size_t)(m0 + m) * (size_t)job->w.rows + n0,
                sizeof(float) * (size_t)n_here);
            dx[m] = job->y + (size_t)(m0 + m) * (size_t)columns + c0;
        }
        outer_product product = {m_here, c_here, n_here, dy, offset, w, dx, NULL, CONTINUE};
        outer_products(&product);
    }
}

PL_EXPORT int FN(matmul_backward)(
    pl_context *context, int rows, const float *dy, const uint8_t *blocks, int type, int n, int k, float *dx) {
    linear_job job = {.rows = rows, .x = dy, .w = {blocks, type, n, k}, .y = dx};
    int elements = block_elements(type);
    if (elements == 0) {
        return PL_UNKNOWN_FORMAT;
    }
    /* Whole blocks, whole vectors of 16, and about one piece per thread. */
    int unit = pl_max(elements, 16), units = pl_ceil_div(k, unit);
    int per_piece = (size_t)n * (size_t)k * (size_t)rows < SERIAL_WORK ? units : pl_ceil_div(units, context->threads);
    per_piece = pl_max(1, pl_min(per_piece, (int)(TILE_BYTES / sizeof(float)) / unit));
    job.piece = per_piece * unit;
    job.pieces = pl_ceil_div(k, job.piece);
    job.tile_rows = pl_max(1, pl_min(BACKWARD_TILE_ROWS, (int)(TILE_BYTES / sizeof(float)) / job.piece));
    size_t lists = sizeof(float *) * 4 * BACKWARD_M + 8192;
    int reserved = pl_reserve(context, TILE_BYTES + sizeof(float) * BACKWARD_M * DY_STRIDE + lists, 0);
    if (reserved != PL_OK) {
        return reserved;
    }
    if (rows > 0) {
        pl_parallel(context, backward_task, &job, job.pieces * pl_ceil_div(rows, BACKWARD_M));
    }
    return PL_OK;
}

typedef struct {
    pl_weight table;
    const int *tokens;
    float scale;
    float *out;
} embed_job;

static void embed_task(void *argument, int task, char *scratch) {
    (void)scratch;
    embed_job *job = argument;
    int width = job->table.columns;
    float *out = job->out + (size_t)task * (size_t)width;
    unpack(&job->table, job->tokens[task], 0, width, out);
    v16 scale = v16_set1(job->scale);
    for (int c = 0; c < width; c += 16) {
        int n = pl_min(16, width - c);
        store_lanes(out + c, v16_mul(scale, load_lanes(out + c, n)), n);
    }
}

PL_EXPORT int FN(embed)(
    pl_context *context, const uint8_t *blocks, int type, int n, int k, const int *tokens, int count, float scale,
    float *out) {
    embed_job job = {{blocks, type, n, k}, tokens, scale, out};
    if (block_elements(type) == 0) {
        return PL_UNKNOWN_FORMAT;
    }
    pl_parallel(context, embed_task, &job, count);
    return PL_OK;
}
