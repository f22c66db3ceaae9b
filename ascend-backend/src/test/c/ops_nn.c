/* Operators of the neural-network library: weight-quantised matmul, RMS norm. */
#define _GNU_SOURCE
#include "standin.h"

#include <math.h>
#include <string.h>

static bool has_shape(const struct tensor *t, int32_t dims, int64_t a, int64_t b) {
    return t->dims == dims && t->shape[0] == a && (dims == 1 || t->shape[1] == b);
}

static void put(struct plan *plan, const struct tensor **originals, int slot, const struct tensor *tensor) {
    originals[slot] = tensor;
    if (tensor != NULL) {
        plan->tensors[slot] = *tensor;
        plan->present[slot] = true;
    }
}

#define CHECKED(call)                                                                                                 \
    do {                                                                                                              \
        int32_t code_ = (call);                                                                                       \
        if (code_ != OK) return code_;                                                                                \
    } while (0)

/* ---- y = x · ((w + offset) ⊙ scale) + bias */

enum { X, WEIGHT, SCALE, OFFSET, BIAS, Y };

static double group_value(const struct tensor *t, int64_t group, int64_t n, int64_t columns) {
    int64_t elements = standin_elements(t);
    int64_t index = elements == 1 ? 0 : elements == columns ? n : group * columns + n;
    return standin_load(t, standin_position(t, index));
}

static void multiply(const struct plan *plan) {
    const struct tensor *x = &plan->tensors[X], *w = &plan->tensors[WEIGHT], *y = &plan->tensors[Y];
    int64_t m = x->shape[0], k = x->shape[1], n = w->shape[1];
    int64_t group = plan->integers[0] == 0 ? k : plan->integers[0];
    for (int64_t j = 0; j < n; j++) {
        for (int64_t i = 0; i < m; i++) {
            double sum = plan->present[BIAS] ? standin_load(&plan->tensors[BIAS], plan->tensors[BIAS].offset + j) : 0;
            for (int64_t from = 0; from < k; from += group) {
                double scale = group_value(&plan->tensors[SCALE], from / group, j, n);
                double offset = plan->present[OFFSET] ? group_value(&plan->tensors[OFFSET], from / group, j, n) : 0;
                double part = 0;
                for (int64_t c = from; c < from + group && c < k; c++) {
                    double stored = standin_load(w, w->offset + c * w->strides[0] + j * w->strides[1]);
                    part += standin_load(x, x->offset + i * x->strides[0] + c * x->strides[1]) * (stored + offset);
                }
                sum += part * scale;
            }
            standin_store(y, y->offset + i * y->strides[0] + j * y->strides[1], sum);
        }
    }
}

/* Contiguous, or contiguous after swapping the last two axes. */
static bool plain(const struct tensor *t) {
    struct tensor swapped = *t;
    swapped.shape[0] = t->shape[1], swapped.shape[1] = t->shape[0];
    swapped.strides[0] = t->strides[1], swapped.strides[1] = t->strides[0];
    return standin_contiguous(t) || standin_contiguous(&swapped);
}

static int32_t check_multiply(const aclTensor *x, const aclTensor *w, const aclTensor *scale, const aclTensor *offset,
                              const aclTensor *bias, int32_t group, const aclTensor *y) {
    enum family soc = standin_family();
    NEED(x->dims == 2 && w->dims == 2 && y->dims == 2, ACLNN_PARAM_INVALID, "x, weight and y must have 2 dimensions");
    int64_t m = x->shape[0], k = x->shape[1], n = w->shape[1];
    NEED(w->shape[0] == k && has_shape(y, 2, m, n), ACLNN_PARAM_INVALID, "shapes do not fit: x, weight, y");
    NEED(x->type == DT_FLOAT16 || (x->type == DT_BF16 && soc != F310P), ACLNN_PARAM_INVALID, "x has type %d", x->type);
    NEED(w->type == DT_INT8 || (w->type == DT_INT4 && soc != F310P), ACLNN_PARAM_INVALID, "weight has type %d", w->type);
    NEED(scale->type == x->type && y->type == x->type, ACLNN_PARAM_INVALID, "scale and y must have x's type");
    NEED(soc == F950 || (k <= 65535 && n <= 65535), ACLNN_PARAM_INVALID, "k %lld or n %lld above 65535", (long long)k,
         (long long)n);
    NEED(group == 0 || (group >= 32 && group <= k - 1 && group % 32 == 0), ACLNN_PARAM_INVALID, "group size %d", group);
    int64_t groups = group == 0 ? 1 : (k + group - 1) / group;
    bool grouped = group != 0 && has_shape(scale, 2, groups, n);
    bool whole = group == 0 && (has_shape(scale, 1, 1, 0) || has_shape(scale, 2, 1, 1) || has_shape(scale, 1, n, 0) ||
                                has_shape(scale, 2, 1, n));
    NEED(grouped || whole, ACLNN_PARAM_INVALID, "the scale's shape does not fit group size %d", group);
    NEED(w->type != DT_INT4 || (w->strides[1] == 1 ? n : k) % 2 == 0, ACLNN_PARAM_INVALID, "odd inner axis of int4");
    NEED(plain(x) && plain(w) && standin_contiguous(scale) && standin_contiguous(y), ACLNN_PARAM_INVALID,
         "a view that is neither contiguous nor a plain transpose");
    if (offset != NULL) {
        NEED(offset->type == x->type && offset->dims == scale->dims && standin_elements(offset) == standin_elements(scale),
             ACLNN_PARAM_INVALID, "offset must look like scale");
        CHECKED(standin_check_view(offset, "antiquantOffset"));
    }
    if (bias != NULL) {
        NEED(bias->type == (x->type == DT_BF16 ? DT_FLOAT : DT_FLOAT16), ACLNN_PARAM_INVALID, "bias type %d", bias->type);
        NEED(has_shape(bias, 1, n, 0) || has_shape(bias, 2, 1, n), ACLNN_PARAM_INVALID, "bias shape");
        CHECKED(standin_check_view(bias, "bias"));
    }
    CHECKED(standin_check_view(x, "x"));
    CHECKED(standin_check_view(w, "weight"));
    CHECKED(standin_check_view(scale, "antiquantScale"));
    return standin_check_view(y, "y");
}

static int32_t prepare_multiply(const char *name, const aclTensor *x, const aclTensor *w, const aclTensor *scale,
                                const aclTensor *offset, const aclTensor *quantScale, const aclTensor *quantOffset,
                                const aclTensor *bias, int32_t group, const aclTensor *y, uint64_t *workspaceSize,
                                aclOpExecutor **executor) {
    NEED(x != NULL && w != NULL && scale != NULL && y != NULL, ACLNN_PARAM_NULLPTR, "a required tensor is NULL");
    NEED(quantScale == NULL && quantOffset == NULL, ACLNN_PARAM_INVALID, "the stand-in does not model int8 output");
    CHECKED(check_multiply(x, w, scale, offset, bias, group, y));
    struct plan plan = {.operator = name, .compute = multiply, .integers = {group}};
    const struct tensor *originals[MAX_TENSORS] = {0};
    put(&plan, originals, X, x);
    put(&plan, originals, WEIGHT, w);
    put(&plan, originals, SCALE, scale);
    put(&plan, originals, OFFSET, offset);
    put(&plan, originals, BIAS, bias);
    put(&plan, originals, Y, y);
    return standin_prepare(&plan, originals, workspaceSize, executor);
}

EXPORT aclnnStatus aclnnWeightQuantBatchMatmulV2GetWorkspaceSize(
    const aclTensor *x, const aclTensor *weight, const aclTensor *antiquantScale, const aclTensor *antiquantOffset,
    const aclTensor *quantScale, const aclTensor *quantOffset, const aclTensor *bias, int32_t antiquantGroupSize,
    const aclTensor *y, uint64_t *workspaceSize, aclOpExecutor **executor) {
    ENTER(x, weight, antiquantScale, antiquantOffset, quantScale, quantOffset, bias, antiquantGroupSize, y,
          workspaceSize, executor);
    return prepare_multiply("aclnnWeightQuantBatchMatmulV2", x, weight, antiquantScale, antiquantOffset, quantScale,
                            quantOffset, bias, antiquantGroupSize, y, workspaceSize, executor);
}
PHASE2(aclnnWeightQuantBatchMatmulV2)

EXPORT aclnnStatus aclnnWeightQuantBatchMatmulV3GetWorkspaceSize(
    const aclTensor *x, const aclTensor *weight, const aclTensor *antiquantScale, const aclTensor *antiquantOffset,
    const aclTensor *quantScale, const aclTensor *quantOffset, const aclTensor *bias, int32_t antiquantGroupSize,
    int32_t innerPrecise, const aclTensor *y, uint64_t *workspaceSize, aclOpExecutor **executor) {
    ENTER(x, weight, antiquantScale, antiquantOffset, quantScale, quantOffset, bias, antiquantGroupSize, innerPrecise, y,
          workspaceSize, executor);
    NEED(standin_family() != F310P, ACLNN_RUNTIME_ERROR, "not supported on this SoC");
    NEED(innerPrecise == 0 || innerPrecise == 1, ACLNN_PARAM_INVALID, "innerPrecise %d", innerPrecise);
    return prepare_multiply("aclnnWeightQuantBatchMatmulV3", x, weight, antiquantScale, antiquantOffset, quantScale,
                            quantOffset, bias, antiquantGroupSize, y, workspaceSize, executor);
}
PHASE2(aclnnWeightQuantBatchMatmulV3)

/* ---- y = x / sqrt(mean(x²) + eps) · gamma */

enum { RMS_X, GAMMA, RMS_Y, RSTD };

static void normalise(const struct plan *plan) {
    const struct tensor *x = &plan->tensors[RMS_X], *gamma = &plan->tensors[GAMMA];
    int64_t width = standin_elements(gamma), rows = standin_elements(x) / width;
    for (int64_t r = 0; r < rows; r++) {
        double squares = 0;
        for (int64_t c = 0; c < width; c++) {
            double value = standin_load(x, standin_position(x, r * width + c));
            squares += value * value;
        }
        float inverse = (float)(1 / sqrt(squares / width + plan->real));
        standin_store(&plan->tensors[RSTD], standin_position(&plan->tensors[RSTD], r), inverse);
        for (int64_t c = 0; c < width; c++) {
            double value = standin_load(x, standin_position(x, r * width + c)) * inverse;
            standin_store(&plan->tensors[RMS_Y], standin_position(&plan->tensors[RMS_Y], r * width + c),
                          value * standin_load(gamma, standin_position(gamma, c)));
        }
    }
}

static int32_t check_norm(const aclTensor *x, const aclTensor *gamma, const aclTensor *y, const aclTensor *rstd) {
    NEED(x->type == DT_FLOAT || x->type == DT_FLOAT16 || (x->type == DT_BF16 && standin_family() != F310P),
         ACLNN_PARAM_INVALID, "x has type %d", x->type);
    NEED(gamma->type == x->type && y->type == x->type && rstd->type == DT_FLOAT, ACLNN_PARAM_INVALID,
         "gamma and y must have x's type, rstd fp32");
    NEED(gamma->dims >= 1 && gamma->dims <= x->dims && y->dims == x->dims && rstd->dims == x->dims, ACLNN_PARAM_INVALID,
         "dimensions do not fit");
    int32_t outer = x->dims - gamma->dims;
    for (int32_t d = 0; d < x->dims; d++) {
        NEED(y->shape[d] == x->shape[d] && rstd->shape[d] == (d < outer ? x->shape[d] : 1) &&
                 (d < outer || gamma->shape[d - outer] == x->shape[d]),
             ACLNN_PARAM_INVALID, "shapes do not fit in dimension %d", d);
    }
    NEED(standin_family() != F310P || (size_t)x->shape[x->dims - 1] * standin_type_bits(x->type) / 8 >= 32,
         ACLNN_PARAM_INVALID, "the last dimension is shorter than 32 bytes");
    CHECKED(standin_check_view(x, "x"));
    CHECKED(standin_check_view(gamma, "gamma"));
    CHECKED(standin_check_view(rstd, "rstd"));
    /* Nothing says that the norm works in place, so nobody may rely on it. */
    NEED(y->address != x->address || y->offset != x->offset, ACLNN_PARAM_INVALID, "y is x");
    return standin_check_view(y, "y");
}

EXPORT aclnnStatus aclnnRmsNormGetWorkspaceSize(const aclTensor *x, const aclTensor *gamma, double eps,
                                                const aclTensor *y, const aclTensor *rstd, uint64_t *workspaceSize,
                                                aclOpExecutor **executor) {
    ENTER(x, gamma, eps, y, rstd, workspaceSize, executor);
    NEED(x != NULL && gamma != NULL && y != NULL && rstd != NULL, ACLNN_PARAM_NULLPTR, "a tensor is NULL");
    CHECKED(check_norm(x, gamma, y, rstd));
    struct plan plan = {.operator = "aclnnRmsNorm", .compute = normalise, .real = eps};
    const struct tensor *originals[MAX_TENSORS] = {0};
    put(&plan, originals, RMS_X, x);
    put(&plan, originals, GAMMA, gamma);
    put(&plan, originals, RMS_Y, y);
    put(&plan, originals, RSTD, rstd);
    return standin_prepare(&plan, originals, workspaceSize, executor);
}
PHASE2(aclnnRmsNorm)
