/* The loss, the length of a gradient and the optimiser. */

/* Σ e^(x - max) in double precision: vocabularies are long. */
static double sum_of_exponentials(const float *x, int count, float max) {
    d16 sum = d16_zero();
    FOR_COLUMNS(c, n, count) {
        v16 e = exp16(v16_sub(load_lanes(x + c, n), v16_set1(max)));
        sum = d16_add(sum, n == 16 ? e : v16_first(e, v16_zero(), n));
    }
    return join_doubles(sum);
}

static void cross_entropy_task(void *argument, int task, char *scratch) {
    (void)scratch;
    row_job *job = argument;
    int width = job->width, target = job->index[task];
    float *x = job->x + (size_t)task * (size_t)width;
    if (target < 0) {
        job->y[task] = 0;
        if (job->value != 0) {
            memset(x, 0, sizeof(float) * (size_t)width);
        }
        return;
    }
    float max = largest(x, width);
    double sum = sum_of_exponentials(x, width, max);
    job->y[task] = (float)(log_of(sum) - ((double)x[target] - (double)max));
    if (job->value != 0) {
        v16 factor = v16_set1((float)((double)job->value / sum));
        FOR_COLUMNS(c, n, width) {
            store_lanes(x + c, v16_mul(factor, exp16(v16_sub(load_lanes(x + c, n), v16_set1(max)))), n);
        }
        x[target] -= job->value;
    }
}
PL_EXPORT int FN(softmax_cross_entropy)(
    pl_context *context, int vocabulary, int rows, const int *targets, float gradient_scale, float *logits,
    float *loss) {
    row_job job = {.width = vocabulary, .index = targets, .value = gradient_scale, .x = logits, .y = loss};
    pl_parallel(context, cross_entropy_task, &job, rows);
    return PL_OK;
}

PL_EXPORT int FN(sum_of_squares)(pl_context *context, int64_t count, const float *x, double *result) {
    (void)context;
    d16 sum = d16_zero();
    for (int64_t i = 0; i < count; i += 16) {
        int n = count - i < 16 ? (int)(count - i) : 16;
        sum = d16_add_square(sum, load_lanes(x + i, n));
    }
    *result = join_doubles(sum);
    return PL_OK;
}

typedef struct {
    float keep, beta1, beta2, rest1, rest2, step_size, root_correction, epsilon, gradient_scale;
} adamw_factors;

typedef struct {
    adamw_factors f;
    int64_t count;
    int rows_per_task;
    float *p, *m, *v;
    const float *g;
} adamw_job;

static void adamw_task(void *argument, int task, char *scratch) {
    (void)scratch;
    adamw_job *job = argument;
    adamw_factors f = job->f;
    FOR_ELEMENTS(i, n) {
        v16 g = v16_mul(v16_set1(f.gradient_scale), load_lanes(job->g + i, n));
        v16 m = v16_fma(v16_set1(f.rest1), g, v16_mul(v16_set1(f.beta1), load_lanes(job->m + i, n)));
        v16 v = v16_fma(v16_mul(v16_set1(f.rest2), g), g, v16_mul(v16_set1(f.beta2), load_lanes(job->v + i, n)));
        store_lanes(job->m + i, m, n);
        store_lanes(job->v + i, v, n);
        v16 denominator = v16_add(v16_div(v16_sqrt(v), v16_set1(f.root_correction)), v16_set1(f.epsilon));
        v16 decayed = v16_mul(v16_set1(f.keep), load_lanes(job->p + i, n));
        v16 step = v16_mul(v16_set1(f.step_size), v16_div(m, denominator));
        store_lanes(job->p + i, v16_sub(decayed, step), n);
    }
}
PL_EXPORT int FN(adamw)(
    pl_context *context, const float *factors, int64_t count, float *p, const float *g, float *m, float *v) {
    adamw_job job = {.count = count, .rows_per_task = ELEMENT_CHUNK, .p = p, .m = m, .v = v, .g = g};
    memcpy(&job.f, factors, sizeof job.f);
    if (count > 0) {
        pl_parallel(context, adamw_task, &job, (int)((count + ELEMENT_CHUNK - 1) / ELEMENT_CHUNK));
    }
    return PL_OK;
}
