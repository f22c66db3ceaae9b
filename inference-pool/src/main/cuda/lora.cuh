/*
 * The grouped low-rank delta: y += scale * B * (A * x), each row with its own adapter. The host sorts rows by adapter
 * and cuts them into parts, so that the rows of one adapter share what is read of it; all parts of all layers that
 * read the same rows go in one launch. Every sum is taken on its own and added once to its target. With a row or two
 * per adapter all of this is bound by the memory that A and B come from.
 */

/* Some rows of one adapter through one layer, as CudaLora.java writes it. */
struct pl_lora_part {
    const float *a; /* [rank, in] */
    const float *b; /* [out, rank] */
    float *t;       /* forward: [rows, stride]; backward: the gradient of a */
    float *y;       /* forward: [rows, out]; backward: the gradient of b */
    int first, count; /* in the list of row numbers, which ascend */
    int rank, out;
    int stride;
    float scale;
};

/* t = A * x: tiles of rows by sixteen rows of A. Grid: rank / 16 by parts. */
template <class Dots>
__device__ __forceinline__ void pl_lora_down(
    float *shared, const pl_lora_part &part, const int *listed, int in, const float *x) {
    int from = blockIdx.x * Dots::N;
    if (from >= part.rank) {
        return;
    }
    const int *rows = listed + part.first;
    pl_weight a = {(const unsigned char *)part.a, PL_F32, part.rank, in};
    auto row = [=](int m) { return m < part.count ? x + (long long)rows[m] * in : nullptr; };
    auto fill = [=](int column, float *target) {
        pl_unpack_plain<Dots::N, Dots::COLUMNS>(a, from, column, target, Dots::STRIDE);
    };
    auto done = [=](int m, int n, float sum) {
        if (m < part.count && from + n < part.rank) {
            part.t[(long long)rows[m] * part.stride + from + n] = sum;
        }
    };
    Dots::run(in, shared, row, fill, done);
}

#define PL_LORA_DOWN(...)                                                                                              \
    typedef pl_dots<__VA_ARGS__> dots;                                                                                 \
    __shared__ __align__(16) float shared[dots::SHARED];                                                               \
    pl_lora_down<dots>(shared, parts[blockIdx.y], listed, in, x)

/* The name tells the most rows of a part. */
extern "C" __global__ void __launch_bounds__(PL_PRODUCT_THREADS, 4) pl_lora_down_1(
    const pl_lora_part *parts, const int *listed, int in, const float *x) {
    PL_LORA_DOWN(1, 1, 1, 16, 512);
}
extern "C" __global__ void __launch_bounds__(PL_PRODUCT_THREADS, 4) pl_lora_down_4(
    const pl_lora_part *parts, const int *listed, int in, const float *x) {
    PL_LORA_DOWN(4, 1, 1, 16, 512);
}
extern "C" __global__ void __launch_bounds__(PL_PRODUCT_THREADS, 4) pl_lora_down_16(
    const pl_lora_part *parts, const int *listed, int in, const float *x) {
    PL_LORA_DOWN(8, 2, 2, 8, 128);
}

/* y += scale * B * t. Grid: out / L by parts. */
template <class Outer>
__device__ __forceinline__ void pl_lora_up(float *shared, const pl_lora_part &part, const int *listed) {
    int from = blockIdx.x * Outer::L;
    if (from >= part.out) {
        return;
    }
    const int *rows = listed + part.first;
    auto p = [=](int j, int i) {
        return i < part.count && j < part.rank ? part.t[(long long)rows[i] * part.stride + j] : 0.0f;
    };
    auto fill = [=](int j, float *target) { /* neighbours read neighbouring columns of a row of B */
        auto load = [=](int i) {
            int d = j + i % Outer::DEPTH, n = from + i / Outer::DEPTH;
            return d < part.rank && n < part.out ? part.b[(long long)n * part.rank + d] : 0.0f;
        };
        pl_stage<Outer::DEPTH * Outer::L>(load, [=](int i, float value) {
            target[i % Outer::DEPTH * Outer::Q_STRIDE + i / Outer::DEPTH] = value;
        });
    };
    auto target = [=](int i, int l) -> float * {
        return i < part.count && from + l < part.out ? part.y + (long long)rows[i] * part.out + from + l : nullptr;
    };
    float sums[Outer::TI][Outer::TL] = {};
    Outer::run(part.rank, shared, sums, p, fill);
    Outer::each(sums, target, [&](float &at, float &sum) { at = fmaf(part.scale, sum, at); });
}

#define PL_LORA_UP(...)                                                                                                \
    typedef pl_outer<__VA_ARGS__> outer;                                                                               \
    __shared__ __align__(16) float shared[outer::SHARED];                                                              \
    pl_lora_up<outer>(shared, parts[blockIdx.y], listed)

/* The name tells the most rows of a part; 64 columns. */
extern "C" __global__ void __launch_bounds__(PL_PRODUCT_THREADS, 4) pl_lora_up_4(
    const pl_lora_part *parts, const int *listed) {
    PL_LORA_UP(4, 64, 1, 1);
}
extern "C" __global__ void __launch_bounds__(PL_PRODUCT_THREADS, 4) pl_lora_up_16(
    const pl_lora_part *parts, const int *listed) {
    PL_LORA_UP(16, 16, 1, 4);
}

/* q(s, l) = matrix[s, l] for rows s < count and columns l < width of a matrix with that many columns. */
template <class Outer>
__device__ __forceinline__ void pl_fill_rows(
    const float *matrix, int width, int count, int s, int from, float *target) {
    auto load = [=](int i) {
        int d = s + i / Outer::L, l = from + i % Outer::L;
        return d < count && l < width ? matrix[(long long)d * width + l] : 0.0f;
    };
    pl_stage<Outer::DEPTH * Outer::L>(
        load, [=](int i, float value) { target[i / Outer::L * Outer::Q_STRIDE + i % Outer::L] = value; });
}

/* The same of listed rows. */
template <class Outer>
__device__ __forceinline__ void pl_fill_listed(
    const float *matrix, int stride, int width, const int *rows, int count, int s, int from, float *target) {
    auto load = [=](int i) {
        int d = s + i / Outer::L, l = from + i % Outer::L;
        return d < count && l < width ? matrix[(long long)rows[d] * stride + l] : 0.0f;
    };
    pl_stage<Outer::DEPTH * Outer::L>(
        load, [=](int i, float value) { target[i / Outer::L * Outer::Q_STRIDE + i % Outer::L] = value; });
}

/*
 * dt = scale * transposed B * dy, parts of up to 16 rows. Grid: rank / 16 by parts. Bound by the latency of a long
 * sum.
 */
extern "C" __global__ void __launch_bounds__(PL_PRODUCT_THREADS, 4) pl_lora_backward_up(
    const pl_lora_part *parts, const int *listed, const float *dy, float *dt) {
    typedef pl_outer<16, 16, 1, 1> outer;
    __shared__ __align__(16) float shared[outer::SHARED];
    const pl_lora_part part = parts[blockIdx.y];
    int from = blockIdx.x * outer::L;
    if (from >= part.rank) {
        return;
    }
    const int *rows = listed + part.first;
    auto p = [=](int n, int i) {
        return i < part.count && n < part.out ? dy[(long long)rows[i] * part.out + n] : 0.0f;
    };
    auto fill = [=](int n, float *target) { pl_fill_rows<outer>(part.b, part.rank, part.out, n, from, target); };
    auto target = [=](int i, int l) -> float * {
        return i < part.count && from + l < part.rank ? dt + (long long)rows[i] * part.stride + from + l : nullptr;
    };
    float sums[outer::TI][outer::TL] = {};
    outer::run(part.out, shared, sums, p, fill);
    outer::each(sums, target, [&](float &at, float &sum) { at = part.scale * sum; });
}

/* dx += transposed A * dt, parts of up to 16 rows. Grid: in / 64 by parts. */
extern "C" __global__ void __launch_bounds__(PL_PRODUCT_THREADS, 4) pl_lora_backward_down(
    const pl_lora_part *parts, const int *listed, int in, const float *dt, float *dx) {
    typedef pl_outer<16, 16, 1, 4> outer;
    __shared__ __align__(16) float shared[outer::SHARED];
    const pl_lora_part part = parts[blockIdx.y];
    const int *rows = listed + part.first;
    int from = blockIdx.x * outer::L;
    auto p = [=](int j, int i) {
        return i < part.count && j < part.rank ? dt[(long long)rows[i] * part.stride + j] : 0.0f;
    };
    auto fill = [=](int j, float *target) { pl_fill_rows<outer>(part.a, in, part.rank, j, from, target); };
    auto target = [=](int i, int l) -> float * {
        return i < part.count && from + l < in ? dx + (long long)rows[i] * in + from + l : nullptr;
    };
    float sums[outer::TI][outer::TL] = {};
    outer::run(part.rank, shared, sums, p, fill);
    outer::each(sums, target, [](float &at, float &sum) { at += sum; });
}

/*
 * dB += scale * sum over the part's rows of dy * t. A part has all rows of its adapter. Grid: out / 64 by parts · rank
 * / 16.
 */
extern "C" __global__ void __launch_bounds__(PL_PRODUCT_THREADS, 4) pl_lora_gradient_b(
    const pl_lora_part *parts, int rank_tiles, const int *listed, const float *dy, const float *t) {
    typedef pl_outer<16, 16, 4, 1, false> outer;
    __shared__ __align__(16) float shared[outer::SHARED];
    const pl_lora_part part = parts[blockIdx.y / rank_tiles];
    const int *rows = listed + part.first;
    int feature = blockIdx.x * outer::I, from = (int)(blockIdx.y % rank_tiles) * outer::L;
    if (from >= part.rank) {
        return;
    }
    auto p = [=](int r, int i) {
        return r < part.count && feature + i < part.out ? dy[(long long)rows[r] * part.out + feature + i] : 0.0f;
    };
    auto fill = [=](int r, float *target) {
        pl_fill_listed<outer>(t, part.stride, part.rank, rows, part.count, r, from, target);
    };
    auto target = [=](int i, int l) -> float * {
        int n = feature + i, j = from + l;
        return n < part.out && j < part.rank ? part.y + (long long)n * part.rank + j : nullptr;
    };
    float sums[outer::TI][outer::TL] = {};
    outer::run(part.count, shared, sums, p, fill);
    outer::each(sums, target, [&](float &at, float &sum) { at = fmaf(part.scale, sum, at); });
}

/* dA += sum over the part's rows of dt * x. Grid: in / 64 by parts · rank / 16. */
extern "C" __global__ void __launch_bounds__(PL_PRODUCT_THREADS, 4) pl_lora_gradient_a(
    const pl_lora_part *parts, int rank_tiles, const int *listed, int in, const float *dt, const float *x) {
    typedef pl_outer<16, 16, 1, 4, false> outer;
    __shared__ __align__(16) float shared[outer::SHARED];
    const pl_lora_part part = parts[blockIdx.y / rank_tiles];
    const int *rows = listed + part.first;
    int column = blockIdx.x * outer::L, from = (int)(blockIdx.y % rank_tiles) * outer::I;
    if (from >= part.rank) {
        return;
    }
    auto p = [=](int r, int i) {
        return r < part.count && from + i < part.rank ? dt[(long long)rows[r] * part.stride + from + i] : 0.0f;
    };
    auto fill = [=](int r, float *target) {
        pl_fill_listed<outer>(x, in, in, rows, part.count, r, column, target);
    };
    auto target = [=](int i, int l) -> float * {
        return from + i < part.rank && column + l < in ? part.t + (long long)(from + i) * in + column + l : nullptr;
    };
    float sums[outer::TI][outer::TL] = {};
    outer::run(part.count, shared, sums, p, fill);
    outer::each(sums, target, [](float &at, float &sum) { at += sum; });
}
