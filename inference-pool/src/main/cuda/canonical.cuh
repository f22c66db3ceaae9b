/*
 * The arithmetic of ADR 0002 on a device, to the bit as CanonicalMath.java has it: sixteen lanes, lane j takes the
 * elements k = j (mod 16) in ascending order by fused multiply-add, and one fixed tree joins the lanes. Half a warp is
 * the sixteen lanes.
 */
#define PL_LANES 16

#ifndef PL_DYNAMIC_SHARED
/* The shared memory whose size the launch tells, as an array of some type; once per kernel. */
#define PL_DYNAMIC_SHARED(type, name)                                                                                  \
    extern __shared__ __align__(16) unsigned char pl_dynamic_shared[];                                                 \
    type *name = reinterpret_cast<type *>(pl_dynamic_shared)
#endif

/* Thread of the whole grid, and how many there are: for loops over more elements than threads. */
__device__ __forceinline__ long long pl_thread() {
    return (long long)blockIdx.x * blockDim.x + threadIdx.x;
}

__device__ __forceinline__ long long pl_threads() {
    return (long long)gridDim.x * blockDim.x;
}

/* Which of the sixteen lanes of a sum this thread is; blocks are one-dimensional and of whole warps. */
__device__ __forceinline__ int pl_lane() {
    return threadIdx.x % PL_LANES;
}

/* The threads of this half of the warp. */
__device__ __forceinline__ unsigned pl_half_warp() {
    return threadIdx.x & PL_LANES ? 0xFFFF0000u : 0x0000FFFFu;
}

/* The tree: lane j with lane j + 8, then j + 4, j + 2, j + 1. Every lane gets the sum. All sixteen must come. */
__device__ __forceinline__ float pl_join(float lane) {
    unsigned half = pl_half_warp();
    lane += __shfl_xor_sync(half, lane, 8);
    lane += __shfl_xor_sync(half, lane, 4);
    lane += __shfl_xor_sync(half, lane, 2);
    lane += __shfl_xor_sync(half, lane, 1);
    return lane;
}

/* The same tree in double precision. */
__device__ __forceinline__ double pl_join(double lane) {
    unsigned half = pl_half_warp();
    lane += __shfl_xor_sync(half, lane, 8);
    lane += __shfl_xor_sync(half, lane, 4);
    lane += __shfl_xor_sync(half, lane, 2);
    lane += __shfl_xor_sync(half, lane, 1);
    return lane;
}

/* The largest of sixteen lanes; NaN is not a maximum. */
__device__ __forceinline__ float pl_join_max(float lane) {
    unsigned half = pl_half_warp();
    lane = fmaxf(lane, __shfl_xor_sync(half, lane, 8));
    lane = fmaxf(lane, __shfl_xor_sync(half, lane, 4));
    lane = fmaxf(lane, __shfl_xor_sync(half, lane, 2));
    lane = fmaxf(lane, __shfl_xor_sync(half, lane, 1));
    return lane;
}

/* This lane's share of sum_k x[k] * y[k]. */
__device__ __forceinline__ float pl_dot_lane(const float *x, const float *y, int count) {
    float lane = 0.0f;
    for (int k = pl_lane(); k < count; k += PL_LANES) {
        lane = fmaf(x[k], y[k], lane);
    }
    return lane;
}

/* sum_k x[k] * y[k] by sixteen threads, which all get it. */
__device__ __forceinline__ float pl_dot(const float *x, const float *y, int count) {
    return pl_join(pl_dot_lane(x, y, count));
}

/* e^x within 2 ulp; 0 below -87, and the value at 88 above 88. NaN stays NaN. */
__device__ __forceinline__ float pl_exp(float x) {
    if (x < -87.0f) {
        return 0.0f;
    }
    float clamped = x > 88.0f ? 88.0f : x;
    float n = rintf(clamped * 0x1.715476p+0f);
    float r = fmaf(-n, 0x1.63p-1f, clamped);
    r = fmaf(-n, -0x1.bd0106p-13f, r);
    float p = 0x1.a01a02p-13f;
    p = fmaf(p, r, 0x1.6c16c2p-10f);
    p = fmaf(p, r, 0x1.111112p-7f);
    p = fmaf(p, r, 0x1.555556p-5f);
    p = fmaf(p, r, 0x1.555556p-3f);
    p = fmaf(p, r, 0.5f);
    p = fmaf(p, r, 1.0f);
    p = fmaf(p, r, 1.0f);
    return p * __int_as_float((__float2int_rn(n) + 127) << 23);
}

/* 1 / (1 + e^-z) */
__device__ __forceinline__ float pl_sigmoid(float z) {
    return 1.0f / (1.0f + pl_exp(-z));
}

/* ln x of a positive normal number. */
__device__ __forceinline__ double pl_log(double x) {
    long long bits = __double_as_longlong(x);
    int exponent = (int)(bits >> 52) - 1023;
    double m = __longlong_as_double((bits & 0xFFFFFFFFFFFFFll) | (1023ll << 52));
    if (m > 2 * 0x1.6a09e667f3bcdp-1) {
        m *= 0.5;
        exponent++;
    }
    double s = (m - 1) / (m + 1), square = s * s, series = 0;
    for (int i = 21; i >= 1; i -= 2) {
        series = fma(series, square, 1.0 / i);
    }
    return fma((double)exponent, 0x1.62e42fefa39efp-1, 2 * s * series);
}

/* float16 to float32, exact. */
__device__ __forceinline__ float pl_half_to_float(unsigned short bits) {
#ifdef PL_DEVICE_ON_HOST
    return device_on_host::half_to_float(bits);
#else
    float value;
    asm("cvt.f32.f16 %0, %1;" : "=f"(value) : "h"(bits));
    return value;
#endif
}

/* bfloat16 to float32, exact. */
__device__ __forceinline__ float pl_bfloat_to_float(unsigned short bits) {
    return __uint_as_float((unsigned)bits << 16);
}
