/*
 * Sums over long rows. The order of ADR 0002 leaves sixteen chains of additions, so sixteen threads add and the others
 * bring: while they fill one half of a stage in shared memory, loading neighbours together, the sixteen add what lies in
 * the other half. One row alone is bound by the latency of an addition per sixteen elements; many rows are bound by
 * memory, because the blocks of an SM take turns.
 */
enum { PL_STAGE = 1024 }; /* elements of half a stage; a multiple of the lanes */

__device__ __forceinline__ float2 pl_join(float2 lane) {
    return make_float2(pl_join(lane.x), pl_join(lane.y));
}

/*
 * Adds bring(0), bring(1), … bring(count - 1), element i on lane i mod 16, and gives every thread the joined sum. The
 * first warp adds by lane = add(lane, element), starting with `zero`; the others call bring, once per element, so bring
 * may also store. The block has at least two warps, and all its threads come.
 */
template <typename Lane, typename Element, typename Bring, typename Add>
__device__ __forceinline__ Lane pl_ordered_sum(
    long long count, Lane zero, Element *stage /* shared, [2 * PL_STAGE] */, Lane *total /* shared */, Bring bring,
    Add add) {
    int thread = threadIdx.x;
    Lane lane = zero;
    int half = 0;
    for (long long first = 0; first < count + PL_STAGE; first += PL_STAGE, half ^= 1) {
        if (thread >= 32) {
            Element *fill = stage + half * PL_STAGE;
            int here = (int)min((long long)PL_STAGE, count - first);
            for (int i = thread - 32; i < here; i += blockDim.x - 32) {
                fill[i] = bring(first + i);
            }
        } else if (thread < PL_LANES && first > 0) {
            const Element *ready = stage + (half ^ 1) * PL_STAGE;
            int here = (int)min((long long)PL_STAGE, count - (first - PL_STAGE));
#pragma unroll 4
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
