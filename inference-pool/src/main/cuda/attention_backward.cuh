/*
 * Gradients of attention. For one head of every group at a time: scores and dout * v of the same rows and keys go to
 * scratch memory (pl_attention_scores_high), become the softmax p and the gradient ds of the scores here, and then
 * weigh keys into dq (pl_attention_values_high) and query rows into dk and dv. A key's sums run over the heads of its
 * group, one after another, queries ascending: launch after launch of one stream, without atomics.
 */

/*
 * Row blockIdx.z of a tile: scores become p, products[j] = dout * v[j] become ds[j] = scale * (p[j] * (products[j] -
 * sum of p * products)).
 */
extern "C" __global__ void pl_attention_softmax_backward(
    const pl_tile *tiles, int heads, int key_heads, int window, int head, float scale, float *scores, float *products) {
    __shared__ float2 stage[2 * PL_STAGE];
    __shared__ float warps[32], total;
    pl_query_rows rows({tiles, nullptr, 1, heads, key_heads, 0, window, head, 1});
    int q = blockIdx.z;
    if (q >= rows.count()) {
        return;
    }
    int from = rows.seen_from(q), count = rows.seen_to(q) - from;
    float *p = rows.row_scores(scores, q) + from, *dp = rows.row_scores(products, q) + from;
    float inverse = pl_softmax(p, count, reinterpret_cast<float *>(stage), warps, &total);
    float along = pl_ordered_sum(
        count, 0.0f, stage, &total, [&](long long j) { return make_float2(p[j], dp[j]); },
        [&](long long j, float2 pair) {
            pair.x *= inverse;
            p[j] = pair.x;
            return pair;
        },
        [](float lane, float2 pair) { return fmaf(pair.x, pair.y, lane); });
    for (int j = threadIdx.x; j < count; j += blockDim.x) {
        dp[j] = scale * (p[j] * (dp[j] - along));
    }
}

/* Up to sixteen keys of a sequence and the launch's query rows of it, as CudaAttentionBackward.java writes them. */
struct pl_key_tile {
    int row;       /* of the first key among all rows of the call */
    int keys;      /* of the tile */
    int position;  /* of the first one in its sequence */
    int query_row; /* of the launch's first query of the sequence among all rows of the call */
    int query;     /* its position */
    int queries;   /* of the sequence in this launch */
    int tile;      /* the first of their tiles; all but the last of them have as many positions as a tile has rows */
};

/* A tile's keys weigh query rows: a step is a query, counted from the launch's first of the sequence. */
struct pl_weighted_queries {
    const pl_tile *tiles;
    pl_key_tile own;
    const float *weights; /* p or ds */
    const float *x;       /* dout or q, [rows, heads, dim] */
    int heads, dim, head, window, column;

    __device__ __forceinline__ int count() const { return own.keys; }
    /* The queries that see key j are those from its own position on, for a window at most so many. */
    __device__ __forceinline__ int seen_from(int j) const {
        return max(0, own.position + min(j, own.keys - 1) - own.query);
    }
    __device__ __forceinline__ int seen_to(int j) const {
        return window == 0 ? own.queries
                           : max(0, min(own.queries, own.position + min(j, own.keys - 1) - own.query + window));
    }
    __device__ __forceinline__ int begin() const {
        return seen_from(0) / pl_high_tile::STEPS * pl_high_tile::STEPS;
    }
    __device__ __forceinline__ int end() const { return seen_to(own.keys - 1); }

    __device__ __forceinline__ float weight(int step, int j) const {
        if (j >= own.keys || step < seen_from(j) || step >= seen_to(j)) {
            return 0.0f;
        }
        pl_tile tile = tiles[own.tile + step / pl_high_tile::ROWS];
        long long row = (long long)blockIdx.y * tile.positions + step % pl_high_tile::ROWS;
        long long at = (long long)tile.scores * PL_TILE_KEYS + row * tile.stride();
        return weights[at + own.position + j - tile.first_key];
    }

    /* Two queries and the tile's sixteen keys, which are neighbours, per warp and load. */
    template <typename Tile> __device__ __forceinline__ void load(float *stage, int at) const {
        int thread = threadIdx.x - Tile::ADDING;
        for (int i = thread; i < Tile::STEPS * Tile::ROWS; i += Tile::LOADING) {
            int step = i / Tile::ROWS, j = i % Tile::ROWS;
            stage[step * Tile::WEIGHTS + j] = weight(at + step, j);
        }
        pl_load_operands<Tile>(
            stage, at, column, dim, [&](int step) { return step < own.queries ? own.query_row + step : -1; },
            [&](int row, int c) { return x[((long long)row * heads + head) * dim + c]; });
    }
};

/*
 * Adds the share of one head and of the launch's queries to dk (even blockIdx.z) or dv (odd). Bound by multiply-adds.
 */
extern "C" __global__ void __launch_bounds__(pl_high_tile::THREADS, pl_high_tile::BLOCKS) pl_attention_keys_backward(
    const pl_tile *tiles, const pl_key_tile *key_tiles, int heads, int key_heads, int dim, int window, int head,
    const float *gradients, const float *probabilities, const float *q, const float *dout, float *dk, float *dv) {
    typedef pl_high_tile Tile;
    __shared__ __align__(16) float stage[2 * Tile::HALF];
    bool of_values = blockIdx.z % 2;
    pl_key_tile own = key_tiles[blockIdx.x];
    int query_head = (int)blockIdx.y * (heads / key_heads) + head;
    pl_weighted_queries source = {tiles, own, of_values ? probabilities : gradients, of_values ? dout : q, heads, dim,
        query_head, window, (int)(blockIdx.z / 2) * Tile::COLUMNS};
    float sum[Tile::Q][Tile::C];
    int row = pl_tile_row<Tile>(), column = source.column + pl_tile_column<Tile>();
    bool adds = (int)threadIdx.x < Tile::ADDING;
    float *to = (of_values ? dv : dk) + ((long long)(own.row + row) * key_heads + blockIdx.y) * dim + column;
    long long stride = (long long)key_heads * dim;
#pragma unroll
    for (int j = 0; j < Tile::Q; j++) {
#pragma unroll
        for (int c = 0; c < Tile::C; c++) {
            sum[j][c] = adds && row + j < own.keys && column + c < dim ? to[j * stride + c] : 0.0f;
        }
    }
    if (!pl_weighted_sums<Tile>(source, stage, sum)) {
        return;
    }
#pragma unroll
    for (int j = 0; j < Tile::Q; j++) {
#pragma unroll
        for (int c = 0; c < Tile::C; c++) {
            if (row + j < own.keys && column + c < dim) {
                to[j * stride + c] = sum[j][c];
            }
        }
    }
}
