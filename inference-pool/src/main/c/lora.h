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
    float *t, *dt, *dx;
} lora_job;

/* The deltas of one linear layer; kernel.cpu.CpuKernels writes these. */
typedef struct {
    const lora_slot *slots;
    float *t; /* [rows, stride] */
    float *y; /* [rows, out] */
    int32_t out;
    int32_t stride;
} lora_product;

/* Some rows of one adapter through one layer. */
typedef struct {
    const lora_product *product;
    const lora_slot *slot;
    const int *rows;
    int count;
    float *transposed; /* B as [rank, out], where many rows share it; else NULL */
} lora_part;

typedef struct {
    const float *x;
    int in;
    lora_part *parts;
} lora_forward_job;

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

enum {
    LORA_ROWS = 32,    /* per task */
    LORA_FEW = 4,      /* rows of one adapter for which B is not worth being transposed */
    LORA_AHEAD = 4096,  /* elements of B fetched ahead */
    LORA_FETCHED = 16384, /* most elements of A fetched at the start */
    LORA_COLUMNS = 64
};

/* Columns j … j + 7 of sixteen rows of B; those beyond `columns` or of rows beyond `rows` are 0. */
PL_INLINE void columns_of(const float *b, size_t rank, int rows, int columns, v16 column[8]) {
    if (rows == 16 && columns == 8) {
        v16_columns(b, rank, column);
        return;
    }
    float padded[16 * 8] = {0};
    for (int n = 0; n < rows; n++) {
        memcpy(padded + 8 * n, b + (size_t)n * rank, sizeof(float) * (size_t)columns);
    }
    v16_columns(padded, 8, column);
}

/* y += scale·B·t for few rows: B is turned in registers, sixteen of its rows at a time, and read once. */
PL_INLINE void add_few(
    const lora_slot *slot, int out, int count, const float *const *t, float *const *y) {
    size_t rank = (size_t)slot->rank;
    v16 scale = v16_set1(slot->scale);
    for (int n = 0; n < out; n += 16) {
        int lanes_here = pl_min(16, out - n);
        v16 acc[LORA_FEW];
        for (int m = 0; m < count; m++) {
            acc[m] = v16_zero();
        }
        for (size_t i = 0; i < 16 * rank; i += 16) {
            __builtin_prefetch(slot->b + (size_t)n * rank + LORA_AHEAD + i, 0, 0);
        }
        for (int j = 0; j < slot->rank; j += 8) {
            v16 column[8];
            int columns = pl_min(8, slot->rank - j);
            columns_of(slot->b + (size_t)n * rank + j, rank, lanes_here, columns, column);
            for (int m = 0; m < count; m++) {
                for (int i = 0; i < columns; i++) {
                    acc[m] = v16_fma(v16_set1(t[m][j + i]), column[i], acc[m]);
                }
            }
        }
        for (int m = 0; m < count; m++) {
            store_lanes(y[m] + n, v16_fma(scale, acc[m], load_lanes(y[m] + n, lanes_here)), lanes_here);
        }
    }
}

/* Asks for the first elements of a matrix at once: rows of A are too short for the processor to run ahead in them. */
PL_INLINE void fetch(const float *from, size_t count) {
    for (size_t i = 0; i < count && i < LORA_FETCHED; i += 16) {
        __builtin_prefetch(from + i, 0, 0);
    }
}

static void add_many(
    const lora_slot *slot, int out, int count, const float *transposed, const float *const *t, float *const *y,
    char *scratch) {
    int rank = slot->rank;
    const float **b = pl_take(&scratch, sizeof(float *) * (size_t)rank);
    ptrdiff_t *offset = pl_take(&scratch, sizeof(ptrdiff_t) * (size_t)rank);
    float alpha[LORA_ROWS];
    consecutive(transposed, rank, (size_t)out, b);
    for (int j = 0; j < rank; j++) {
        offset[j] = j;
    }
    for (int i = 0; i < count; i++) {
        alpha[i] = slot->scale;
    }
    outer_product delta = {count, out, rank, t, offset, b, y, alpha, ADD};
    outer_products(&delta);
}

static void lora_forward_task(void *argument, int task, char *scratch) {
    const lora_forward_job *job = argument;
    const lora_part *part = job->parts + task;
    const lora_slot *slot = part->slot;
    int out = part->product->out, rank = slot->rank;
    const float *x[LORA_ROWS], *t[LORA_ROWS], *y[LORA_ROWS];
    const float **a = pl_take(&scratch, sizeof(float *) * (size_t)rank);
    rows_at(part->rows, part->count, job->x, (size_t)job->in, x);
    rows_at(part->rows, part->count, part->product->t, (size_t)part->product->stride, t);
    rows_at(part->rows, part->count, part->product->y, (size_t)out, y);
    consecutive(slot->a, rank, (size_t)job->in, a);
    fetch(slot->a, (size_t)rank * (size_t)job->in);
    fetch(slot->b, LORA_AHEAD);
    dot_products(part->count, rank, job->in, x, a, (float *const *)t);
    if (part->transposed != NULL) {
        add_many(slot, out, part->count, part->transposed, t, (float *const *)y, scratch);
    } else if (part->count == 1) { /* a constant: the compiler keeps the one sum in a register */
        add_few(slot, out, 1, t, (float *const *)y);
    } else {
        add_few(slot, out, part->count, t, (float *const *)y);
    }
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

/* B as [rank, out]. Sixteen of its rows at a time: element by element, columns a power of two apart share a cache set. */
static void transpose(const float *b, int out, int rank, float *transposed) {
    for (int n = 0; n < out; n += 16) {
        int rows = pl_min(16, out - n);
        for (int j = 0; j < rank; j += 8) {
            v16 column[8];
            int columns = pl_min(8, rank - j);
            columns_of(b + (size_t)n * (size_t)rank + j, (size_t)rank, rows, columns, column);
            for (int i = 0; i < columns; i++) {
                store_lanes(transposed + (size_t)(j + i) * (size_t)out + n, column[i], rows);
            }
        }
    }
}

/* The parts of one adapter's rows in one layer, appended to `parts`; returns how many. */
static int split(
    const lora_product *product, const lora_slot *slot, const int *rows, int count, float **transposed,
    lora_part *parts) {
    int added = 0;
    float *turned = NULL;
    if (count > LORA_FEW) {
        turned = *transposed;
        transpose(slot->b, product->out, slot->rank, turned);
        *transposed += (size_t)slot->rank * (size_t)product->out;
    }
    for (int first = 0; first < count; first += LORA_ROWS) {
        parts[added++] =
            (lora_part){product, slot, rows + first, pl_min(LORA_ROWS, count - first), turned};
    }
    return added;
}

/*
 * The deltas of several linear layers that read the same rows: every adapter of every layer is a task, so that a step
 * of many adapters is shared out at once.
 */
PL_EXPORT int FN(lora_forward)(
    pl_context *context, int rows, int in, const int *adapter_of_row, int slot_count, const float *x,
    const lora_product *products, int product_count) {
    size_t part_count = (size_t)product_count * (size_t)(slot_count + rows / LORA_ROWS + 1);
    size_t transposed = 0, rank = 1;
    for (int p = 0; p < product_count; p++) {
        for (int s = 0; s < slot_count; s++) {
            const lora_slot *slot = products[p].slots + s;
            if (slot->a != NULL) {
                transposed += rows > LORA_FEW ? (size_t)slot->rank * (size_t)products[p].out : 0;
                rank = (size_t)slot->rank > rank ? (size_t)slot->rank : rank;
            }
        }
    }
    int reserved = pl_reserve(context, rank * 16 + 4096, 0);
    if (reserved == PL_OK) {
        reserved = pl_reserve_shared(
            context, pl_align(sizeof(int) * (size_t)rows) + pl_align(sizeof(lora_part) * part_count) +
                         sizeof(float) * transposed);
    }
    if (reserved != PL_OK) {
        return reserved;
    }
    char *shared = context->shared;
    int *list = pl_take(&shared, sizeof(int) * (size_t)rows);
    lora_forward_job job = {x, in, pl_take(&shared, sizeof(lora_part) * part_count)};
    float *turned = (float *)shared;
    int tasks = 0, listed = 0;
    for (int s = 0; s < slot_count; s++) {
        int count = rows_of(adapter_of_row, rows, s, list + listed);
        for (int p = 0; count > 0 && p < product_count; p++) {
            const lora_slot *slot = products[p].slots + s;
            if (slot->a != NULL) {
                tasks += split(products + p, slot, list + listed, count, &turned, job.parts + tasks);
            }
        }
        listed += count;
    }
    if (tasks > 0) {
        pl_parallel(context, lora_forward_task, &job, tasks);
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
