/* The meta library: tensors, scalars, arrays, lists, executors. */
#define _GNU_SOURCE
#include "standin.h"

#include <stdlib.h>
#include <string.h>

EXPORT int32_t aclnnInit(const char *config) {
    ENTER(config);
    return OK;
}

EXPORT int32_t aclnnFinalize(void) {
    ENTER();
    return OK;
}

static bool describe(aclTensor *t, const int64_t *viewDims, uint64_t viewDimsNum, int32_t dataType,
                     const int64_t *strides, int64_t offset, int32_t format, const int64_t *storageDims,
                     uint64_t storageDimsNum, void *devAddr) {
    if (viewDimsNum > MAX_DIMS || storageDimsNum > MAX_DIMS || (viewDims == NULL && viewDimsNum > 0) ||
        (storageDims == NULL && storageDimsNum > 0)) {
        standin_error(ACLNN_PARAM_INVALID, "wrong dimensions");
        return false;
    }
    t->dims = (int32_t)viewDimsNum;
    t->storage_dims = (int32_t)storageDimsNum;
    t->type = dataType;
    t->format = format;
    t->offset = offset;
    t->address = devAddr;
    int64_t stride = 1;
    for (int32_t i = t->dims - 1; i >= 0; i--) {
        t->shape[i] = viewDims[i];
        t->strides[i] = strides == NULL ? stride : strides[i];
        stride *= viewDims[i];
    }
    for (int32_t i = 0; i < t->storage_dims; i++) t->storage[i] = storageDims[i];
    return true;
}

EXPORT aclTensor *aclCreateTensor(const int64_t *viewDims, uint64_t viewDimsNum, int32_t dataType,
                                  const int64_t *strides, int64_t offset, int32_t format, const int64_t *storageDims,
                                  uint64_t storageDimsNum, void *devAddr) {
    ENTER_POINTER(viewDims, viewDimsNum, dataType, strides, offset, format, storageDims, storageDimsNum, devAddr);
    aclTensor *tensor = standin_new(TENSOR, sizeof(aclTensor));
    if (describe(tensor, viewDims, viewDimsNum, dataType, strides, offset, format, storageDims, storageDimsNum,
                 devAddr)) {
        return tensor;
    }
    standin_delete(tensor);
    return NULL;
}

EXPORT int32_t aclInitTensor(aclTensor *tensor, const int64_t *viewDims, uint64_t viewDimsNum, int32_t dataType,
                             const int64_t *strides, int64_t offset, int32_t format, const int64_t *storageDims,
                             uint64_t storageDimsNum, void *devAddr) {
    ENTER(tensor, viewDims, viewDimsNum, dataType, strides, offset, format, storageDims, storageDimsNum, devAddr);
    NEED(standin_is(tensor, TENSOR), ACLNN_PARAM_NULLPTR, "no such tensor");
    bool fine = describe(tensor, viewDims, viewDimsNum, dataType, strides, offset, format, storageDims, storageDimsNum,
                         devAddr);
    return fine ? OK : ACLNN_PARAM_INVALID;
}

EXPORT aclScalar *aclCreateScalar(void *value, int32_t dataType) {
    ENTER_POINTER(value, dataType);
    if (value == NULL || standin_type_bits(dataType) < 8) {
        standin_error(ACLNN_PARAM_NULLPTR, "no value");
        return NULL;
    }
    aclScalar *scalar = standin_new(SCALAR, sizeof(aclScalar));
    scalar->type = dataType;
    memcpy(scalar->value, value, standin_type_bits(dataType) / 8);
    return scalar;
}

static struct array *create_array(enum kind kind, const void *values, uint64_t size, size_t width) {
    if (values == NULL && size > 0) {
        standin_error(ACLNN_PARAM_NULLPTR, "no values");
        return NULL;
    }
    struct array *array = standin_new(kind, sizeof(struct array));
    array->size = size;
    array->values = malloc(size * width + 1);
    if (size > 0) memcpy(array->values, values, size * width);
    return array;
}

EXPORT aclIntArray *aclCreateIntArray(const int64_t *values, uint64_t size) {
    ENTER_POINTER(values, size);
    return create_array(INT_ARRAY, values, size, sizeof *values);
}

EXPORT aclFloatArray *aclCreateFloatArray(const float *values, uint64_t size) {
    ENTER_POINTER(values, size);
    return create_array(FLOAT_ARRAY, values, size, sizeof *values);
}

EXPORT aclBoolArray *aclCreateBoolArray(const bool *values, uint64_t size) {
    ENTER_POINTER(values, size);
    return create_array(BOOL_ARRAY, values, size, sizeof *values);
}

EXPORT aclTensorList *aclCreateTensorList(const aclTensor *const *tensors, uint64_t size) {
    ENTER_POINTER(tensors, size);
    return create_array(TENSOR_LIST, tensors, size, sizeof *tensors);
}

EXPORT aclScalarList *aclCreateScalarList(const aclScalar *const *scalars, uint64_t size) {
    ENTER_POINTER(scalars, size);
    return create_array(SCALAR_LIST, scalars, size, sizeof *scalars);
}

static int32_t destroy(const void *object, enum kind kind) {
    if (object == NULL) return OK;
    if (!standin_is(object, kind)) {
        standin_violation("destroyed twice, or never created: %p", object);
        return standin_error(ACLNN_PARAM_INVALID, "no such object");
    }
    if (kind != TENSOR && kind != SCALAR) {
        const struct array *array = object;
        if (kind == TENSOR_LIST || kind == SCALAR_LIST) {
            /* A list owns its elements. */
            for (uint64_t i = 0; i < array->size; i++) {
                destroy(((void **)array->values)[i], kind == TENSOR_LIST ? TENSOR : SCALAR);
            }
        }
        free(array->values);
    }
    standin_delete((void *)object);
    return OK;
}

#define DESTROY(name, type, kind)                                                                                     \
    EXPORT int32_t name(const type *object) {                                                                         \
        ENTER(object);                                                                                                \
        return destroy(object, kind);                                                                                 \
    }
DESTROY(aclDestroyTensor, aclTensor, TENSOR)
DESTROY(aclDestroyScalar, aclScalar, SCALAR)
DESTROY(aclDestroyIntArray, aclIntArray, INT_ARRAY)
DESTROY(aclDestroyFloatArray, aclFloatArray, FLOAT_ARRAY)
DESTROY(aclDestroyBoolArray, aclBoolArray, BOOL_ARRAY)
DESTROY(aclDestroyTensorList, aclTensorList, TENSOR_LIST)
DESTROY(aclDestroyScalarList, aclScalarList, SCALAR_LIST)

EXPORT int32_t aclGetViewOffset(const aclTensor *tensor, int64_t *offset) {
    ENTER(tensor, offset);
    NEED(standin_is(tensor, TENSOR) && offset != NULL, ACLNN_PARAM_NULLPTR, "NULL");
    *offset = tensor->offset;
    return OK;
}

EXPORT int32_t aclGetFormat(const aclTensor *tensor, int32_t *format) {
    ENTER(tensor, format);
    NEED(standin_is(tensor, TENSOR) && format != NULL, ACLNN_PARAM_NULLPTR, "NULL");
    *format = tensor->format;
    return OK;
}

EXPORT int32_t aclGetDataType(const aclTensor *tensor, int32_t *dataType) {
    ENTER(tensor, dataType);
    NEED(standin_is(tensor, TENSOR) && dataType != NULL, ACLNN_PARAM_NULLPTR, "NULL");
    *dataType = tensor->type;
    return OK;
}

#define SIZE(name, type, kind)                                                                                        \
    EXPORT int32_t name(const type *array, uint64_t *size) {                                                          \
        ENTER(array, size);                                                                                           \
        NEED(array != NULL && size != NULL && standin_is(array, kind), ACLNN_PARAM_NULLPTR, "NULL");                  \
        *size = array->size;                                                                                          \
        return OK;                                                                                                    \
    }
SIZE(aclGetTensorListSize, aclTensorList, TENSOR_LIST)
SIZE(aclGetScalarListSize, aclScalarList, SCALAR_LIST)
SIZE(aclGetIntArraySize, aclIntArray, INT_ARRAY)
SIZE(aclGetFloatArraySize, aclFloatArray, FLOAT_ARRAY)
SIZE(aclGetBoolArraySize, aclBoolArray, BOOL_ARRAY)

/* The stand-in always answers as if the executor came from the op cache. */
EXPORT int32_t aclSetAclOpExecutorRepeatable(aclOpExecutor *executor) {
    ENTER(executor);
    return standin_error(ACLNN_INNER, "the executor came from the op cache");
}

EXPORT int32_t aclDestroyAclOpExecutor(aclOpExecutor *executor) {
    ENTER(executor);
    NEED(executor != NULL, ACLNN_NULLPTR, "NULL");
    if (!standin_is(executor, EXECUTOR)) {
        standin_violation("an executor destroyed after phase 2 took it, or twice");
        return standin_error(ACLNN_PARAM_INVALID, "no such executor");
    }
    standin_delete(executor);
    return OK;
}

#define ADDRESS(name)                                                                                                 \
    EXPORT int32_t name(aclOpExecutor *executor, const size_t index, aclTensor *tensor, void *addr) {                 \
        ENTER(executor, index, tensor, addr);                                                                         \
        return standin_error(ACLNN_INNER, "the executor is not repeatable");                                          \
    }
ADDRESS(aclSetInputTensorAddr)
ADDRESS(aclSetOutputTensorAddr)
ADDRESS(aclSetTensorAddr)

#define DYNAMIC_ADDRESS(name)                                                                                         \
    EXPORT int32_t name(aclOpExecutor *executor, size_t irIndex, const size_t relIndex, aclTensorList *list,          \
                        void *addr) {                                                                                 \
        ENTER(executor, irIndex, relIndex, list, addr);                                                               \
        return standin_error(ACLNN_INNER, "the executor is not repeatable");                                          \
    }
DYNAMIC_ADDRESS(aclSetDynamicInputTensorAddr)
DYNAMIC_ADDRESS(aclSetDynamicOutputTensorAddr)
DYNAMIC_ADDRESS(aclSetDynamicTensorAddr)

EXPORT int32_t aclSetRawTensorAddr(aclTensor *tensor, void *addr) {
    ENTER(tensor, addr);
    NEED(standin_is(tensor, TENSOR), ACLNN_PARAM_NULLPTR, "NULL");
    tensor->address = addr;
    return OK;
}

EXPORT int32_t aclGetRawTensorAddr(const aclTensor *tensor, void **addr) {
    ENTER(tensor, addr);
    NEED(standin_is(tensor, TENSOR) && addr != NULL, ACLNN_PARAM_NULLPTR, "NULL");
    *addr = tensor->address;
    return OK;
}
