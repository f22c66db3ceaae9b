/* Normalisation, rotation, activations and moves: operations on rows or single elements. */

enum { SERIAL_ELEMENTS = 1 << 14, ELEMENT_CHUNK = 1 << 13 };

static void multiply_by(float a, float *x, int count) {
    v16 factor = v16_set1(a);
    for (int i = 0; i < count; i += 16) {
        int n = pl_min(16, count - i);
        store_lanes(x + i, v16_mul(factor, load_lanes(x + i, n)), n);
    }
}

/* One argument block for all; each operation reads what it needs. */
typedef struct {
    int rows, width, rows_per_task;
    int64_t count;
    float epsilon, value;
    int kind;
    const float *a, *b, *c;
    float *x, *y, *z;
    const int *index;
} row_job;

/* Runs a task over groups of rows, on one thread if there is little to do. */
static void over_rows(pl_context *context, pl_task task, row_job *job) {
    size_t work = (size_t)job->rows * (size_t)job->width;
    job->rows_per_task = work < SERIAL_ELEMENTS ? job->rows : pl_max(1, ELEMENT_CHUNK / job->width);
    if (job->rows > 0) {
        pl_parallel(context, task, job, pl_ceil_div(job->rows, job->rows_per_task));
    }
}

/* Runs a task over runs of elements. */
static void over_elements(pl_context *context, pl_task task, row_job *job) {
    if (job->count > 0) {
        int tasks = job->count < SERIAL_ELEMENTS ? 1 : (int)((job->count + ELEMENT_CHUNK - 1) / ELEMENT_CHUNK);
        job->rows_per_task = tasks == 1 ? SERIAL_ELEMENTS : ELEMENT_CHUNK;
        pl_parallel(context, task, job, tasks);
    }
}

#define FOR_ROWS(r)                                                                                   \
    for (int r = task * job->rows_per_task, r##_end = pl_min(r + job->rows_per_task, job->rows); r < r##_end; r++)

/* Sixteen elements at a time; n of them are real. */
#define FOR_ELEMENTS(i, n)                                                                            \
    for (int64_t i = (int64_t)task * job->rows_per_task,                                              \
                 i##_end = i + job->rows_per_task < job->count ? i + job->rows_per_task : job->count; \
         i < i##_end; i += 16)                                                                        \
        for (int n = i##_end - i < 16 ? (int)(i##_end - i) : 16, n##_once = 1; n##_once; n##_once = 0)

#define FOR_COLUMNS(c, n, width) \
    for (int c = 0; c < (width); c += 16) \
        for (int n = pl_min(16, (width) - c), n##_once = 1; n##_once; n##_once = 0)

static void add_bias_task(void *argument, int task, char *scratch) {
    (void)scratch;
    row_job *job = argument;
    FOR_ROWS(r) {
        float *x = job->x + (size_t)r * (size_t)job->width;
        FOR_COLUMNS(c, n, job->width) { store_lanes(x + c, v16_add(load_lanes(x + c, n), load_lanes(job->a + c, n)), n); }
    }
}
PL_EXPORT int FN(add_bias)(pl_context *context, int rows, int width, const float *bias, float *x) {
    row_job job = {.rows = rows, .width = width, .a = bias, .x = x};
    over_rows(context, add_bias_task, &job);
    return PL_OK;
}

PL_INLINE float inverse_rms(const float *x, int width, float epsilon) {
    float mean_square = dot(x, x, width) / (float)width;
    return 1.0f / __builtin_sqrtf(mean_square + epsilon);
}

static void rms_norm_task(void *argument, int task, char *scratch) {
    (void)scratch;
    row_job *job = argument;
    FOR_ROWS(r) {
        const float *x = job->a + (size_t)r * (size_t)job->width;
        float *out = job->x + (size_t)r * (size_t)job->width;
        v16 inverse = v16_set1(inverse_rms(x, job->width, job->epsilon));
        FOR_COLUMNS(c, n, job->width) {
            store_lanes(out + c, v16_mul(v16_mul(load_lanes(x + c, n), inverse), load_lanes(job->b + c, n)), n);
        }
    }
}
PL_EXPORT int FN(rms_norm)(
    pl_context *context, int rows, int width, float epsilon, const float *x, const float *weight, float *out) {
    row_job job = {.rows = rows, .width = width, .epsilon = epsilon, .a = x, .b = weight, .x = out};
    over_rows(context, rms_norm_task, &job);
    return PL_OK;
}

static void rms_norm_backward_task(void *argument, int task, char *scratch) {
    row_job *job = argument;
    float *g = (float *)scratch;
    FOR_ROWS(r) {
        size_t at = (size_t)r * (size_t)job->width;
        const float *x = job->a + at, *dy = job->c + at;
        float *dx = job->x + at, inverse = inverse_rms(x, job->width, job->epsilon);
        FOR_COLUMNS(c, n, job->width) {
            store_lanes(g + c, v16_mul(load_lanes(job->b + c, n), load_lanes(dy + c, n)), n);
        }
        float along = dot(x, g, job->width);
        v16 factor = v16_set1(inverse * inverse * inverse * (along / (float)job->width));
        FOR_COLUMNS(c, n, job->width) {
            v16 straight = v16_mul(v16_set1(inverse), load_lanes(g + c, n));
            v16 gradient = v16_sub(straight, v16_mul(load_lanes(x + c, n), factor));
            store_lanes(dx + c, v16_add(load_lanes(dx + c, n), gradient), n);
        }
    }
}
PL_EXPORT int FN(rms_norm_backward)(
    pl_context *context, int rows, int width, float epsilon, const float *x, const float *weight, const float *dy,
    float *dx) {
    row_job job = {.rows = rows, .width = width, .epsilon = epsilon, .a = x, .b = weight, .c = dy, .x = dx};
    int reserved = pl_reserve(context, sizeof(float) * (size_t)width + 64, 0);
    if (reserved != PL_OK) {
        return reserved;
    }
    over_rows(context, rms_norm_backward_task, &job);
    return PL_OK;
}

typedef struct {
    int heads, head_dim, rotary, interleaved, inverse, rows, rows_per_task;
    const int *positions;
    const float *table;
    float *x;
} rope_job;

PL_INLINE void rotate(float *a, float *b, float cosine, float sine) {
    float first = *a, second = *b;
    *a = first * cosine - second * sine;
    *b = second * cosine + first * sine;
}

static void rope_task(void *argument, int task, char *scratch) {
    (void)scratch;
    rope_job *job = argument;
    int half = job->rotary / 2;
    float sign = job->inverse ? -1.0f : 1.0f;
    FOR_ROWS(r) {
        const float *cosines = job->table + (size_t)job->positions[r] * (size_t)job->rotary, *sines = cosines + half;
        for (int h = 0; h < job->heads; h++) {
            float *x = job->x + ((size_t)r * (size_t)job->heads + (size_t)h) * (size_t)job->head_dim;
            if (job->interleaved) {
                for (int i = 0; i < half; i++) {
                    rotate(x + 2 * i, x + 2 * i + 1, cosines[i], sign * sines[i]);
                }
            } else {
                FOR_COLUMNS(i, n, half) {
                    v16 cosine = load_lanes(cosines + i, n), sine = v16_mul(v16_set1(sign), load_lanes(sines + i, n));
                    v16 first = load_lanes(x + i, n), second = load_lanes(x + half + i, n);
                    store_lanes(x + i, v16_sub(v16_mul(first, cosine), v16_mul(second, sine)), n);
                    store_lanes(x + half + i, v16_add(v16_mul(second, cosine), v16_mul(first, sine)), n);
                }
            }
        }
    }
}
PL_EXPORT int FN(rope)(
    pl_context *context, int heads, int head_dim, int rotary, int interleaved, int rows, const int *positions,
    const float *table, float *x, int inverse) {
    rope_job job = {heads, head_dim, rotary, interleaved, inverse, rows, rows, positions, table, x};
    int width = heads * head_dim;
    job.rows_per_task = (size_t)rows * (size_t)width < SERIAL_ELEMENTS ? rows : pl_max(1, ELEMENT_CHUNK / width);
    if (rows > 0) {
        pl_parallel(context, rope_task, &job, pl_ceil_div(rows, job.rows_per_task));
    }
    return PL_OK;
}

enum { SILU = 0, GELU_TANH = 1 };
#define TWO_SQRT_TWO_OVER_PI 1.5957691216f
#define CUBIC 0.044715f

/* Both activations are x·σ(z). */
PL_INLINE v16 inner16(int kind, v16 x) {
    if (kind == SILU) {
        return x;
    }
    v16 square = v16_mul(v16_mul(v16_set1(CUBIC), x), x);
    return v16_mul(v16_set1(TWO_SQRT_TWO_OVER_PI), v16_fma(square, x, x));
}
PL_INLINE v16 inner_slope16(int kind, v16 x) {
    if (kind == SILU) {
        return v16_set1(1.0f);
    }
    v16 slope = v16_fma(v16_mul(v16_set1(3.0f * CUBIC), x), x, v16_set1(1.0f));
    return v16_mul(v16_set1(TWO_SQRT_TWO_OVER_PI), slope);
}

static void activation_task(void *argument, int task, char *scratch) {
    (void)scratch;
    row_job *job = argument;
    FOR_ELEMENTS(i, n) {
        v16 x = load_lanes(job->a + i, n);
        v16 f = v16_mul(x, sigmoid16(inner16(job->kind, x)));
        store_lanes(job->x + i, v16_mul(f, load_lanes(job->b + i, n)), n);
    }
}
PL_EXPORT int FN(gated_activation)(
    pl_context *context, int kind, int64_t count, const float *gate, const float *up, float *out) {
    row_job job = {.kind = kind, .count = count, .a = gate, .b = up, .x = out};
    over_elements(context, activation_task, &job);
    return PL_OK;
}

static void activation_backward_task(void *argument, int task, char *scratch) {
    (void)scratch;
    row_job *job = argument;
    FOR_ELEMENTS(i, n) {
        v16 x = load_lanes(job->a + i, n), up = load_lanes(job->b + i, n), d = load_lanes(job->c + i, n);
        v16 s = sigmoid16(inner16(job->kind, x)), f = v16_mul(x, s);
        v16 bent = v16_mul(f, v16_sub(v16_set1(1.0f), s));
        v16 slope = v16_fma(bent, inner_slope16(job->kind, x), s);
        store_lanes(job->x + i, v16_mul(v16_mul(d, up), slope), n);
        store_lanes(job->y + i, v16_mul(d, f), n);
    }
}
PL_EXPORT int FN(gated_activation_backward)(
    pl_context *context, int kind, int64_t count, const float *gate, const float *up, const float *dout, float *dgate,
    float *dup) {
    row_job job = {.kind = kind, .count = count, .a = gate, .b = up, .c = dout, .x = dgate, .y = dup};
    over_elements(context, activation_backward_task, &job);
    return PL_OK;
}

PL_EXPORT int FN(gather_rows)(
    pl_context *context, int width, int count, const int *indices, const float *x, float *out) {
    (void)context;
    for (int i = 0; i < count; i++) {
        memcpy(out + (size_t)i * (size_t)width, x + (size_t)indices[i] * (size_t)width, sizeof(float) * (size_t)width);
    }
    return PL_OK;
}

static void scatter_task(void *argument, int task, char *scratch) {
    (void)scratch;
    row_job *job = argument;
    FOR_ROWS(r) {
        const float *x = job->a + (size_t)r * (size_t)job->width;
        float *out = job->x + (size_t)job->index[r] * (size_t)job->width;
        FOR_COLUMNS(c, n, job->width) { store_lanes(out + c, v16_add(load_lanes(out + c, n), load_lanes(x + c, n)), n); }
    }
}
PL_EXPORT int FN(scatter_add_rows)(
    pl_context *context, int width, int count, const int *indices, const float *x, float *out) {
    row_job job = {.rows = count, .width = width, .index = indices, .a = x, .x = out};
    over_rows(context, scatter_task, &job);
    return PL_OK;
}

static void scatter_scaled_task(void *argument, int task, char *scratch) {
    (void)scratch;
    row_job *job = argument;
    FOR_ROWS(r) {
        const float *x = job->a + (size_t)r * (size_t)job->width;
        float *out = job->x + (size_t)job->index[r] * (size_t)job->width;
        v16 factor = v16_set1(job->b[r]);
        FOR_COLUMNS(c, n, job->width) { store_lanes(out + c, v16_fma(factor, load_lanes(x + c, n), load_lanes(out + c, n)), n); }
    }
}
PL_EXPORT int FN(scatter_add_scaled_rows)(
    pl_context *context, int width, int count, const int *indices, const float *factors, const float *x, float *out) {
    row_job job = {.rows = count, .width = width, .index = indices, .a = x, .b = factors, .x = out};
    over_rows(context, scatter_scaled_task, &job);
    return PL_OK;
}

PL_EXPORT int FN(copy_columns)(
    pl_context *context, int rows, int width, const float *source, int source_width, float *target, int target_width) {
    (void)context;
    for (int r = 0; r < rows; r++) {
        memcpy(target + (size_t)r * (size_t)target_width, source + (size_t)r * (size_t)source_width,
            sizeof(float) * (size_t)width);
    }
    return PL_OK;
}

static void add_scaled_task(void *argument, int task, char *scratch) {
    (void)scratch;
    row_job *job = argument;
    FOR_ELEMENTS(i, n) {
        store_lanes(job->x + i, v16_fma(v16_set1(job->value), load_lanes(job->a + i, n), load_lanes(job->x + i, n)), n);
    }
}
PL_EXPORT int FN(add_scaled)(pl_context *context, int64_t count, float a, const float *x, float *y) {
    row_job job = {.count = count, .value = a, .a = x, .x = y};
    over_elements(context, add_scaled_task, &job);
    return PL_OK;
}

static void scale_task(void *argument, int task, char *scratch) {
    (void)scratch;
    row_job *job = argument;
    FOR_ELEMENTS(i, n) { store_lanes(job->x + i, v16_mul(load_lanes(job->x + i, n), v16_set1(job->value)), n); }
}
PL_EXPORT int FN(scale)(pl_context *context, int64_t count, float a, float *x) {
    row_job job = {.count = count, .value = a, .x = x};
    over_elements(context, scale_task, &job);
    return PL_OK;
}

static void fill_task(void *argument, int task, char *scratch) {
    (void)scratch;
    row_job *job = argument;
    FOR_ELEMENTS(i, n) { store_lanes(job->x + i, v16_set1(job->value), n); }
}
PL_EXPORT int FN(fill)(pl_context *context, int64_t count, float value, float *x) {
    row_job job = {.count = count, .value = value, .x = x};
    over_elements(context, fill_task, &job);
    return PL_OK;
}
