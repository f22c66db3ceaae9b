/*
 * Sums over long rows. The order of ADR 0002 leaves sixteen chains of additions, so sixteen threads add and the others
 * bring: while they fill one half of a stage in shared memory, loading neighbours together, the sixteen add what lies
 * in the other half. One row alone is bound by the latency of an addition per sixteen elements; many rows are bound by
 * memory, because the blocks of an SM take turns.
 */
enum {
    PL_STAGE = 2048, /* elements of half a stage; a multiple of the lanes */
    PL_BATCH = 8     /* loads of a thread that are under way together */
};

__device__ __forceinline__ float2 pl_join(float2 lane) {
    return make_float2(pl_join(lane.x), pl_join(lane.y));
}

/* What the threads behind the first warp do: element i of half a stage is make(first + i, load(first + i)). */
template <typename Element, typename Load, typename Make>
__device__ __forceinline__ void pl_fill_stage(Element *fill, long long first, int count, Load load, Make make) {
    int step = blockDim.x - 32;
    for (int from = threadIdx.x - 32; from < count; from += PL_BATCH * step) {
        decltype(load(first)) loaded[PL_BATCH];
#pragma unroll
        for (int i = 0; i < PL_BATCH; i++) {
            if (from + i * step < count) {
                loaded[i] = load(first + from + i * step);
            }
        }
#pragma unroll
        for (int i = 0; i < PL_BATCH; i++) {
            if (from + i * step < count) {
                fill[from + i * step] = make(first + from + i * step, loaded[i]);
            }
        }
    }
}

/*
 * Adds `count` elements, element i on lane i mod 16, and gives every thread the joined sum. Element i is make(i,
 * load(i)), once: load reads it from memory, make may store it. The first warp adds by lane = add(lane, element),
 * starting with `zero`; the others fill stages. The block has at least two warps, and all its threads come.
 */
template <typename Lane, typename Element, typename Load, typename Make, typename Add>
__device__ __forceinline__ Lane pl_ordered_sum(
    long long count, Lane zero, Element *stage /* shared, [2 * PL_STAGE] */, Lane *total /* shared */, Load load,
    Make make, Add add) {
    int thread = threadIdx.x;
    Lane lane = zero;
    int half = 0;
    for (long long first = 0; first < count + PL_STAGE; first += PL_STAGE, half ^= 1) {
        if (thread >= 32) {
            int here = (int)min((long long)PL_STAGE, count - first);
            pl_fill_stage(stage + half * PL_STAGE, first, here, load, make);
        } else if (thread < PL_LANES && first > 0) {
            const Element *ready = stage + (half ^ 1) * PL_STAGE;
            int here = (int)min((long long)PL_STAGE, count - (first - PL_STAGE));
#pragma unroll 8
            for (int i = thread; i < here; i += PL_LANES) {
                lane = add(lane, ready[i]);
            }
        }
        __syncthreads();
    }
    if (thread < PL_LANES) {
        lane = pl_join(lane);
        if (thread == 0) {
            *total = lane;
        }
    }
    __syncthreads();
    return *total;
}

/* An element that is what memory has. */
struct pl_as_it_is {
    template <typename Element> __device__ __forceinline__ Element operator()(long long, Element element) const {
        return element;
    }
};

/* Below every score. */
__device__ __forceinline__ float pl_lowest() {
    return -__int_as_float(0x7F800000);
}

/* The larger one; NaN if one of them is. */
__device__ __forceinline__ float pl_larger(float a, float b) {
    return b > a || b != b ? b : a;
}

/* The largest value that a thread of the block brings, NaN if there is one; every thread gets it. */
__device__ __forceinline__ float pl_block_largest(float value, float *warps /* shared, [32] */) {
    for (int step = 16; step > 0; step /= 2) {
        value = pl_larger(value, __shfl_xor_sync(0xFFFFFFFFu, value, step));
    }
    if (threadIdx.x % 32 == 0) {
        warps[threadIdx.x / 32] = value;
    }
    __syncthreads();
    float largest = warps[0];
    for (int warp = 1; warp < (int)blockDim.x / 32; warp++) {
        largest = pl_larger(largest, warps[warp]);
    }
    return largest;
}
