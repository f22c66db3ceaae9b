/*
 * sum[q][c] = fma(weight[step][q], operand[step][c], sum[q][c]) for steps ascending, where row q takes the steps
 * seen_from(q) to seen_to(q) - 1 only: the values that attention weighs, and its gradients. A product of matrices whose
 * chains are not cut, so it is parallel over rows and columns alone. Some warps load a stage of steps into shared
 * memory while the others add the stage before. One tile is bound by the latency of its chains, about one load from
 * shared memory and Q fused multiply-adds per step; many are bound by multiply-adds (high tiles) or by the operands
 * (low ones).
 */

/*
 * ROWS and COLUMNS of a block's tile, STEPS of half a stage, Q x C sums of a thread and LOADING threads. Steps and
 * columns are multiples of 32, and the columns of a warp's threads are neighbours.
 */
template <int ROWS_, int COLUMNS_, int STEPS_, int Q_, int C_, int LOADING_> struct pl_sum_tile {
    enum {
        ROWS = ROWS_,
        COLUMNS = COLUMNS_,
        STEPS = STEPS_,
        Q = Q_,
        C = C_,
        LOADING = LOADING_,
        ADDING = (ROWS / Q) * (COLUMNS / C), /* threads */
        THREADS = ADDING + LOADING,
        BLOCKS = 576 / THREADS,              /* of an SM: as many as leave a thread 112 registers */
        WEIGHTS = ROWS + 4,                  /* floats of a step: neighbouring steps begin in different banks */
        HALF = STEPS * (WEIGHTS + COLUMNS),  /* floats of half a stage */
        BATCH = 8                            /* loads of a thread that are under way together */
    };
};

/* Up to eight rows, as in decoding: few sums per thread and long stages, for the latency of a tile alone. */
typedef pl_sum_tile<8, 32, 128, 4, 1, 128> pl_low_tile;
/* Sixteen rows of a prompt or of a sequence in training: more sums for what a thread loads. */
typedef pl_sum_tile<16, 64, 64, 8, 2, 64> pl_high_tile;

/* An adding thread's first row and column in the block's tile. */
template <typename Tile> __device__ __forceinline__ int pl_tile_row() {
    return (int)threadIdx.x / 32 % (Tile::ROWS / Tile::Q) * Tile::Q;
}
template <typename Tile> __device__ __forceinline__ int pl_tile_column() {
    return ((int)threadIdx.x / 32 / (Tile::ROWS / Tile::Q) * 32 + (int)threadIdx.x % 32) * Tile::C;
}

/* One, two or a multiple of four neighbours in wide loads. */
template <int COUNT> __device__ __forceinline__ void pl_load(const float *from, float (&to)[COUNT]) {
    if (COUNT % 4 == 0) {
#pragma unroll
        for (int i = 0; i < COUNT / 4; i++) {
            float4 four = reinterpret_cast<const float4 *>(from)[i];
            to[4 * i] = four.x;
            to[4 * i + 1] = four.y;
            to[4 * i + 2] = four.z;
            to[4 * i + 3] = four.w;
        }
    } else if (COUNT == 2) {
        float2 two = *reinterpret_cast<const float2 *>(from);
        to[0] = two.x;
        to[COUNT - 1] = two.y;
    } else {
        to[0] = from[0];
    }
}

/* Adds `count` steps, the first of which is `first`. */
template <typename Tile, typename Source>
__device__ __forceinline__ void pl_add_stage(
    const Source &source, const float *stage, int first, int count, float (&sum)[Tile::Q][Tile::C]) {
    int row = pl_tile_row<Tile>();
    const float *weights = stage + row, *operands = stage + Tile::STEPS * Tile::WEIGHTS + pl_tile_column<Tile>();
    if (source.seen_from(row + Tile::Q - 1) <= first && first + count <= source.seen_to(row)) {
#pragma unroll 4
        for (int i = 0; i < count; i++) {
            float weight[Tile::Q], operand[Tile::C];
            pl_load(weights + i * Tile::WEIGHTS, weight);
            pl_load(operands + i * Tile::COLUMNS, operand);
#pragma unroll
            for (int q = 0; q < Tile::Q; q++) {
#pragma unroll
                for (int c = 0; c < Tile::C; c++) {
                    sum[q][c] = fmaf(weight[q], operand[c], sum[q][c]);
                }
            }
        }
        return;
    }
    /* Not every row sees every step: the edge of a window or of the present. */
#pragma unroll
    for (int q = 0; q < Tile::Q; q++) {
        int from = max(first, source.seen_from(row + q)), to = min(first + count, source.seen_to(row + q));
        for (int i = from - first; i < to - first; i++) {
#pragma unroll
            for (int c = 0; c < Tile::C; c++) {
                sum[q][c] = fmaf(weights[i * Tile::WEIGHTS + q], operands[i * Tile::COLUMNS + c], sum[q][c]);
            }
        }
    }
}

/*
 * Adds all steps of a source to the sums of the threads that add; returns whether this is one of them. A source has
 *   count()                      how many rows there are, at most ROWS
 *   begin(), end()               the steps that some row sees; begin is a multiple of STEPS
 *   seen_from(q), seen_to(q)     the steps that row q sees, neither falling with q, for every q < ROWS
 *   load<Tile>(stage, at)        what the loading threads do to fill a half of the stage with steps at, at + 1, …
 */
template <typename Tile, typename Source>
__device__ __forceinline__ bool pl_weighted_sums(
    const Source &source, float *stage /* shared, [2 * HALF] */, float (&sum)[Tile::Q][Tile::C]) {
    bool adds = (int)threadIdx.x < Tile::ADDING;
    int half = 0;
    for (int at = source.begin(); at < source.end() + Tile::STEPS; at += Tile::STEPS, half ^= 1) {
        if (!adds) {
            if (at < source.end()) {
                source.template load<Tile>(stage + half * Tile::HALF, at);
            }
        } else if (at > source.begin() && pl_tile_row<Tile>() < source.count()) {
            int first = at - Tile::STEPS;
            pl_add_stage<Tile>(
                source, stage + (half ^ 1) * Tile::HALF, first, min((int)Tile::STEPS, source.end() - first), sum);
        }
        __syncthreads();
    }
    return adds;
}

/*
 * For the loading threads: fills the operands of a stage, warp by warp 32 steps. place(step) says where a step's row
 * lies and is called by one lane per step, read(place, column) brings an element; places below 0 are not read.
 */
template <typename Tile, typename Place, typename Read>
__device__ __forceinline__ void pl_load_operands(
    float *stage, int at, int column, int columns, Place place, Read read) {
    int lane = threadIdx.x % 32;
    float *operands = stage + Tile::STEPS * Tile::WEIGHTS;
    for (int group = (threadIdx.x - Tile::ADDING) / 32 * 32; group < Tile::STEPS; group += Tile::LOADING) {
        int own = place(at + group + lane);
        for (int step = 0; step < 32; step += Tile::BATCH) {
            float value[Tile::BATCH][Tile::COLUMNS / 32];
#pragma unroll
            for (int i = 0; i < Tile::BATCH; i++) {
                int here = __shfl_sync(0xFFFFFFFFu, own, step + i);
#pragma unroll
                for (int c = 0; c < Tile::COLUMNS / 32; c++) {
                    int element = column + 32 * c + lane;
                    value[i][c] = here >= 0 && element < columns ? read(here, element) : 0.0f;
                }
            }
#pragma unroll
            for (int i = 0; i < Tile::BATCH; i++) {
#pragma unroll
                for (int c = 0; c < Tile::COLUMNS / 32; c++) {
                    operands[(group + step + i) * Tile::COLUMNS + 32 * c + lane] = value[i][c];
                }
            }
        }
    }
}
