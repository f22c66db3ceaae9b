/*
 * The grouped low-rank delta. Rows are grouped by adapter, in ascending order; each sum is taken on its own and added
 * once to its target, so a row's result does not depend on the other rows.
 */

typedef struct {
    const float *a; /* A[rank, in] or NULL: this adapter does not touch the layer */
    const float *b; /* B[out, rank] */
    float *da;      /* gradients, or NULL */
    float *db;
    int32_t rank;
    float scale;
} lora_slot;

typedef struct {
    const lora_slot *slot;
    int in, out, stride; /* stride: columns of t and dt */
    int count;           /* rows of this adapter */
    const int *rows;     /* their numbers, ascending */
    const float *x, *dy;
    float *t, *y, *dt, *dx;
    const float *transposed; /* B as [rank, out] */
    int piece;               /* rows or columns per task */
} lora_job;

/* Pointers to the listed rows of a matrix. */
static void rows_at(const int *rows, int count, const float *base, size_t stride, const float **to) {
    for (int i = 0; i < count; i++) {
        to[i] = base + (size_t)rows[i] * stride;
    }
}

static void consecutive(const float *base, int count, size_t stride, const float **to) {
    for (int i = 0; i < count; i++) {
        to[i] = base + (size_t)i * stride;
    }
}

enum { LORA_ROWS = 32, LORA_COLUMNS = 64 };

static void lora_forward_task(void *argument, int task, char *scratch) {
    lora_job *job = argument;
    int first = task * LORA_ROWS, count = pl_min(LORA_ROWS, job->count - first), rank = job->slot->rank;
    const int *rows = job->rows + first;
    const float *x[LORA_ROWS], *t[LORA_ROWS], *y[LORA_ROWS];
    float alpha[LORA_ROWS];
    const float **a = pl_take(&scratch, sizeof(float *) * (size_t)rank);
    const float **b = pl_take(&scratch, sizeof(float *) * (size_t)rank);
    ptrdiff_t *offset = pl_take(&scratch, sizeof(ptrdiff_t) * (size_t)rank);
    rows_at(rows, count, job->x, (size_t)job->in, x);
    rows_at(rows, count, job->t, (size_t)job->stride, t);
    rows_at(rows, count, job->y, (size_t)job->out, y);
    consecutive(job->slot->a, rank, (size_t)job->in, a);
    consecutive(job->transposed, rank, (size_t)job->out, b);
    for (int j = 0; j < rank; j++) {
        offset[j] = j;
    }
    for (int i = 0; i < count; i++) {
        alpha[i] = job->slot->scale;
    }
    dot_products(count, rank, job->in, x, a, (float *const *)t);
    outer_product delta = {count, job->out, rank, t, offset, b, (float *const *)y, alpha, ADD};
    outer_products(&delta);
}

/* dt and dx of a group of rows. */
static void lora_rows_task(void *argument, int task, char *scratch) {
    lora_job *job = argument;
    int first = task * LORA_ROWS, count = pl_min(LORA_ROWS, job->count - first), rank = job->slot->rank;
    const int *rows = job->rows + first;
    const float *dy[LORA_ROWS], *dt[LORA_ROWS], *dx[LORA_ROWS];
    float alpha[LORA_ROWS], one[LORA_ROWS];
    const float **a = pl_take(&scratch, sizeof(float *) * (size_t)rank);
    const float **b = pl_take(&scratch, sizeof(float *) * (size_t)job->out);
    ptrdiff_t *offset = pl_take(&scratch, sizeof(ptrdiff_t) * (size_t)pl_max(job->out, rank));
    rows_at(rows, count, job->dy, (size_t)job->out, dy);
    rows_at(rows, count, job->dt, (size_t)job->stride, dt);
    rows_at(rows, count, job->dx, (size_t)job->in, dx);
    consecutive(job->slot->a, rank, (size_t)job->in, a);
    consecutive(job->slot->b, job->out, (size_t)rank, b);
    for (int j = 0; j < pl_max(job->out, rank); j++) {
        offset[j] = j;
    }
    for (int i = 0; i < count; i++) {
        alpha[i] = job->slot->scale;
        one[i] = 1.0f;
    }
    outer_product through_b = {count, rank, job->out, dy, offset, b, (float *const *)dt, alpha, SET};
    outer_products(&through_b);
    outer_product through_a = {count, job->in, rank, dt, offset, a, (float *const *)dx, one, ADD};
    outer_products(&through_a);
}

/* dB of a group of output features: sums over this adapter's rows. */
static void lora_db_task(void *argument, int task, char *scratch) {
    lora_job *job = argument;
    int first = task * LORA_COLUMNS, count = pl_min(LORA_COLUMNS, job->out - first), rank = job->slot->rank;
    const float *dy[LORA_COLUMNS], *db[LORA_COLUMNS];
    float alpha[LORA_COLUMNS];
    const float **t = pl_take(&scratch, sizeof(float *) * (size_t)job->count);
    ptrdiff_t *offset = pl_take(&scratch, sizeof(ptrdiff_t) * (size_t)job->count);
    rows_at(job->rows, job->count, job->t, (size_t)job->stride, t);
    consecutive(job->dy + first, count, 1, dy);
    consecutive(job->slot->db + (size_t)first * (size_t)rank, count, (size_t)rank, db);
    for (int i = 0; i < job->count; i++) {
        offset[i] = (ptrdiff_t)job->rows[i] * job->out;
    }
    for (int i = 0; i < count; i++) {
        alpha[i] = job->slot->scale;
    }
    outer_product product = {count, rank, job->count, dy, offset, t, (float *const *)db, alpha, ADD};
    outer_products(&product);
}

/* dA of a group of input features. */
static void lora_da_task(void *argument, int task, char *scratch) {
    lora_job *job = argument;
    int first = task * LORA_COLUMNS, columns = pl_min(LORA_COLUMNS, job->in - first), rank = job->slot->rank;
    const float **x = pl_take(&scratch, sizeof(float *) * (size_t)job->count);
    const float **dt = pl_take(&scratch, sizeof(float *) * (size_t)rank);
    const float **da = pl_take(&scratch, sizeof(float *) * (size_t)rank);
    float *one = pl_take(&scratch, sizeof(float) * (size_t)rank);
    ptrdiff_t *offset = pl_take(&scratch, sizeof(ptrdiff_t) * (size_t)job->count);
    rows_at(job->rows, job->count, job->x + first, (size_t)job->in, x);
    consecutive(job->dt, rank, 1, dt);
    consecutive(job->slot->da + first, rank, (size_t)job->in, da);
    for (int i = 0; i < job->count; i++) {
        offset[i] = (ptrdiff_t)job->rows[i] * job->stride;
    }
    for (int j = 0; j < rank; j++) {
        one[j] = 1.0f;
    }
    outer_product product = {rank, columns, job->count, dt, offset, x, (float *const *)da, one, ADD};
    outer_products(&product);
}

/* Collects the rows of one adapter; returns how many. */
static int rows_of(const int *adapter_of_row, int rows, int slot, int *list) {
    int count = 0;
    for (int r = 0; r < rows; r++) {
        if (adapter_of_row[r] == slot) {
            list[count++] = r;
        }
    }
    return count;
}

static int lora_reserve(pl_context *context, const lora_slot *slots, int slot_count, int rows, int in, int out) {
    size_t rank = 1;
    for (int s = 0; s < slot_count; s++) {
        rank = slots[s].a != NULL && (size_t)slots[s].rank > rank ? (size_t)slots[s].rank : rank;
    }
    size_t lists = (size_t)rows * 24 + rank * 40 + (size_t)out * 24 + (size_t)in * 8;
    return pl_reserve(context, lists + sizeof(float) * rank * (size_t)out + 8192, 0);
}

PL_EXPORT int FN(lora_forward)(
    pl_context *context, int rows, int in, int out, int stride, const int *adapter_of_row, const lora_slot *slots,
    int slot_count, const float *x, float *t, float *y) {
    int reserved = lora_reserve(context, slots, slot_count, rows, in, out);
    if (reserved != PL_OK) {
        return reserved;
    }
    /* The caller's own scratch holds the list and the transposed B; tasks on this thread use what follows. */
    char *mine = context->scratch[0], *rest = mine;
    for (int s = 0; s < slot_count; s++) {
        rest = mine;
        int *list = pl_take(&rest, sizeof(int) * (size_t)rows);
        lora_job job = {.slot = slots + s, .in = in, .out = out, .stride = stride, .rows = list, .x = x, .t = t, .y = y};
        job.count = slots[s].a == NULL ? 0 : rows_of(adapter_of_row, rows, s, list);
        if (job.count == 0) {
            continue;
        }
        int rank = slots[s].rank;
        float *transposed = pl_take(&rest, sizeof(float) * (size_t)rank * (size_t)out);
        for (int n = 0; n < out; n++) {
            for (int j = 0; j < rank; j++) {
                transposed[(size_t)j * (size_t)out + (size_t)n] = slots[s].b[(size_t)n * (size_t)rank + (size_t)j];
            }
        }
        job.transposed = transposed;
        context->scratch[0] = rest;
        pl_parallel(context, lora_forward_task, &job, pl_ceil_div(job.count, LORA_ROWS));
        context->scratch[0] = mine;
    }
    return PL_OK;
}

PL_EXPORT int FN(lora_backward)(
    pl_context *context, int rows, int in, int out, int stride, const int *adapter_of_row, const lora_slot *slots,
    int slot_count, const float *x, const float *t, const float *dy, float *dt, float *dx) {
    int reserved = lora_reserve(context, slots, slot_count, rows, in, out);
    if (reserved != PL_OK) {
        return reserved;
    }
    char *mine = context->scratch[0], *rest = mine;
    for (int s = 0; s < slot_count; s++) {
        rest = mine;
        int *list = pl_take(&rest, sizeof(int) * (size_t)rows);
        lora_job job = {.slot = slots + s, .in = in, .out = out, .stride = stride, .rows = list, .x = x, .dy = dy,
            .t = (float *)t, .dt = dt, .dx = dx};
        job.count = slots[s].a == NULL ? 0 : rows_of(adapter_of_row, rows, s, list);
        if (job.count == 0) {
            continue;
        }
        context->scratch[0] = rest;
        pl_parallel(context, lora_rows_task, &job, pl_ceil_div(job.count, LORA_ROWS));
        if (slots[s].da != NULL) {
            pl_parallel(context, lora_db_task, &job, pl_ceil_div(out, LORA_COLUMNS));
            pl_parallel(context, lora_da_task, &job, pl_ceil_div(in, LORA_COLUMNS));
        }
        context->scratch[0] = mine;
    }
    return PL_OK;
}
