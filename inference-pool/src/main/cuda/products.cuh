/*
 * Products with frozen weights in float32: y[r, n] = sum_k x[r, k] * W[n, k], and the gradient
 * dx[r, k] += sum_n dy[r, n] * W[n, k] from the same codes.
 */

/*
 * One tile of y. Many rows are bound by arithmetic: a weight is unpacked once for all rows of the tile. One row is
 * bound by the latency of memory, so its chunks of columns are long.
 */
template <class Dots>
__device__ __forceinline__ void pl_multiply(float *shared, int rows, const float *x, const pl_weight &w, float *y) {
    int first = blockIdx.y * Dots::M, feature = blockIdx.x * Dots::N;
    auto row = [=](int m) { return first + m < rows ? x + (long long)(first + m) * w.columns : nullptr; };
    auto fill = [=](int column, float *target) {
        pl_unpack<Dots::N, Dots::COLUMNS>(w, feature, column, target, Dots::STRIDE);
    };
    auto done = [=](int m, int n, float sum) {
        if (first + m < rows && feature + n < w.rows) {
            y[(long long)(first + m) * w.rows + feature + n] = sum;
        }
    };
    Dots::run(w.columns, shared, row, fill, done);
}

#define PL_MATMUL_PARAMETERS int rows, const float *x, const unsigned char *weights, int type, int n, int k, float *y
#define PL_MATMUL(...)                                                                                                 \
    typedef pl_dots<__VA_ARGS__> dots;                                                                                 \
    __shared__ __align__(16) float shared[dots::SHARED];                                                               \
    pl_multiply<dots>(shared, rows, x, pl_weight{weights, type, n, k}, y)

/* Grid: out features / N by rows / M. The name tells the rows of a tile; CudaLinear.java knows N. */
extern "C" __global__ void __launch_bounds__(PL_PRODUCT_THREADS, 4) pl_matmul_1(PL_MATMUL_PARAMETERS) {
    PL_MATMUL(1, 1, 1, 16, 512);
}
extern "C" __global__ void __launch_bounds__(PL_PRODUCT_THREADS, 4) pl_matmul_4(PL_MATMUL_PARAMETERS) {
    PL_MATMUL(4, 1, 1, 16, 512);
}
extern "C" __global__ void __launch_bounds__(PL_PRODUCT_THREADS, 4) pl_matmul_16(PL_MATMUL_PARAMETERS) {
    PL_MATMUL(8, 2, 2, 8, 128);
}
extern "C" __global__ void __launch_bounds__(PL_PRODUCT_THREADS, 2) pl_matmul_32(PL_MATMUL_PARAMETERS) {
    PL_MATMUL(8, 8, 4, 4, 64);
}

/* One tile of dx, which its sums continue. Bound by arithmetic. */
template <class Outer>
__device__ __forceinline__ void pl_multiply_backward(
    float *shared, int rows, const float *dy, const pl_weight &w, float *dx) {
    int first = blockIdx.y * Outer::I, column = blockIdx.x * Outer::L;
    float sums[Outer::TI][Outer::TL] = {};
    auto target = [=](int i, int l) -> float * {
        int r = first + i, k = column + l;
        return r < rows && k < w.columns ? dx + (long long)r * w.columns + k : nullptr;
    };
    Outer::each(sums, target, [](float &at, float &sum) { sum = at; });
    auto p = [=](int n, int i) {
        return first + i < rows && n < w.rows ? dy[(long long)(first + i) * w.rows + n] : 0.0f;
    };
    auto fill = [=](int n, float *target) { pl_unpack<Outer::DEPTH, Outer::L>(w, n, column, target, Outer::Q_STRIDE); };
    Outer::run(w.rows, shared, sums, p, fill);
    Outer::each(sums, target, [](float &at, float &sum) { at = sum; });
}

#define PL_BACKWARD_PARAMETERS                                                                                         \
    int rows, const float *dy, const unsigned char *weights, int type, int n, int k, float *dx
#define PL_BACKWARD(...)                                                                                               \
    typedef pl_outer<__VA_ARGS__> outer;                                                                               \
    __shared__ __align__(16) float shared[outer::SHARED];                                                              \
    pl_multiply_backward<outer>(shared, rows, dy, pl_weight{weights, type, n, k}, dx)

/* Grid: columns / L by rows / I. The name tells the rows of a tile; CudaLinear.java knows L. */
extern "C" __global__ void __launch_bounds__(PL_PRODUCT_THREADS, 4) pl_matmul_backward_16(PL_BACKWARD_PARAMETERS) {
    PL_BACKWARD(16, 16, 1, 4);
}
extern "C" __global__ void __launch_bounds__(PL_PRODUCT_THREADS, 4) pl_matmul_backward_64(PL_BACKWARD_PARAMETERS) {
    PL_BACKWARD(16, 16, 4, 4);
}
extern "C" __global__ void __launch_bounds__(PL_PRODUCT_THREADS, 2) pl_matmul_backward_128(PL_BACKWARD_PARAMETERS) {
    PL_BACKWARD(16, 16, 8, 4);
}
