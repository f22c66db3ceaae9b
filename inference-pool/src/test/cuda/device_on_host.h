/*
 * What the kernels use of CUDA, for a C++ compiler: the threads of a block are fibers that run one at a time, in an order
 * that differs from block to block and is the same in every run. So a missing barrier, memory that nobody wrote and an
 * exchange with an absent thread show as wrong bits or as a failed launch, on a machine without a GPU.
 */
#pragma once
#define PL_DEVICE_ON_HOST 1
#include <math.h>
#include <stdint.h>
#include <string.h>

struct uint3 {
    unsigned x, y, z;
};
struct dim3 {
    unsigned x, y, z;
};

#define PL_VECTOR2(type, element)                                                                                      \
    struct type {                                                                                                      \
        element x, y;                                                                                                  \
    };                                                                                                                 \
    static inline type make_##type(element x, element y) { return {x, y}; }
#define PL_VECTOR4(type, element)                                                                                      \
    struct type {                                                                                                      \
        element x, y, z, w;                                                                                            \
    };                                                                                                                 \
    static inline type make_##type(element x, element y, element z, element w) { return {x, y, z, w}; }
PL_VECTOR2(float2, float)
PL_VECTOR2(int2, int)
PL_VECTOR2(uint2, unsigned)
PL_VECTOR2(double2, double)
PL_VECTOR2(char2, signed char)
PL_VECTOR2(uchar2, unsigned char)
PL_VECTOR2(short2, short)
PL_VECTOR2(ushort2, unsigned short)
PL_VECTOR4(float4, float)
PL_VECTOR4(int4, int)
PL_VECTOR4(uint4, unsigned)
PL_VECTOR4(char4, signed char)
PL_VECTOR4(uchar4, unsigned char)
PL_VECTOR4(ushort4, unsigned short)

#define __global__
#define __device__
#define __host__
#define __constant__ static
#define __forceinline__ inline __attribute__((always_inline))
#define __noinline__ __attribute__((noinline))
#define __launch_bounds__(...)
#define __align__(bytes) __attribute__((aligned(bytes)))
/* All shared memory lies in one section, so that it can be spoilt before a block starts. */
#define __shared__ static __attribute__((section("device_shared")))
#define PL_DYNAMIC_SHARED(type, name) type *name = reinterpret_cast<type *>(device_on_host::dynamic_shared())

constexpr int warpSize = 32;

namespace device_on_host {
/* Ends the launch with a message: what the kernel does is undefined on a device. */
[[noreturn]] void fail(const char *message);
void *dynamic_shared();
/* Waits until all threads of the block that have not ended are here. */
void wait_for_block();
/* Waits until all threads of the mask are here; each brings a value. Returns the values of the warp by lane. */
const uint64_t *exchange(unsigned mask, uint64_t value);
unsigned lane();

template <typename T> uint64_t bits_of(T value) {
    static_assert(sizeof(T) <= sizeof(uint64_t), "values of up to 64 bits are exchanged");
    uint64_t bits = 0;
    memcpy(&bits, &value, sizeof value);
    return bits;
}

template <typename T> T value_of(uint64_t bits) {
    T value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

template <typename T> T value_from(unsigned mask, T value, unsigned source) {
    const uint64_t *values = exchange(mask, bits_of(value));
    if (source < 32 && !(mask >> source & 1)) {
        fail("a shuffle reads from a thread outside its mask");
    }
    return value_of<T>(values[source % 32]);
}

/* Lanes beyond the segment keep their own value, as on a device. */
inline unsigned in_segment(int source, int width) {
    int first = (int)lane() / width * width;
    return source < first || source >= first + width ? lane() : (unsigned)source;
}

inline float half_to_float(unsigned short bits) {
    _Float16 half;
    memcpy(&half, &bits, sizeof half);
    return (float)half;
}
} // namespace device_on_host

/* Set for the thread that runs. */
extern dim3 gridDim, blockDim;
extern uint3 blockIdx, threadIdx;

static inline void __syncthreads() { device_on_host::wait_for_block(); }
static inline void __syncwarp(unsigned mask = 0xFFFFFFFFu) { device_on_host::exchange(mask, 0); }
static inline void __threadfence_block() {}

template <typename T> T __shfl_sync(unsigned mask, T value, int source, int width = 32) {
    unsigned from = device_on_host::lane() / width * width + (unsigned)source % width;
    return device_on_host::value_from(mask, value, from);
}
template <typename T> T __shfl_xor_sync(unsigned mask, T value, int with, int width = 32) {
    return device_on_host::value_from(
        mask, value, device_on_host::in_segment((int)device_on_host::lane() ^ with, width));
}
template <typename T> T __shfl_down_sync(unsigned mask, T value, unsigned delta, int width = 32) {
    return device_on_host::value_from(
        mask, value, device_on_host::in_segment((int)(device_on_host::lane() + delta), width));
}
template <typename T> T __shfl_up_sync(unsigned mask, T value, unsigned delta, int width = 32) {
    return device_on_host::value_from(
        mask, value, device_on_host::in_segment((int)device_on_host::lane() - (int)delta, width));
}
static inline unsigned __ballot_sync(unsigned mask, int predicate) {
    const uint64_t *values = device_on_host::exchange(mask, predicate != 0);
    unsigned ballot = 0;
    for (unsigned i = 0; i < 32; i++) {
        ballot |= (mask >> i & 1) && values[i] ? 1u << i : 0;
    }
    return ballot;
}
static inline int __any_sync(unsigned mask, int predicate) { return __ballot_sync(mask, predicate) != 0; }
static inline int __all_sync(unsigned mask, int predicate) { return __ballot_sync(mask, predicate) == mask; }

static inline int __dp4a(int a, int b, int sum) {
    for (int i = 0; i < 32; i += 8) {
        sum += (int8_t)(a >> i) * (int8_t)(b >> i);
    }
    return sum;
}
static inline unsigned __dp4a(unsigned a, unsigned b, unsigned sum) {
    for (int i = 0; i < 32; i += 8) {
        sum += (uint8_t)(a >> i) * (uint8_t)(b >> i);
    }
    return sum;
}
static inline unsigned __byte_perm(unsigned a, unsigned b, unsigned selector) {
    uint64_t bytes = (uint64_t)b << 32 | a;
    unsigned result = 0;
    for (int i = 0; i < 4; i++) {
        unsigned pick = selector >> (4 * i) & 0xF;
        unsigned byte = (unsigned)(bytes >> (8 * (pick & 7))) & 0xFF;
        result |= (pick & 8 ? (byte & 0x80 ? 0xFFu : 0u) : byte) << (8 * i);
    }
    return result;
}
static inline int __popc(unsigned x) { return __builtin_popcount(x); }
static inline int __clz(int x) { return x == 0 ? 32 : __builtin_clz((unsigned)x); }
static inline int __ffs(int x) { return __builtin_ffs(x); }

static inline int __float_as_int(float x) { return device_on_host::value_of<int>(device_on_host::bits_of(x)); }
static inline unsigned __float_as_uint(float x) { return device_on_host::value_of<unsigned>(device_on_host::bits_of(x)); }
static inline float __int_as_float(int x) { return device_on_host::value_of<float>(device_on_host::bits_of(x)); }
static inline float __uint_as_float(unsigned x) { return device_on_host::value_of<float>(device_on_host::bits_of(x)); }
static inline long long __double_as_longlong(double x) {
    return device_on_host::value_of<long long>(device_on_host::bits_of(x));
}
static inline double __longlong_as_double(long long x) {
    return device_on_host::value_of<double>(device_on_host::bits_of(x));
}
/* To nearest even; NaN becomes 0, what is too large the end of the range. */
static inline int __float2int_rn(float x) {
    return isnan(x) ? 0 : x >= 0x1p31f ? INT32_MAX : x < -0x1p31f ? INT32_MIN : (int)rintf(x);
}
static inline int __float2int_rz(float x) {
    return isnan(x) ? 0 : x >= 0x1p31f ? INT32_MAX : x < -0x1p31f ? INT32_MIN : (int)x;
}
static inline float __fadd_rn(float a, float b) { return a + b; }
static inline float __fsub_rn(float a, float b) { return a - b; }
static inline float __fmul_rn(float a, float b) { return a * b; }
static inline float __fdiv_rn(float a, float b) { return a / b; }
static inline float __fsqrt_rn(float a) { return sqrtf(a); }
static inline float __fmaf_rn(float a, float b, float c) { return fmaf(a, b, c); }
template <typename T> T __ldg(const T *from) { return *from; }
template <typename T> T __ldcs(const T *from) { return *from; }
template <typename T> void __stcs(T *to, T value) { *to = value; }
template <typename T> T min(T a, T b) { return b < a ? b : a; }
template <typename T> T max(T a, T b) { return a < b ? b : a; }
