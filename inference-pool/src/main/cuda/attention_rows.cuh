/* How keys and values are stored, and the tiles of query rows that share them. */
enum {
    PL_CACHE_BLOCK = 32, /* elements that share a scale in a cache of 8 bits */
    PL_TILE_KEYS = 64    /* scores of a row of a tile come in so many */
};

/*
 * Rows of keys or values, [slots, heads, dim]: float32 as they are, or per head dim signed bytes and then dim / 32
 * float scales. Position p of a sequence lies in slot first_slots[p / block_size] + p % block_size of the sequence's
 * table.
 */
template <bool EIGHT_BIT> struct pl_cache {
    const float *rows;
    int heads, dim;

    /* Floats that a head of a slot takes. */
    __device__ __forceinline__ int stored() const {
        return EIGHT_BIT ? dim / (int)sizeof(float) + dim / PL_CACHE_BLOCK : dim;
    }

    __device__ __forceinline__ float element(int slot, int head, int c) const {
        const float *row = rows + ((long long)slot * heads + head) * stored();
        if (EIGHT_BIT) {
            float scale = row[dim / (int)sizeof(float) + c / PL_CACHE_BLOCK];
            return scale * (float)reinterpret_cast<const signed char *>(row)[c];
        }
        return row[c];
    }
};

/*
 * Up to sixteen query rows of one sequence that read the same keys: neighbouring positions times some heads of a group.
 * As AttentionTiles.java writes them.
 */
struct pl_tile {
    int row;       /* of the first position among all rows of the call */
    int positions; /* of the tile */
    int position;  /* of the first one in its sequence */
    int table;     /* where the sequence's slots begin in the table */
    int first_key; /* the first that the first row sees */
    int keys;      /* from there to the last that the last row sees */
    int scores;    /* where the tile's scores begin, in units of PL_TILE_KEYS floats */

    /* Floats from one row's scores to the next one's. */
    __device__ __forceinline__ int stride() const {
        return (keys + PL_TILE_KEYS - 1) / PL_TILE_KEYS * PL_TILE_KEYS;
    }
};

/* What all tiles of a launch have in common. Grid: tiles, key heads times pieces of a group, and a third number. */
struct pl_attention {
    const pl_tile *tiles;
    const int *first_slots;
    int block_size, heads, key_heads, dim, window;
    int first_head; /* of a group, where the pieces begin */
    int tile_heads; /* of a piece */
};

/* The block's tile and piece of a group. Row q of it is position q / heads and head q % heads. */
struct pl_query_rows {
    pl_attention shape;
    pl_tile tile;
    int key_head, head, heads; /* the first head, and how many of them there are */

    __device__ __forceinline__ explicit pl_query_rows(const pl_attention &all)
        : shape(all), tile(all.tiles[blockIdx.x]) {
        int group = all.heads / all.key_heads, pieces = gridDim.y / all.key_heads;
        int from = all.first_head + (int)blockIdx.y % pieces * all.tile_heads;
        key_head = blockIdx.y / pieces;
        head = key_head * group + from;
        heads = min(all.tile_heads, group - from);
    }

    __device__ __forceinline__ int count() const { return tile.positions * heads; }

    /* Among the rows of the call, [rows, heads]. */
    __device__ __forceinline__ long long row_and_head(int q) const {
        return (long long)(tile.row + q / heads) * shape.heads + head + q % heads;
    }

    /* The keys that row q sees, counted from the tile's first: from seen_from to before seen_to. */
    __device__ __forceinline__ int seen_to(int q) const { return tile.position + q / heads + 1 - tile.first_key; }
    __device__ __forceinline__ int seen_from(int q) const {
        return shape.window == 0 ? 0 : max(0, seen_to(q) - shape.window);
    }

    /* Where row q's scores stand in the scratch of all tiles: one per key, from the tile's first on. */
    __device__ __forceinline__ float *row_scores(float *scores, int q) const {
        long long row = (long long)blockIdx.y * tile.positions * shape.tile_heads + q;
        return scores + (long long)tile.scores * PL_TILE_KEYS + row * tile.stride();
    }

    /* Where the cache has a key of the tile; -1 for those behind the last. */
    __device__ __forceinline__ int slot(int key) const {
        if (key >= tile.keys) {
            return -1;
        }
        int position = tile.first_key + key;
        return shape.first_slots[tile.table + position / shape.block_size] + position % shape.block_size;
    }
};

/* The code of x in a block whose largest element is given; a block without an element of 2^-100 is one of zeros. */
__device__ __forceinline__ signed char pl_cache_code(float x, float largest) {
    float inverse = largest < 0x1p-100f ? 0.0f : 127.0f / largest;
    return (signed char)__float2int_rn(rintf(x * inverse));
}

/*
 * Row blockIdx.x of keys (blockIdx.z 0) or values (1), [rows, heads * dim], into its slot of a cache of 8 bits or of
 * float32. A warp has the 32 elements of a block. Bound by memory.
 */
template <bool EIGHT_BIT>
__device__ __forceinline__ void pl_store_row(
    const pl_cache<EIGHT_BIT> &cache, const int *slots, const float *rows, float *to) {
    int dim = cache.dim, width = cache.heads * dim;
    const float *row = rows + (long long)blockIdx.x * width;
    to += (long long)slots[blockIdx.x] * cache.heads * cache.stored();
    for (int c = pl_first_column(); c < width; c += pl_column_step()) {
        float x = row[c];
        if (!EIGHT_BIT) {
            to[c] = x;
            continue;
        }
        float largest = fabsf(x);
        for (int step = PL_CACHE_BLOCK / 2; step > 0; step /= 2) {
            largest = pl_larger(largest, __shfl_xor_sync(0xFFFFFFFFu, largest, step));
        }
        float *head = to + (long long)(c / dim) * cache.stored();
        int at = c % dim;
        reinterpret_cast<signed char *>(head)[at] = pl_cache_code(x, largest);
        if (at % PL_CACHE_BLOCK == 0) {
            head[dim / (int)sizeof(float) + at / PL_CACHE_BLOCK] = largest / 127.0f;
        }
    }
}

extern "C" __global__ void pl_store_key_value(
    int heads, int dim, int eight_bit, const int *slots, const float *k, const float *v, float *key_cache,
    float *value_cache) {
    const float *rows = blockIdx.z == 0 ? k : v;
    float *to = blockIdx.z == 0 ? key_cache : value_cache;
    if (eight_bit) {
        pl_store_row(pl_cache<true>{to, heads, dim}, slots, rows, to);
    } else {
        pl_store_row(pl_cache<false>{to, heads, dim}, slots, rows, to);
    }
}
