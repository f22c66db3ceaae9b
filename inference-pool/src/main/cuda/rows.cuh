/*
 * Normalisation, rotation, activations and moves. Block (r, i) works on row r, and of its columns on those of thread
 * number i * blockDim + threadIdx and so on by the threads of all blocks of the row: neighbours by neighbouring
 * threads. Bound by memory; a single row by the start of the kernel.
 */
__device__ __forceinline__ int pl_first_column() {
    return blockIdx.y * blockDim.x + threadIdx.x;
}

__device__ __forceinline__ int pl_column_step() {
    return gridDim.y * blockDim.x;
}

/* x[r, c] += bias[c] */
extern "C" __global__ void pl_add_bias(int width, const float *bias, float *x) {
    float *row = x + (long long)blockIdx.x * width;
    for (int c = pl_first_column(); c < width; c += pl_column_step()) {
        row[c] += bias[c];
    }
}

/* out[i, :] = x[indices[i], :] */
extern "C" __global__ void pl_gather_rows(int width, const int *indices, const float *x, float *out) {
    const float *from = x + (long long)indices[blockIdx.x] * width;
    float *to = out + (long long)blockIdx.x * width;
    for (int c = pl_first_column(); c < width; c += pl_column_step()) {
        to[c] = from[c];
    }
}

/* out[indices[i], :] += x[i, :]; distinct indices, so no two blocks meet. */
extern "C" __global__ void pl_scatter_add_rows(int width, const int *indices, const float *x, float *out) {
    const float *from = x + (long long)blockIdx.x * width;
    float *to = out + (long long)indices[blockIdx.x] * width;
    for (int c = pl_first_column(); c < width; c += pl_column_step()) {
        to[c] += from[c];
    }
}

/* out[indices[i], :] = fma(factors[i], x[i, :], out[indices[i], :]); distinct indices */
extern "C" __global__ void pl_scatter_add_scaled_rows(
    int width, const int *indices, const float *factors, const float *x, float *out) {
    const float *from = x + (long long)blockIdx.x * width;
    float *to = out + (long long)indices[blockIdx.x] * width;
    float factor = factors[blockIdx.x];
    for (int c = pl_first_column(); c < width; c += pl_column_step()) {
        to[c] = fmaf(factor, from[c], to[c]);
    }
}

__device__ __forceinline__ float pl_inverse_rms(float sum_of_squares, int width, float epsilon) {
    return 1.0f / sqrtf(sum_of_squares / (float)width + epsilon);
}

/* A block per row; x may be out. */
extern "C" __global__ void pl_rms_norm(int width, float epsilon, const float *x, const float *weight, float *out) {
    __shared__ float stage[2 * PL_STAGE];
    __shared__ float total;
    const float *row = x + (long long)blockIdx.x * width;
    float *to = out + (long long)blockIdx.x * width;
    float squares = pl_ordered_sum(
        width, 0.0f, stage, &total, [&](long long c) { return row[c]; }, pl_as_it_is(),
        [](float lane, float value) { return fmaf(value, value, lane); });
    float inverse = pl_inverse_rms(squares, width, epsilon);
    for (int c = threadIdx.x; c < width; c += blockDim.x) {
        to[c] = row[c] * inverse * weight[c];
    }
}

/* With g = weight * dy and i = 1/rms: dx += i*g - x * (i^3 * sum(x*g) / width). Both sums run side by side. */
extern "C" __global__ void pl_rms_norm_backward(
    int width, float epsilon, const float *x, const float *weight, const float *dy, float *dx) {
    __shared__ float2 stage[2 * PL_STAGE];
    __shared__ float2 total;
    long long at = (long long)blockIdx.x * width;
    const float *row = x + at, *gradient = dy + at;
    float *to = dx + at;
    float2 sums = pl_ordered_sum(
        width, make_float2(0.0f, 0.0f), stage, &total,
        [&](long long c) { return make_float2(row[c], weight[c] * gradient[c]); }, pl_as_it_is(),
        [](float2 lane, float2 pair) {
            return make_float2(fmaf(pair.x, pair.x, lane.x), fmaf(pair.x, pair.y, lane.y));
        });
    float inverse = pl_inverse_rms(sums.x, width, epsilon);
    float factor = inverse * inverse * inverse * (sums.y / (float)width);
    for (int c = threadIdx.x; c < width; c += blockDim.x) {
        float g = weight[c] * gradient[c];
        to[c] += inverse * g - row[c] * factor;
    }
}

/*
 * Turns pair i of every head of row r by the angle whose cosine and sine are table[positions[r], i] and
 * table[positions[r], rotary/2 + i]. x points at the first element that turns; a pair is elements i and i + rotary/2,
 * or 2i and 2i + 1 if interleaved. sign -1 turns back.
 */
extern "C" __global__ void pl_rope(
    int heads, int head_dim, int rotary, int interleaved, float sign, const int *positions, const float *table,
    float *x) {
    int half = rotary / 2;
    const float *cosines = table + (long long)positions[blockIdx.x] * rotary, *sines = cosines + half;
    for (int pair = pl_first_column(); pair < heads * half; pair += pl_column_step()) {
        int head = pair / half, i = pair % half;
        float *a = x + ((long long)blockIdx.x * heads + head) * head_dim + (interleaved ? 2 * i : i);
        float *b = a + (interleaved ? 1 : half);
        float cosine = cosines[i], sine = sign * sines[i], first = *a, second = *b;
        *a = first * cosine - second * sine;
        *b = second * cosine + first * sine;
    }
}

/* The numbers of CudaRows.java. */
enum { PL_SILU = 0, PL_GELU_TANH = 1 };
#define PL_TWO_SQRT_TWO_OVER_PI 1.5957691216f
#define PL_CUBIC 0.044715f

/* Both activations are x * sigmoid(z); this is z. */
__device__ __forceinline__ float pl_inner(int kind, float x) {
    return kind == PL_SILU ? x : PL_TWO_SQRT_TWO_OVER_PI * fmaf(PL_CUBIC * x * x, x, x);
}

/* dz/dx */
__device__ __forceinline__ float pl_inner_slope(int kind, float x) {
    return kind == PL_SILU ? 1.0f : PL_TWO_SQRT_TWO_OVER_PI * fmaf(3.0f * PL_CUBIC * x, x, 1.0f);
}

/* out = f(gate) * up; out may be gate or up. */
extern "C" __global__ void pl_gated_activation(
    int kind, long long count, const float *gate, const float *up, float *out) {
    for (long long i = pl_thread(); i < count; i += pl_threads()) {
        float x = gate[i];
        float f = x * pl_sigmoid(pl_inner(kind, x));
        out[i] = f * up[i];
    }
}

/* dgate = dout * up * f'(gate), dup = dout * f(gate), with f' = s + f*(1 - s)*z'; dgate may be dout. */
extern "C" __global__ void pl_gated_activation_backward(
    int kind, long long count, const float *gate, const float *up, const float *dout, float *dgate, float *dup) {
    for (long long i = pl_thread(); i < count; i += pl_threads()) {
        float x = gate[i], u = up[i], d = dout[i];
        float s = pl_sigmoid(pl_inner(kind, x));
        float f = x * s;
        float slope = fmaf(f * (1.0f - s), pl_inner_slope(kind, x), s);
        dgate[i] = d * u * slope;
        dup[i] = d * f;
    }
}
