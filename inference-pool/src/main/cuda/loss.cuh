/* The loss over a vocabulary: a block per row. */

/*
 * loss[r] = -log softmax(logits[r, :])[targets[r]], and logits[r, :] becomes gradient_scale * (softmax - onehot) unless
 * gradient_scale is 0. A negative target has loss 0 and gradient 0. The denominator is summed in double precision. The
 * row is read three times and written once; rows enough, this is bound by memory, one alone by its chains of additions.
 */
extern "C" __global__ void pl_softmax_cross_entropy(
    int vocabulary, const int *targets, float gradient_scale, float *logits, float *loss) {
    __shared__ float stage[2 * PL_STAGE], warps[32];
    __shared__ double total;
    float *x = logits + (long long)blockIdx.x * vocabulary;
    int target = targets[blockIdx.x];
    if (target < 0) {
        for (int c = threadIdx.x; gradient_scale != 0.0f && c < vocabulary; c += blockDim.x) {
            x[c] = 0.0f;
        }
        if (threadIdx.x == 0) {
            loss[blockIdx.x] = 0.0f;
        }
        return;
    }
    float largest = pl_lowest();
    for (int c = threadIdx.x; c < vocabulary; c += blockDim.x) {
        largest = pl_larger(largest, x[c]);
    }
    float max = pl_block_largest(largest, warps);
    double sum = pl_ordered_sum(
        vocabulary, 0.0, stage, &total, [&](long long c) { return x[c]; },
        [&](long long, float logit) { return pl_exp(logit - max); },
        [](double lane, float e) { return lane + (double)e; });
    if (threadIdx.x == 0) {
        loss[blockIdx.x] = (float)(pl_log(sum) - ((double)x[target] - (double)max));
    }
    if (gradient_scale == 0.0f) {
        return;
    }
    __syncthreads(); /* the loss has been read off the logits */
    float factor = (float)((double)gradient_scale / sum);
    for (int c = threadIdx.x; c < vocabulary; c += blockDim.x) {
        float gradient = factor * pl_exp(x[c] - max);
        x[c] = c == target ? gradient - gradient_scale : gradient;
    }
}
