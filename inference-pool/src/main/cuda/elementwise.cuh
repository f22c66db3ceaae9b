/*
 * Elements that do not meet. Every kernel reads and writes each element once, neighbours by neighbouring threads: bound
 * by memory. The grid may have fewer threads than elements.
 */

/* x[i] = value */
extern "C" __global__ void pl_fill(long long count, float value, float *x) {
    for (long long i = pl_thread(); i < count; i += pl_threads()) {
        x[i] = value;
    }
}

/* x[i] *= a */
extern "C" __global__ void pl_scale(long long count, float a, float *x) {
    for (long long i = pl_thread(); i < count; i += pl_threads()) {
        x[i] *= a;
    }
}

/* y[i] = fma(a, x[i], y[i]) */
extern "C" __global__ void pl_add_scaled(long long count, float a, const float *x, float *y) {
    for (long long i = pl_thread(); i < count; i += pl_threads()) {
        y[i] = fmaf(a, x[i], y[i]);
    }
}

/* target[r, c] = source[r, c] for r < rows, c < width; both point at the first column and have rows of their own width. */
extern "C" __global__ void pl_copy_columns(
    int rows, int width, const float *source, int source_width, float *target, int target_width) {
    long long count = (long long)rows * width;
    for (long long i = pl_thread(); i < count; i += pl_threads()) {
        long long r = i / width, c = i % width;
        target[r * target_width + c] = source[r * source_width + c];
    }
}
