/* The length of a gradient and the step along it. */

/*
 * result[0] = sum of x[i]^2 in double precision by one block. The order leaves sixteen chains of fused multiply-adds:
 * bound by the latency of one per sixteen elements, which no second block could shorten.
 */
extern "C" __global__ void pl_sum_of_squares(long long count, const float *x, double *result) {
    __shared__ float stage[2 * PL_STAGE];
    __shared__ double total;
    double sum = pl_ordered_sum(
        count, 0.0, stage, &total, [&](long long i) { return x[i]; }, pl_as_it_is(),
        [](double lane, float value) { return fma((double)value, (double)value, lane); });
    if (threadIdx.x == 0) {
        *result = sum;
    }
}

/* The components of AdamWFactors.java; bound by memory. */
extern "C" __global__ void pl_adamw(
    float keep, float beta1, float beta2, float rest1, float rest2, float step_size, float root_correction,
    float epsilon, float gradient_scale, long long count, float *parameters, const float *gradients, float *first,
    float *second) {
    for (long long i = pl_thread(); i < count; i += pl_threads()) {
        float g = gradient_scale * gradients[i];
        float m = fmaf(rest1, g, beta1 * first[i]);
        float v = fmaf(rest2 * g, g, beta2 * second[i]);
        first[i] = m;
        second[i] = v;
        float denominator = sqrtf(v) / root_correction + epsilon;
        parameters[i] = keep * parameters[i] - step_size * (m / denominator);
    }
}
