/*
 * Causal attention: all scores of a query row, their softmax, then the weighted sum of values, key ascending, whatever
 * shares the call (ADR 0002). Rows of a prompt go in tiles (attention_tiles.h), others alone (attention_lone.h).
 */

enum {
    QUERY_ROWS = 96,        /* of a tile: a transposed key is used so often */
    FEWEST_QUERY_ROWS = 12, /* below it a tile costs more than it saves */
    TILE_SCORES = 4 << 20,  /* bytes of scores per tile, well inside a last-level cache */
    TASKS_PER_THREAD = 4,
    SHARED_KEYS = 768       /* from so many on threads share the keys of a row */
};

/* One tile of query rows and one key head. */
static void attention_task(void *argument, int task, char *scratch) {
    attention_job *job = argument;
    const attention_shape *shape = &job->shape;
    int key_head = task % shape->key_heads, number = task / shape->key_heads;
    int sequence = sequence_of(job->tile_start, job->sequences, number);
    int row = job->row_start[sequence] + (number - job->tile_start[sequence]) * job->positions;
    int positions = pl_min(job->positions, job->row_start[sequence + 1] - row);
    if (positions == 1) {
        lone_attention(job, row, key_head, scratch);
    } else {
        tile_attention(job, sequence, row, positions, key_head, scratch);
    }
}

/* Positions of a tile: as many as make it worth its while, but tasks for every thread and scores that stay near. */
static int tile_positions(const attention_job *job, int threads, int longest) {
    int group = job->shape.heads / job->shape.key_heads, rows = job->row_start[job->sequences];
    int fewest = pl_ceil_div(FEWEST_QUERY_ROWS, group);
    int fair = (int)((int64_t)rows * job->shape.key_heads / ((int64_t)TASKS_PER_THREAD * threads));
    int near = (int)((size_t)TILE_SCORES / (sizeof(float) * score_stride(longest) * (size_t)group));
    return pl_max(fewest, pl_min(pl_max(1, QUERY_ROWS / group), pl_min(fair, near)));
}

PL_EXPORT int FN(attention)(
    pl_context *context, int heads, int key_heads, int dim, float scale, int window, int sequences,
    const int *row_start, const int *first_position, const int *block_table, const int *block_start, int block_size,
    int eight_bit, const float *q, const float *k, const float *v, float *out) {
    attention_job job = {.shape = {heads, key_heads, dim, window, scale}, .sequences = sequences,
        .row_start = row_start, .first_position = first_position, .block_table = block_table,
        .block_start = block_start, .block_size = block_size, .eight_bit = eight_bit, .q = q, .k = k, .v = v,
        .out = out};
    int longest = 0, most_rows = 0, rows = row_start[sequences];
    for (int s = 0; s < sequences; s++) {
        int here = row_start[s + 1] - row_start[s];
        most_rows = pl_max(most_rows, here);
        longest = here == 0 ? longest : pl_max(longest, here + (first_position ? first_position[s] : 0));
    }
    /* Of the keys of a tile, the window of its first row begins before that of its last one. */
    int visible = window == 0 ? longest : pl_min(longest, window);
    job.positions = tile_positions(&job, context->threads, visible);
    int seen = window == 0 || longest - window < job.positions ? longest : window + job.positions - 1;
    size_t lone = lone_scratch(&job.shape, (size_t)seen), tile = tile_scratch(&job.shape, job.positions, seen);
    int reserved = pl_reserve(context, lone > tile ? lone : tile, 0);
    if (reserved != PL_OK) {
        return reserved;
    }
    if (most_rows == 1 && seen >= SHARED_KEYS && context->threads > 1 &&
        (int64_t)rows * key_heads < (int64_t)TASKS_PER_THREAD * context->threads) {
        return shared_rows(context, &job, seen);
    }
    reserved = pl_reserve_shared(context, sizeof(int) * (size_t)(sequences + 1));
    if (reserved != PL_OK) {
        return reserved;
    }
    int *tile_start = (int *)context->shared, tiles = 0;
    for (int s = 0; s < sequences; s++) {
        tile_start[s] = tiles;
        tiles += pl_ceil_div(row_start[s + 1] - row_start[s], job.positions);
    }
    tile_start[sequences] = tiles;
    job.tile_start = tile_start;
    pl_parallel(context, attention_task, &job, tiles * key_heads);
    return PL_OK;
}
