/* What all operators share: tensor views, fp16 and int4, executors, workspaces, launching. In the state library. */
#define _GNU_SOURCE
#include "standin.h"

#include <math.h>
#include <string.h>

#define PUBLIC __attribute__((visibility("default")))

PUBLIC size_t standin_type_bits(int32_t type) {
    switch (type) {
        case DT_FLOAT:
        case DT_INT32: return 32;
        case DT_FLOAT16:
        case DT_BF16: return 16;
        case DT_INT8: return 8;
        case DT_INT4: return 4;
        case DT_INT64: return 64;
        default: return 0;
    }
}

PUBLIC int64_t standin_elements(const struct tensor *t) {
    int64_t elements = 1;
    for (int32_t i = 0; i < t->dims; i++) elements *= t->shape[i];
    return elements;
}

PUBLIC bool standin_contiguous(const struct tensor *t) {
    int64_t stride = 1;
    for (int32_t i = t->dims - 1; i >= 0; i--) {
        if (t->shape[i] != 1 && t->strides[i] != stride) return false;
        stride *= t->shape[i];
    }
    return true;
}

PUBLIC int64_t standin_position(const struct tensor *t, int64_t i) {
    int64_t position = t->offset;
    for (int32_t d = t->dims - 1; d >= 0; d--) {
        position += i % t->shape[d] * t->strides[d];
        i /= t->shape[d];
    }
    return position;
}

/* The furthest storage element that the view reaches. */
static int64_t last_position(const struct tensor *t) {
    int64_t position = t->offset;
    for (int32_t d = 0; d < t->dims; d++) position += (t->shape[d] - 1) * t->strides[d];
    return position;
}

static size_t bytes_up_to(const struct tensor *t, int64_t element) {
    return ((size_t)(element + 1) * standin_type_bits(t->type) + 7) / 8;
}

PUBLIC int32_t standin_check_view(const struct tensor *t, const char *what) {
    NEED(standin_type_bits(t->type) != 0, ACLNN_PARAM_INVALID, "%s: data type %d", what, t->type);
    NEED(t->format == FORMAT_ND, ACLNN_PARAM_INVALID, "%s: format %d", what, t->format);
    NEED((uintptr_t)t->address % 32 == 0, ACLNN_PARAM_INVALID, "%s: address %p is not aligned to 32 bytes", what,
         t->address);
    int64_t storage = 1;
    for (int32_t d = 0; d < t->storage_dims; d++) storage *= t->storage[d];
    for (int32_t d = 0; d < t->dims; d++) {
        NEED(t->shape[d] > 0 && t->strides[d] >= 0, ACLNN_PARAM_INVALID, "%s: dimension %d is %lld with stride %lld",
             what, d, (long long)t->shape[d], (long long)t->strides[d]);
    }
    int64_t last = last_position(t);
    NEED(t->offset >= 0 && last < storage, ACLNN_PARAM_INVALID, "%s: the view reaches element %lld of %lld", what,
         (long long)last, (long long)storage);
    NEED(standin_in_block(DEVICE_BLOCK, t->address, bytes_up_to(t, storage - 1)), ACLNN_PARAM_INVALID,
         "%s: the storage is not inside a device allocation", what);
    return OK;
}

/* ---- values */

static float bits_to_float(uint32_t bits) {
    union { uint32_t u; float f; } cast = {.u = bits};
    return cast.f;
}

static uint32_t float_to_bits(float value) {
    union { float f; uint32_t u; } cast = {.f = value};
    return cast.u;
}

static float half_to_float(uint16_t half) {
    int exponent = half >> 10 & 31;
    int fraction = half & 1023;
    double magnitude = exponent == 0 ? ldexp(fraction, -24) : ldexp(fraction | 1024, exponent - 25);
    if (exponent == 31) magnitude = fraction == 0 ? INFINITY : NAN;
    return (float)(half >> 15 ? -magnitude : magnitude);
}

/* Round to nearest, ties to even; from double, so that a value is rounded once. */
static uint16_t half_of(double value) {
    uint16_t sign = signbit(value) ? 0x8000 : 0;
    double magnitude = fabs(value);
    if (isnan(value)) return 0x7E00;
    if (magnitude >= 65520) return sign | 0x7C00;
    int exponent;
    frexp(magnitude, &exponent); /* magnitude = f · 2^exponent, f in [0.5, 1) */
    int unit = (exponent - 1 < -14 ? -14 : exponent - 1) - 10;
    double quotient = nearbyint(ldexp(magnitude, -unit)); /* in units of the last place */
    if (quotient < 1024) return sign | (uint16_t)quotient; /* subnormal */
    if (quotient >= 2048) {
        quotient /= 2;
        unit++;
    }
    return sign | (uint16_t)((unit + 25) << 10) | ((uint16_t)quotient & 1023);
}

static uint16_t bfloat_of(float value) {
    uint32_t bits = float_to_bits(value);
    return isnan(value) ? 0x7FC0 : (uint16_t)((bits + 0x7FFF + (bits >> 16 & 1)) >> 16);
}

static uint8_t *bytes_of(const struct tensor *t) {
    return standin_resolve(t->address, bytes_up_to(t, last_position(t)), "operator");
}

/* Tensors that an operator computes with have their address replaced by where the bytes are. */
PUBLIC double standin_load(const struct tensor *t, int64_t e) {
    const uint8_t *bytes = t->address;
    switch (t->type) {
        case DT_FLOAT: return ((const float *)bytes)[e];
        case DT_FLOAT16: return half_to_float(((const uint16_t *)bytes)[e]);
        case DT_BF16: return bits_to_float((uint32_t)((const uint16_t *)bytes)[e] << 16);
        case DT_INT8: return ((const int8_t *)bytes)[e];
        case DT_INT32: return ((const int32_t *)bytes)[e];
        case DT_INT64: return (double)((const int64_t *)bytes)[e];
        /* two per byte, the even element in the low half, two's complement */
        case DT_INT4: return (int8_t)((bytes[e / 2] >> (e % 2 * 4) & 15) << 4) >> 4;
        default: return NAN;
    }
}

PUBLIC void standin_store(const struct tensor *t, int64_t e, double value) {
    uint8_t *bytes = t->address;
    switch (t->type) {
        case DT_FLOAT: ((float *)bytes)[e] = (float)value; return;
        case DT_FLOAT16: ((uint16_t *)bytes)[e] = half_of(value); return;
        case DT_BF16: ((uint16_t *)bytes)[e] = bfloat_of((float)value); return;
        case DT_INT8: ((int8_t *)bytes)[e] = (int8_t)value; return;
        case DT_INT32: ((int32_t *)bytes)[e] = (int32_t)value; return;
        case DT_INT64: ((int64_t *)bytes)[e] = (int64_t)value; return;
        default: return;
    }
}

/* ---- executors */

static bool overlap(const struct tensor *a, const void *b, size_t size) {
    const uint8_t *from = a->address, *other = b;
    return from < other + size && other < from + bytes_up_to(a, last_position(a));
}

PUBLIC int32_t standin_prepare(const struct plan *plan, const struct tensor *const *originals, uint64_t *workspaceSize,
                               aclOpExecutor **executor) {
    NEED(workspaceSize != NULL && executor != NULL, ACLNN_PARAM_NULLPTR, "no place for workspace size or executor");
    NEED(standin_context() != NULL, ACLNN_RUNTIME_ERROR, "this thread has no current context");
    aclOpExecutor *made = standin_new(EXECUTOR, sizeof(aclOpExecutor));
    made->plan = *plan;
    /* Odd and different for each operator, so that nobody gets along with a round guess. */
    made->plan.workspace_size = 1001 + 2 * strlen(plan->operator);
    memcpy(made->originals, originals, sizeof made->originals);
    *workspaceSize = made->plan.workspace_size;
    *executor = made;
    return OK;
}

PUBLIC void standin_consume(aclOpExecutor *executor) {
    if (standin_is(executor, EXECUTOR)) standin_delete(executor);
}

static void run_operator(struct task *task) {
    struct plan *plan = &task->plan;
    uint8_t *workspace = standin_resolve(task->workspace, task->workspace_size, plan->operator);
    bool fine = workspace != NULL;
    for (int i = 0; i < MAX_TENSORS; i++) {
        if (plan->present[i]) {
            if (overlap(&plan->tensors[i], task->workspace, task->workspace_size)) {
                standin_violation("%s: the workspace overlaps a tensor", plan->operator);
                fine = false;
            }
            plan->tensors[i].address = bytes_of(&plan->tensors[i]);
            fine = fine && plan->tensors[i].address != NULL;
        }
    }
    if (!fine) {
        standin_set_due_error(RT_AICORE_EXCEPTION, false);
        return;
    }
    memset(workspace, 0x5A, task->workspace_size);
    plan->compute(plan);
}

PUBLIC int32_t standin_launch(const char *operator, void *workspace, uint64_t size, aclOpExecutor *executor,
                              void *stream) {
    NEED(executor != NULL, ACLNN_PARAM_NULLPTR, "executor is NULL");
    if (!standin_is(executor, EXECUTOR)) {
        standin_violation("%s: the executor was used before", operator);
        return standin_error(ACLNN_PARAM_INVALID, "no such executor");
    }
    struct executor taken = *executor;
    standin_delete(executor);
    if (strcmp(taken.plan.operator, operator) != 0) {
        standin_violation("phase 2 of %s got an executor of %s", operator, taken.plan.operator);
        return standin_error(ACLNN_PARAM_INVALID, "an executor of another operator");
    }
    NEED(standin_context() != NULL, ACLNN_RUNTIME_ERROR, "this thread has no current context");
    NEED(standin_check_stream(stream) == OK, ACLNN_RUNTIME_ERROR, "the stream cannot be used here");
    NEED(workspace != NULL, ACLNN_PARAM_NULLPTR, "workspace is NULL");
    if (size < taken.plan.workspace_size || !standin_in_block(DEVICE_BLOCK, workspace, size) ||
        (uintptr_t)workspace % 64 != 0) {
        standin_violation("%s: workspace %p of %llu bytes, wanted %llu, aligned to 64, inside an allocation", operator,
                          workspace, (unsigned long long)size, (unsigned long long)taken.plan.workspace_size);
        return standin_error(ACLNN_PARAM_INVALID, "workspace too small or not on the device");
    }
    for (int i = 0; i < MAX_TENSORS; i++) {
        if (taken.originals[i] != NULL && !standin_is(taken.originals[i], TENSOR)) {
            standin_violation("%s: a tensor was destroyed before phase 2", operator);
            return standin_error(ACLNN_PARAM_INVALID, "a tensor is gone");
        }
    }
    struct task *task = standin_queue(stream, run_operator);
    task->plan = taken.plan;
    task->workspace = workspace;
    task->workspace_size = taken.plan.workspace_size;
    return OK;
}
