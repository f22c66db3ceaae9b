/* What attention computes over, and how rows of keys and values are stored. */

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
    int positions;         /* of a tile of query rows */
    const int *tile_start; /* [sequences + 1]: tiles of the sequences before */
    /* of rows that threads share */
    int pieces;                 /* of the keys */
    int columns, column_pieces; /* of the values: elements of a piece, and pieces */
    size_t stride;              /* floats from one query head's scores to the next one's */
    float *scores, *alpha;      /* [rows · heads][stride], [rows · heads] */
    /* backward only */
    const float *dout;
    float *dq, *dk, *dv;
    int longest; /* keys of the longest sequence */
} attention_job;

/* The sequence that owns number `item` of things that are counted through all sequences. */
PL_INLINE int sequence_of(const int *start, int sequences, int item) {
    int low = 0, high = sequences - 1;
    while (low < high) {
        int middle = (low + high + 1) / 2;
        if (start[middle] <= item) {
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

/* Elements c … c + lanes - 1 of a stored row; 8-bit rows have whole vectors only. */
PL_INLINE v16 stored16(int eight_bit, const float *row, int dim, int c, int lanes_here) {
    if (eight_bit) {
        const float *scales = row + dim / (int)sizeof(float);
        return v16_mul(v16_set1(scales[c / BLOCK]), v16_from(i16_load_i8((const uint8_t *)row + c)));
    }
    return load_lanes(row + c, lanes_here);
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
