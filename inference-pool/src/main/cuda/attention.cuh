/*
 * Causal attention in three launches (ADR 0002): all scores of a tile's query rows into scratch memory, the softmax of
 * each row, then the weighted values. There is no running softmax, whose bits would depend on its block size.
 */

/*
 * A block computes a tile of PARTS x Q query rows and PL_TILE_KEYS keys; each half-warp Q rows by K keys of it. Rows
 * and keys pass through shared memory, PL_SCORE_DIMS elements of the head at a time.
 */
enum {
    PL_SCORE_THREADS = 256,
    PL_SCORE_WARPS = PL_SCORE_THREADS / 32,
    PL_WARP_KEYS = PL_TILE_KEYS / PL_SCORE_WARPS, /* that a warp loads */
    PL_SCORE_DIMS = 64,
    PL_SCORE_STRIDE = PL_SCORE_DIMS + 4 /* floats from row to row: rows four apart begin 16 banks apart */
};

/* Row i of a part of a tile. Parts are interleaved by four, for the banks of what the halves of a warp read at once. */
__device__ __forceinline__ int pl_part_row(int part, int i) {
    return (i & 3) + 4 * part + 8 * (i >> 2);
}

/*
 * Joins the lanes of N sums with the tree of ADR 0002 by N - 1 exchanges instead of 4 N: at each exchange a lane keeps
 * half of its sums and gives the other half away. Lane l ends with sums l * N/16 to (l + 1) * N/16 - 1, as its first.
 */
template <int N> __device__ __forceinline__ void pl_join_all(float (&sum)[N]) {
    int lane = pl_lane();
    unsigned half_warp = pl_half_warp();
#pragma unroll
    for (int half = N / 2, with = PL_LANES / 2; with > 0; half /= 2, with /= 2) {
        bool upper = lane & with;
#pragma unroll
        for (int i = 0; i < N / 2; i++) {
            if (i < half) {
                float keep = upper ? sum[i + half] : sum[i], give = upper ? sum[i] : sum[i + half];
                sum[i] = keep + __shfl_xor_sync(half_warp, give, with);
            }
        }
    }
}

/* Elements d to d + count - 1 of the tile's query rows into shared memory. */
__device__ __forceinline__ void pl_stage_queries(
    const pl_query_rows &rows, const float *q, int d, int count, float *stage) {
    for (int r = threadIdx.x / 32; r < rows.count(); r += PL_SCORE_WARPS) {
        const float *row = q + rows.row_and_head(r) * rows.shape.dim + d;
        for (int c = threadIdx.x % 32; c < count; c += 32) {
            stage[r * PL_SCORE_STRIDE + c] = row[c];
        }
    }
}

/* The same of the keys, of which a warp loads every PL_SCORE_WARPS-th; its lane i knows the slot of the i-th. */
template <typename Cache>
__device__ __forceinline__ void pl_stage_keys(
    const Cache &keys, int head, int own_slot, int d, int count, float *stage) {
    int warp = threadIdx.x / 32, lane = threadIdx.x % 32;
    float value[PL_WARP_KEYS][PL_SCORE_DIMS / 32]; /* loads that are under way together */
#pragma unroll
    for (int i = 0; i < PL_WARP_KEYS; i++) {
        int slot = __shfl_sync(0xFFFFFFFFu, own_slot, i);
#pragma unroll
        for (int j = 0; j < PL_SCORE_DIMS / 32; j++) {
            int c = 32 * j + lane;
            value[i][j] = slot >= 0 && c < count ? keys.element(slot, head, d + c) : 0.0f;
        }
    }
#pragma unroll
    for (int i = 0; i < PL_WARP_KEYS; i++) {
#pragma unroll
        for (int j = 0; j < PL_SCORE_DIMS / 32; j++) {
            stage[(warp + PL_SCORE_WARPS * i) * PL_SCORE_STRIDE + 32 * j + lane] = value[i][j];
        }
    }
}

/* One step of Q x K dot products: each lane its own element of every row. */
template <int Q, int K>
__device__ __forceinline__ void pl_score_step(const float *queries, const float *keys, float (&sum)[Q * K]) {
    float key[K];
#pragma unroll
    for (int j = 0; j < K; j++) {
        key[j] = keys[j * PL_SCORE_STRIDE];
    }
#pragma unroll
    for (int i = 0; i < Q; i++) {
        float query = queries[pl_part_row(0, i) * PL_SCORE_STRIDE];
#pragma unroll
        for (int j = 0; j < K; j++) {
            sum[i * K + j] = fmaf(query, key[j], sum[i * K + j]);
        }
    }
}

/* The same for `count` elements of the head, from the stages on. */
template <int Q, int K>
__device__ __forceinline__ void pl_score_steps(
    const float *queries, const float *keys, int count, float (&sum)[Q * K]) {
    int lane = pl_lane(), whole = count / PL_LANES * PL_LANES;
    for (int c = 0; c < whole; c += PL_LANES) {
        pl_score_step<Q, K>(queries + c + lane, keys + c + lane, sum);
    }
    if (lane < count - whole) {
        pl_score_step<Q, K>(queries + whole + lane, keys + whole + lane, sum);
    }
}

/*
 * scores[q][key] = scale * dot(query row q, key) for the PL_TILE_KEYS keys from blockIdx.z * PL_TILE_KEYS on. Many rows
 * are bound by multiply-adds and the loads from shared memory beside them, decoding by the keys.
 */
template <int Q, int K, int PARTS, typename Cache>
__device__ __forceinline__ void pl_scores(
    const pl_query_rows &rows, float scale, const float *q, const Cache &keys, float *scores, float *query_stage,
    float *key_stage) {
    int first = blockIdx.z * PL_TILE_KEYS, dim = rows.shape.dim, lane = pl_lane();
    if (first >= rows.tile.keys) {
        return;
    }
    int half_warp = threadIdx.x / PL_LANES, part = half_warp % PARTS, key = half_warp / PARTS * K;
    const float *own_queries = query_stage + pl_part_row(part, 0) * PL_SCORE_STRIDE;
    const float *own_keys = key_stage + key * PL_SCORE_STRIDE;
    int own_slot = rows.slot(first + threadIdx.x / 32 + PL_SCORE_WARPS * (threadIdx.x % PL_WARP_KEYS));
    float sum[Q * K];
#pragma unroll
    for (int i = 0; i < Q * K; i++) {
        sum[i] = 0.0f;
    }
    for (int d = 0; d < dim; d += PL_SCORE_DIMS) {
        int count = min((int)PL_SCORE_DIMS, dim - d);
        pl_stage_queries(rows, q, d, count, query_stage);
        pl_stage_keys(keys, rows.key_head, own_slot, d, count, key_stage);
        __syncthreads();
        pl_score_steps<Q, K>(own_queries, own_keys, count, sum);
        __syncthreads();
    }
    pl_join_all(sum);
    enum { OWN = Q * K / PL_LANES };
    int row = pl_part_row(part, lane * OWN / K);
    if (row < rows.count()) {
        float *to = rows.row_scores(scores, row) + first + key + lane * OWN % K;
#pragma unroll
        for (int i = 0; i < OWN; i++) {
            to[i] = scale * sum[i]; /* those of keys that the row does not see are never read */
        }
    }
}

template <int Q, int K, int PARTS>
__device__ __forceinline__ void pl_scores_of_cache(
    const pl_attention &shape, int eight_bit, float scale, const float *q, const float *keys, float *scores,
    float *query_stage, float *key_stage) {
    pl_query_rows rows(shape);
    if (eight_bit) {
        pl_cache<true> cache = {keys, shape.key_heads, shape.dim};
        pl_scores<Q, K, PARTS>(rows, scale, q, cache, scores, query_stage, key_stage);
    } else {
        pl_cache<false> cache = {keys, shape.key_heads, shape.dim};
        pl_scores<Q, K, PARTS>(rows, scale, q, cache, scores, query_stage, key_stage);
    }
}

/* Tiles of up to eight query rows, as in decoding. */
extern "C" __global__ void __launch_bounds__(PL_SCORE_THREADS) pl_attention_scores_low(
    const pl_tile *tiles, const int *first_slots, int block_size, int heads, int key_heads, int dim, int window,
    int first_head, int tile_heads, int eight_bit, float scale, const float *q, const float *keys, float *scores) {
    __shared__ float query_stage[8 * PL_SCORE_STRIDE], key_stage[PL_TILE_KEYS * PL_SCORE_STRIDE];
    pl_attention shape = {tiles, first_slots, block_size, heads, key_heads, dim, window, first_head, tile_heads};
    pl_scores_of_cache<4, 8, 2>(shape, eight_bit, scale, q, keys, scores, query_stage, key_stage);
}

/* Tiles of up to sixteen. */
extern "C" __global__ void __launch_bounds__(PL_SCORE_THREADS) pl_attention_scores_high(
    const pl_tile *tiles, const int *first_slots, int block_size, int heads, int key_heads, int dim, int window,
    int first_head, int tile_heads, int eight_bit, float scale, const float *q, const float *keys, float *scores) {
    __shared__ float query_stage[16 * PL_SCORE_STRIDE], key_stage[PL_TILE_KEYS * PL_SCORE_STRIDE];
    pl_attention shape = {tiles, first_slots, block_size, heads, key_heads, dim, window, first_head, tile_heads};
    pl_scores_of_cache<8, 8, 2>(shape, eight_bit, scale, q, keys, scores, query_stage, key_stage);
}

/* Replaces a row's scores by e^(score - largest) and returns the reciprocal of their sum; all threads of a block. */
__device__ __forceinline__ float pl_softmax(float *row, int count, float *stage, float *warps, float *total) {
    float largest = pl_lowest();
    for (int j = threadIdx.x; j < count; j += blockDim.x) {
        largest = pl_larger(largest, row[j]);
    }
    float max = pl_block_largest(largest, warps);
    float sum = pl_ordered_sum(
        count, 0.0f, stage, total, [&](long long j) { return row[j]; },
        [&](long long j, float score) {
            float e = pl_exp(score - max);
            row[j] = e;
            return e;
        },
        [](float lane, float e) { return lane + e; });
    return 1.0f / sum;
}

/*
 * Row blockIdx.z of the tile: its scores become exponentials, and inverses[row, head] the reciprocal of their sum.
 * Bound by the scores' way through the cache; one row alone by its chains of additions.
 */
extern "C" __global__ void pl_attention_softmax(
    const pl_tile *tiles, int heads, int key_heads, int window, int first_head, int tile_heads, float *scores,
    float *inverses) {
    __shared__ float stage[2 * PL_STAGE], warps[32], total;
    pl_query_rows rows({tiles, nullptr, 1, heads, key_heads, 0, window, first_head, tile_heads});
    int q = blockIdx.z;
    if (q >= rows.count()) {
        return;
    }
    int from = rows.seen_from(q);
    float inverse = pl_softmax(rows.row_scores(scores, q) + from, rows.seen_to(q) - from, stage, warps, &total);
    if (threadIdx.x == 0) {
        inverses[rows.row_and_head(q)] = inverse;
    }
}

/* A tile's query rows weigh the values of its keys: a step is a key. */
template <typename Cache> struct pl_weighted_values {
    const pl_query_rows &rows;
    float *scores;
    Cache values;
    int column;

    __device__ __forceinline__ int begin() const { return 0; }
    __device__ __forceinline__ int end() const { return rows.tile.keys; }
    __device__ __forceinline__ int count() const { return rows.count(); }
    /* Rows that are not there see what the last one sees. */
    __device__ __forceinline__ int seen_from(int q) const { return rows.seen_from(min(q, rows.count() - 1)); }
    __device__ __forceinline__ int seen_to(int q) const { return rows.seen_to(min(q, rows.count() - 1)); }

    /* Four rows and eight neighbouring keys per warp and load: whole sectors of memory, no two in one bank. */
    template <typename Tile> __device__ __forceinline__ void load(float *stage, int at) const {
        int thread = threadIdx.x - Tile::ADDING;
        for (int part = thread / 32; part < Tile::STEPS / 8 * (Tile::ROWS / 4); part += Tile::LOADING / 32) {
            int step = part / (Tile::ROWS / 4) * 8 + thread % 32 / 4, q = part % (Tile::ROWS / 4) * 4 + thread % 4;
            bool there = q < rows.count() && at + step < rows.tile.keys;
            stage[step * Tile::WEIGHTS + q] = there ? rows.row_scores(scores, q)[at + step] : 0.0f;
        }
        pl_load_operands<Tile>(
            stage, at, column, rows.shape.dim, [&](int key) { return rows.slot(key); },
            [&](int slot, int c) { return values.element(slot, rows.key_head, c); });
    }
};

/* out[row, head, c] = inverses[row, head] * sum of weighted values, or the sum itself without inverses. */
template <typename Tile, typename Cache>
__device__ __forceinline__ void pl_values(
    const pl_query_rows &rows, float *scores, const float *inverses, const Cache &values, float *out, float *stage) {
    pl_weighted_values<Cache> source = {rows, scores, values, (int)blockIdx.z * Tile::COLUMNS};
    float sum[Tile::Q][Tile::C] = {};
    if (!pl_weighted_sums<Tile>(source, stage, sum)) {
        return;
    }
    int dim = rows.shape.dim, column = source.column + pl_tile_column<Tile>();
#pragma unroll
    for (int i = 0; i < Tile::Q; i++) {
        int q = pl_tile_row<Tile>() + i;
        if (q >= rows.count()) {
            continue;
        }
        long long row = rows.row_and_head(q);
        float inverse = inverses ? inverses[row] : 1.0f;
#pragma unroll
        for (int c = 0; c < Tile::C; c++) {
            if (column + c < dim) {
                out[row * dim + column + c] = inverse * sum[i][c];
            }
        }
    }
}

template <typename Tile>
__device__ __forceinline__ void pl_values_of_cache(
    const pl_attention &shape, int eight_bit, float *scores, const float *inverses, const float *values, float *out,
    float *stage) {
    pl_query_rows rows(shape);
    if (eight_bit) {
        pl_cache<true> cache = {values, shape.key_heads, shape.dim};
        pl_values<Tile>(rows, scores, inverses, cache, out, stage);
    } else {
        pl_cache<false> cache = {values, shape.key_heads, shape.dim};
        pl_values<Tile>(rows, scores, inverses, cache, out, stage);
    }
}

/* Tiles of up to eight query rows, as in decoding. */
extern "C" __global__ void __launch_bounds__(pl_low_tile::THREADS, pl_low_tile::BLOCKS) pl_attention_values_low(
    const pl_tile *tiles, const int *first_slots, int block_size, int heads, int key_heads, int dim, int window,
    int first_head, int tile_heads, int eight_bit, float *scores, const float *inverses, const float *values,
    float *out) {
    __shared__ __align__(16) float stage[2 * pl_low_tile::HALF];
    pl_attention shape = {tiles, first_slots, block_size, heads, key_heads, dim, window, first_head, tile_heads};
    pl_values_of_cache<pl_low_tile>(shape, eight_bit, scores, inverses, values, out, stage);
}

/* Tiles of up to sixteen. */
extern "C" __global__ void __launch_bounds__(pl_high_tile::THREADS, pl_high_tile::BLOCKS) pl_attention_values_high(
    const pl_tile *tiles, const int *first_slots, int block_size, int heads, int key_heads, int dim, int window,
    int first_head, int tile_heads, int eight_bit, float *scores, const float *inverses, const float *values,
    float *out) {
    __shared__ __align__(16) float stage[2 * pl_high_tile::HALF];
    pl_attention shape = {tiles, first_slots, block_size, heads, key_heads, dim, window, first_head, tile_heads};
    pl_values_of_cache<pl_high_tile>(shape, eight_bit, scores, inverses, values, out, stage);
}
