/* Operators of the mathematics library: conversion, copying. */
#define _GNU_SOURCE
#include "standin.h"

static void convert(const struct plan *plan) {
    const struct tensor *from = &plan->tensors[0], *to = &plan->tensors[1];
    int64_t elements = standin_elements(from);
    for (int64_t i = 0; i < elements; i++) {
        standin_store(to, standin_position(to, i), standin_load(from, standin_position(from, i)));
    }
}

static int32_t prepare(const char *name, const aclTensor *from, const aclTensor *to, uint64_t *workspaceSize,
                       aclOpExecutor **executor) {
    NEED(from != NULL && to != NULL, ACLNN_PARAM_NULLPTR, "a tensor is NULL");
    NEED(from->type != DT_INT4 && to->type != DT_INT4, ACLNN_PARAM_INVALID, "int4 cannot be converted");
    NEED((from->type != DT_BF16 && to->type != DT_BF16) || standin_family() != F310P, ACLNN_PARAM_INVALID, "no bf16");
    NEED(from->dims == to->dims, ACLNN_PARAM_INVALID, "shapes differ");
    for (int32_t d = 0; d < from->dims; d++) {
        NEED(from->shape[d] == to->shape[d], ACLNN_PARAM_INVALID, "shapes differ in dimension %d", d);
    }
    int32_t code = standin_check_view(from, "source");
    if (code == OK) code = standin_check_view(to, "target");
    if (code != OK) return code;
    struct plan plan = {.operator = name, .compute = convert, .tensors = {*from, *to}, .present = {true, true}};
    const struct tensor *originals[MAX_TENSORS] = {from, to};
    return standin_prepare(&plan, originals, workspaceSize, executor);
}

EXPORT aclnnStatus aclnnCastGetWorkspaceSize(const aclTensor *self, int32_t dtype, aclTensor *out,
                                             uint64_t *workspaceSize, aclOpExecutor **executor) {
    ENTER(self, dtype, out, workspaceSize, executor);
    NEED(out == NULL || out->type == dtype, ACLNN_PARAM_INVALID, "out has type %d, not %d", out->type, dtype);
    return prepare("aclnnCast", self, out, workspaceSize, executor);
}
PHASE2(aclnnCast)

EXPORT aclnnStatus aclnnInplaceCopyGetWorkspaceSize(aclTensor *selfRef, const aclTensor *src, uint64_t *workspaceSize,
                                                    aclOpExecutor **executor) {
    ENTER(selfRef, src, workspaceSize, executor);
    return prepare("aclnnInplaceCopy", src, selfRef, workspaceSize, executor);
}
PHASE2(aclnnInplaceCopy)
