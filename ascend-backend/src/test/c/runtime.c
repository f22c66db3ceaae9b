/* The runtime library: process, devices, contexts, streams, events, memory, settings. */
#define _GNU_SOURCE
#include "standin.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- process, errors, versions */

EXPORT aclError aclInit(const char *configPath) {
    ENTER(configPath);
    uint64_t *count = standin_init_count();
    return (*count)++ == 0 ? OK : REPEAT_INITIALIZE;
}

EXPORT aclError aclFinalize(void) {
    ENTER();
    NEED(standin_initialised(), REPEAT_FINALIZE, "already finalised");
    *standin_init_count() = 0;
    return OK;
}

EXPORT aclError aclFinalizeReference(uint64_t *refCount) {
    ENTER(refCount);
    NEED(standin_initialised(), REPEAT_FINALIZE, "already finalised");
    uint64_t left = --*standin_init_count();
    if (refCount != NULL) *refCount = left;
    return OK;
}

EXPORT const char *aclGetRecentErrMsg(void) {
    LOCK;
    NOTE();
    if (answered_) return standin_pointer_verdict();
    return standin_take_error_text();
}

EXPORT aclError aclrtPeekAtLastError(int32_t level) {
    ENTER(level);
    NEED(level == 0, INVALID_PARAM, "level must be 0");
    return OK;
}

EXPORT aclError aclrtGetLastError(int32_t level) {
    ENTER(level);
    NEED(level == 0, INVALID_PARAM, "level must be 0");
    return OK;
}

EXPORT aclError aclrtGetVersion(int32_t *major, int32_t *minor, int32_t *patch) {
    ENTER(major, minor, patch);
    NEED(major && minor && patch, INVALID_PARAM, "NULL");
    *major = 1, *minor = 17, *patch = 0;
    return OK;
}

EXPORT aclError aclsysGetVersionStr(char *pkg, char *out) {
    ENTER(pkg, out);
    NEED(pkg != NULL && out != NULL, INVALID_PARAM, "NULL");
    NEED(standin_settings.version[0] != 0, INVALID_PARAM, "no version of package %s", pkg);
    snprintf(out, 128, "%s", standin_settings.version);
    return OK;
}

EXPORT aclError aclsysGetVersionNum(char *pkg, int32_t *version) {
    ENTER(pkg, version);
    NEED(pkg != NULL && version != NULL, INVALID_PARAM, "NULL");
    *version = 0;
    return OK;
}

EXPORT aclError aclrtGetErrorVerbose(int32_t dev, void *info) {
    ENTER(dev, info);
    NEED_INIT;
    return RT_FEATURE_NOT_SUPPORT;
}

/* ---- device */

EXPORT const char *aclrtGetSocName(void) {
    ENTER_POINTER();
    return standin_settings.soc;
}

EXPORT aclError aclrtGetDeviceCount(uint32_t *count) {
    ENTER(count);
    NEED_INIT;
    NEED(count != NULL, INVALID_PARAM, "NULL");
    *count = (uint32_t)standin_settings.devices;
    return OK;
}

EXPORT aclError aclrtSetDevice(int32_t dev) {
    ENTER(dev);
    NEED_INIT;
    struct device *device = standin_device(dev);
    NEED(device != NULL, RT_INVALID_DEVICEID, "there is no device %d", dev);
    if (device->references++ == 0) {
        device->context = standin_new(CONTEXT, sizeof(struct context));
        device->context->device = dev;
        device->context->is_default = true;
    }
    standin_set_context(device->context);
    return OK;
}

EXPORT aclError aclrtGetDevice(int32_t *dev) {
    ENTER(dev);
    NEED_CONTEXT;
    *dev = standin_context()->device;
    return OK;
}

static int32_t reset_device(int32_t dev, bool force) {
    struct device *device = standin_device(dev);
    NEED(device != NULL, RT_INVALID_DEVICEID, "there is no device %d", dev);
    NEED(device->references > 0, RT_CONTEXT_NULL, "device %d was not set", dev);
    device->references = force ? 0 : device->references - 1;
    if (device->references == 0) {
        for (struct object *o = standin_objects(); o != NULL; o = o->next) {
            if (o->kind == CONTEXT && o != &device->context->object && ((struct context *)o)->device == dev && !force) {
                standin_violation("device %d reset while a context of it is alive", dev);
            }
        }
        standin_delete(device->context);
        device->context = NULL;
        standin_device_was_reset();
    }
    return OK;
}

EXPORT aclError aclrtResetDevice(int32_t dev) {
    ENTER(dev);
    NEED_INIT;
    return reset_device(dev, false);
}

EXPORT aclError aclrtResetDeviceForce(int32_t dev) {
    ENTER(dev);
    NEED_INIT;
    return reset_device(dev, true);
}

EXPORT aclError aclrtGetRunMode(int32_t *mode) {
    ENTER(mode);
    NEED_INIT;
    *mode = 1;
    return OK;
}

EXPORT aclError aclrtQueryDeviceStatus(int32_t dev, int32_t *status) {
    ENTER(dev, status);
    NEED_INIT;
    NEED(standin_device(dev) != NULL, RT_INVALID_DEVICEID, "there is no device %d", dev);
    *status = 0;
    return OK;
}

EXPORT aclError aclrtGetDeviceInfo(uint32_t dev, int32_t attr, int64_t *value) {
    ENTER(dev, attr, value);
    NEED_INIT;
    NEED(attr == 101 || attr == 301, INVALID_PARAM, "attribute %d is not modelled", attr);
    *value = attr == 101 ? 20 : standin_settings.memory;
    return OK;
}

EXPORT aclError aclGetDeviceCapability(uint32_t dev, int32_t info, int64_t *value) {
    ENTER(dev, info, value);
    NEED_INIT;
    *value = info == 0 ? 20 : 40;
    return OK;
}

EXPORT aclError aclrtGetDeviceUtilizationRate(int32_t dev, void *info) {
    ENTER(dev, info);
    NEED_INIT;
    return RT_FEATURE_NOT_SUPPORT;
}

/* ---- context */

EXPORT aclError aclrtCreateContext(aclrtContext *ctx, int32_t dev) {
    ENTER(ctx, dev);
    NEED_INIT;
    NEED(ctx != NULL, INVALID_PARAM, "NULL");
    NEED(standin_device(dev) != NULL, RT_INVALID_DEVICEID, "there is no device %d", dev);
    struct context *context = standin_new(CONTEXT, sizeof(struct context));
    context->device = dev;
    standin_set_context(context);
    *ctx = context;
    return OK;
}

EXPORT aclError aclrtDestroyContext(aclrtContext ctx) {
    ENTER(ctx);
    NEED_INIT;
    NEED(standin_is(ctx, CONTEXT), RT_CONTEXT_NULL, "no such context");
    NEED(!((struct context *)ctx)->is_default, INVALID_PARAM, "the default context cannot be destroyed");
    for (struct object *o = standin_objects(); o != NULL; o = o->next) {
        if (o->kind == STREAM && ((struct stream *)o)->context == ctx) {
            standin_violation("context destroyed before its streams");
            break;
        }
    }
    standin_delete(ctx);
    return OK;
}

EXPORT aclError aclrtSetCurrentContext(aclrtContext ctx) {
    ENTER(ctx);
    NEED_INIT;
    NEED(standin_is(ctx, CONTEXT), RT_CONTEXT_NULL, "no such context");
    standin_set_context(ctx);
    return OK;
}

EXPORT aclError aclrtGetCurrentContext(aclrtContext *ctx) {
    ENTER(ctx);
    NEED_CONTEXT;
    *ctx = standin_context();
    return OK;
}

/* ---- stream and device synchronisation */

static int32_t create_stream(aclrtStream *s) {
    NEED_CONTEXT;
    NEED(s != NULL, INVALID_PARAM, "NULL");
    struct stream *stream = standin_new(STREAM, sizeof(struct stream));
    stream->context = standin_context();
    *s = stream;
    return OK;
}

EXPORT aclError aclrtCreateStream(aclrtStream *s) {
    ENTER(s);
    return create_stream(s);
}

EXPORT aclError aclrtCreateStreamWithConfig(aclrtStream *s, uint32_t priority, uint32_t flag) {
    ENTER(s, priority, flag);
    return create_stream(s);
}

static int32_t destroy_stream(aclrtStream s, bool force) {
    NEED_STREAM(s);
    struct stream *stream = s;
    if (!force) standin_drain(stream);
    while (stream->first != NULL) {
        struct task *task = stream->first;
        stream->first = task->next;
        free(task);
    }
    standin_delete(stream);
    return OK;
}

EXPORT aclError aclrtDestroyStream(aclrtStream s) {
    ENTER(s);
    return destroy_stream(s, false);
}

EXPORT aclError aclrtDestroyStreamForce(aclrtStream s) {
    ENTER(s);
    return destroy_stream(s, true);
}

static int32_t timed(int32_t ms) {
    NEED(ms >= -1, RT_PARAM_INVALID, "a timeout of %d ms", ms);
    NEED(!standin_settings.hang, RT_STREAM_SYNC_TIMEOUT, "nothing finished within %d ms", ms);
    return OK;
}

EXPORT aclError aclrtSynchronizeStream(aclrtStream s) {
    ENTER(s);
    NEED_STREAM(s);
    return standin_drain(s);
}

EXPORT aclError aclrtSynchronizeStreamWithTimeout(aclrtStream s, int32_t ms) {
    ENTER(s, ms);
    NEED_STREAM(s);
    int32_t code = timed(ms);
    return code != OK ? code : standin_drain(s);
}

EXPORT aclError aclrtStreamQuery(aclrtStream s, int32_t *status) {
    ENTER(s, status);
    NEED_STREAM(s);
    *status = ((struct stream *)s)->first == NULL ? 0 : 1;
    return OK;
}

static void run_wait(struct task *task) {
    if (standin_is(task->event, EVENT)) standin_run_until(task->event);
}

EXPORT aclError aclrtStreamWaitEvent(aclrtStream s, aclrtEvent e) {
    ENTER(s, e);
    NEED_STREAM(s);
    NEED(standin_is(e, EVENT), RT_INVALID_HANDLE, "no such event");
    standin_queue(s, run_wait)->event = e;
    return OK;
}

EXPORT aclError aclrtStreamAbort(aclrtStream s) {
    ENTER(s);
    NEED_STREAM(s);
    ((struct stream *)s)->aborted = true;
    return OK;
}

static int32_t synchronise_all(void) {
    int32_t first = OK;
    for (struct object *o = standin_objects(); o != NULL; o = o->next) {
        struct stream *stream = (struct stream *)o;
        if (o->kind == STREAM && stream->context == standin_context()) {
            int32_t code = standin_drain(stream);
            if (first == OK) first = code;
        }
    }
    return first;
}

EXPORT aclError aclrtSynchronizeDevice(void) {
    ENTER();
    NEED_CONTEXT;
    return synchronise_all();
}

EXPORT aclError aclrtSynchronizeDeviceWithTimeout(int32_t ms) {
    ENTER(ms);
    NEED_CONTEXT;
    int32_t code = timed(ms);
    return code != OK ? code : synchronise_all();
}

EXPORT aclError aclrtDeviceGetStreamPriorityRange(int32_t *least, int32_t *greatest) {
    ENTER(least, greatest);
    NEED_CONTEXT;
    *least = 7, *greatest = 0;
    return OK;
}

static void run_callback(struct task *task) { task->callback(task->target); }

EXPORT aclError aclrtLaunchHostFunc(aclrtStream s, void (*fn)(void *), void *args) {
    LOCK;
    NOTE(s, (void *)fn, args);
    if (answered_) return verdict_;
    NEED_STREAM(s);
    struct task *task = standin_queue(s, run_callback);
    task->callback = fn;
    task->target = args;
    return OK;
}

/* ---- event */

static int32_t create_event(aclrtEvent *e) {
    NEED_CONTEXT;
    NEED(e != NULL, INVALID_PARAM, "NULL");
    struct event *event = standin_new(EVENT, sizeof(struct event));
    event->done = true;
    *e = event;
    return OK;
}

EXPORT aclError aclrtCreateEvent(aclrtEvent *e) {
    ENTER(e);
    return create_event(e);
}

EXPORT aclError aclrtCreateEventWithFlag(aclrtEvent *e, uint32_t flag) {
    ENTER(e, flag);
    return create_event(e);
}

EXPORT aclError aclrtCreateEventExWithFlag(aclrtEvent *e, uint32_t flag) {
    ENTER(e, flag);
    return create_event(e);
}

EXPORT aclError aclrtDestroyEvent(aclrtEvent e) {
    ENTER(e);
    NEED_CONTEXT;
    NEED(standin_is(e, EVENT), RT_INVALID_HANDLE, "no such event");
    standin_delete(e);
    return OK;
}

static void run_record(struct task *task) {
    if (standin_is(task->event, EVENT)) task->event->done = true;
}

EXPORT aclError aclrtRecordEvent(aclrtEvent e, aclrtStream s) {
    ENTER(e, s);
    NEED_STREAM(s);
    NEED(standin_is(e, EVENT), RT_INVALID_HANDLE, "no such event");
    struct event *event = e;
    event->recorded_on = s;
    event->done = false;
    standin_queue(s, run_record)->event = event;
    return OK;
}

EXPORT aclError aclrtResetEvent(aclrtEvent e, aclrtStream s) {
    ENTER(e, s);
    NEED_STREAM(s);
    NEED(standin_is(e, EVENT), RT_INVALID_HANDLE, "no such event");
    return OK;
}

/* NOT_READY 0, COMPLETE 1: the other way round than the deprecated query. */
EXPORT aclError aclrtQueryEventStatus(aclrtEvent e, int32_t *status) {
    ENTER(e, status);
    NEED_CONTEXT;
    NEED(standin_is(e, EVENT), RT_INVALID_HANDLE, "no such event");
    *status = ((struct event *)e)->done ? 1 : 0;
    return OK;
}

static int32_t synchronise_event(aclrtEvent e) {
    NEED_CONTEXT;
    NEED(standin_is(e, EVENT), RT_INVALID_HANDLE, "no such event");
    standin_run_until(e);
    return standin_due_error();
}

EXPORT aclError aclrtSynchronizeEvent(aclrtEvent e) {
    ENTER(e);
    return synchronise_event(e);
}

EXPORT aclError aclrtSynchronizeEventWithTimeout(aclrtEvent e, int32_t ms) {
    ENTER(e, ms);
    int32_t code = timed(ms);
    return code != OK ? code : synchronise_event(e);
}

EXPORT aclError aclrtEventElapsedTime(float *ms, aclrtEvent start, aclrtEvent end) {
    ENTER(ms, start, end);
    NEED_CONTEXT;
    NEED(standin_is(start, EVENT) && standin_is(end, EVENT), RT_INVALID_HANDLE, "no such event");
    NEED(((struct event *)end)->recorded_on != NULL, RT_EVENT_TIMESTAMP_INVALID, "the event was never recorded");
    *ms = 0;
    return OK;
}

/* ---- memory */

EXPORT aclError aclrtMalloc(void **p, size_t size, int32_t policy) {
    ENTER(p, size, policy);
    NEED_CONTEXT;
    return standin_allocate(DEVICE_BLOCK, p, size);
}

EXPORT aclError aclrtMallocAlign32(void **p, size_t size, int32_t policy) {
    ENTER(p, size, policy);
    NEED_CONTEXT;
    return standin_allocate(DEVICE_BLOCK, p, size);
}

EXPORT aclError aclrtFree(void *p) {
    ENTER(p);
    NEED_CONTEXT;
    return standin_release(DEVICE_BLOCK, p);
}

EXPORT aclError aclrtFreeWithDevSync(void *p) {
    ENTER(p);
    NEED_CONTEXT;
    int32_t code = synchronise_all();
    return code != OK ? code : standin_release(DEVICE_BLOCK, p);
}

EXPORT aclError aclrtMallocHost(void **p, size_t size) {
    ENTER(p, size);
    NEED_CONTEXT;
    return standin_allocate(HOST_BLOCK, p, size);
}

EXPORT aclError aclrtFreeHost(void *p) {
    ENTER(p);
    NEED_CONTEXT;
    return standin_release(HOST_BLOCK, p);
}

static int32_t set_memory(void *p, int32_t value, size_t count) {
    if (count == 0) return OK;
    uint8_t *bytes = standin_resolve(p, count, "memset");
    NEED(bytes != NULL, RT_PARAM_INVALID, "memset outside of device memory");
    memset(bytes, value, count);
    return OK;
}

static void run_memset(struct task *task) { set_memory(task->target, task->kind, task->count); }

EXPORT aclError aclrtMemset(void *p, size_t maxCount, int32_t value, size_t count) {
    ENTER(p, maxCount, value, count);
    NEED_CONTEXT;
    NEED(p != NULL && count <= maxCount, INVALID_PARAM, "memset of %zu bytes into %zu", count, maxCount);
    return set_memory(p, value, count);
}

EXPORT aclError aclrtMemsetAsync(void *p, size_t maxCount, int32_t value, size_t count, aclrtStream s) {
    ENTER(p, maxCount, value, count, s);
    NEED_STREAM(s);
    NEED(p != NULL && count <= maxCount, INVALID_PARAM, "memset of %zu bytes into %zu", count, maxCount);
    struct task *task = standin_queue(s, run_memset);
    task->target = p;
    task->kind = value;
    task->count = count;
    return OK;
}

static int32_t check_copy(void *dst, size_t destMax, const void *src, size_t count, int32_t kind) {
    NEED(dst != NULL && src != NULL, INVALID_PARAM, "NULL in a copy");
    NEED(count <= destMax, INVALID_PARAM, "%zu bytes do not fit into %zu", count, destMax);
    NEED(kind >= H2H && kind <= D2D, INVALID_PARAM, "copy kind %d", kind);
    return OK;
}

EXPORT aclError aclrtMemcpy(void *dst, size_t destMax, const void *src, size_t count, int32_t kind) {
    ENTER(dst, destMax, src, count, kind);
    NEED_CONTEXT;
    int32_t code = check_copy(dst, destMax, src, count, kind);
    return code != OK ? code : standin_copy(dst, src, count, kind);
}

static void run_copy(struct task *task) {
    bool pinned = (task->kind != H2D || standin_in_block(HOST_BLOCK, task->source, task->count)) &&
                  (task->kind != D2H || standin_in_block(HOST_BLOCK, task->target, task->count));
    if (!pinned) {
        standin_violation("pinned memory was freed before the copy ran");
        standin_set_due_error(RT_AICORE_EXCEPTION, false);
        return;
    }
    if (standin_copy(task->target, task->source, task->count, task->kind) != OK) {
        standin_set_due_error(RT_AICORE_EXCEPTION, false);
    }
}

EXPORT aclError aclrtMemcpyAsync(void *dst, size_t destMax, const void *src, size_t count, int32_t kind,
                                 aclrtStream s) {
    ENTER(dst, destMax, src, count, kind, s);
    NEED_STREAM(s);
    int32_t code = check_copy(dst, destMax, src, count, kind);
    if (code != OK) return code;
    NEED(kind != H2H, RT_FEATURE_NOT_SUPPORT, "asynchronous copies from host to host");
    NEED(kind != D2D || ((uintptr_t)dst % 64 == 0 && (uintptr_t)src % 64 == 0), RT_PARAM_INVALID,
         "an asynchronous copy on the device between unaligned addresses");
    if ((kind == H2D && !standin_in_block(HOST_BLOCK, src, count)) ||
        (kind == D2H && !standin_in_block(HOST_BLOCK, dst, count))) {
        code = standin_drain(s); /* pageable memory: the copy is synchronous */
        return code != OK ? code : standin_copy(dst, src, count, kind);
    }
    struct task *task = standin_queue(s, run_copy);
    task->target = dst;
    task->source = src;
    task->count = count;
    task->kind = kind;
    return OK;
}

EXPORT aclError aclrtGetMemInfo(int32_t attr, size_t *free, size_t *total) {
    ENTER(attr, free, total);
    NEED_CONTEXT;
    NEED(free != NULL && total != NULL, INVALID_PARAM, "NULL");
    *total = (size_t)standin_settings.memory;
    *free = *total - standin_device_bytes();
    return OK;
}

EXPORT aclError aclrtMemcpy2d(void *dst, size_t dpitch, const void *src, size_t spitch, size_t width, size_t height,
                              int32_t kind) {
    ENTER(dst, dpitch, src, spitch, width, height, kind);
    NEED_CONTEXT;
    return RT_FEATURE_NOT_SUPPORT;
}

EXPORT aclError aclrtMemcpy2dAsync(void *dst, size_t dpitch, const void *src, size_t spitch, size_t width,
                                   size_t height, int32_t kind, aclrtStream s) {
    ENTER(dst, dpitch, src, spitch, width, height, kind, s);
    NEED_STREAM(s);
    return RT_FEATURE_NOT_SUPPORT;
}

EXPORT aclError aclrtHostRegister(void *p, uint64_t size, int32_t type, void **devPtr) {
    ENTER(p, size, type, devPtr);
    NEED_CONTEXT;
    return RT_FEATURE_NOT_SUPPORT;
}

EXPORT aclError aclrtHostUnregister(void *p) {
    ENTER(p);
    NEED_CONTEXT;
    return RT_FEATURE_NOT_SUPPORT;
}

/* ---- virtual memory management and graph capture: the interface only */

#define ABSENT                                                                                                        \
    NEED_CONTEXT;                                                                                                     \
    return standin_error(RT_FEATURE_NOT_SUPPORT, "the stand-in does not model %s", __func__)

EXPORT aclError aclrtReserveMemAddress(void **p, size_t size, size_t align, void *expect, uint64_t flags) {
    ENTER(p, size, align, expect, flags);
    ABSENT;
}
EXPORT aclError aclrtReleaseMemAddress(void *p) {
    ENTER(p);
    ABSENT;
}
EXPORT aclError aclrtMallocPhysical(void **h, size_t size, const void *prop, uint64_t flags) {
    ENTER(h, size, prop, flags);
    ABSENT;
}
EXPORT aclError aclrtFreePhysical(void *h) {
    ENTER(h);
    ABSENT;
}
EXPORT aclError aclrtMapMem(void *p, size_t size, size_t offset, void *h, uint64_t flags) {
    ENTER(p, size, offset, h, flags);
    ABSENT;
}
EXPORT aclError aclrtUnmapMem(void *p) {
    ENTER(p);
    ABSENT;
}
EXPORT aclError aclrtMemGetAllocationGranularity(void *prop, int32_t option, size_t *granularity) {
    ENTER(prop, option, granularity);
    ABSENT;
}
EXPORT aclError aclmdlRICaptureBegin(aclrtStream s, int32_t mode) {
    ENTER(s, mode);
    ABSENT;
}
EXPORT aclError aclmdlRICaptureEnd(aclrtStream s, void **ri) {
    ENTER(s, ri);
    ABSENT;
}
EXPORT aclError aclmdlRICaptureGetInfo(aclrtStream s, int32_t *status, void **ri) {
    ENTER(s, status, ri);
    ABSENT;
}
EXPORT aclError aclmdlRICaptureThreadExchangeMode(int32_t *mode) {
    ENTER(mode);
    ABSENT;
}
EXPORT aclError aclmdlRIExecuteAsync(void *ri, aclrtStream s) {
    ENTER(ri, s);
    ABSENT;
}
EXPORT aclError aclmdlRIExecute(void *ri, int32_t timeout) {
    ENTER(ri, timeout);
    ABSENT;
}
EXPORT aclError aclmdlRIDestroy(void *ri) {
    ENTER(ri);
    ABSENT;
}
EXPORT aclError aclmdlRICaptureTaskGrpBegin(aclrtStream s) {
    ENTER(s);
    ABSENT;
}
EXPORT aclError aclmdlRICaptureTaskGrpEnd(aclrtStream s, void **grp) {
    ENTER(s, grp);
    ABSENT;
}
EXPORT aclError aclmdlRICaptureTaskUpdateBegin(aclrtStream s, void *grp) {
    ENTER(s, grp);
    ABSENT;
}
EXPORT aclError aclmdlRICaptureTaskUpdateEnd(aclrtStream s) {
    ENTER(s);
    ABSENT;
}
EXPORT aclError aclmdlRIDebugPrint(void *ri) {
    ENTER(ri);
    ABSENT;
}
EXPORT aclError aclmdlRIDebugJsonPrint(void *ri, const char *path, uint32_t flags) {
    ENTER(ri, path, flags);
    ABSENT;
}

/* ---- settings */

EXPORT aclError aclrtSetOpExecuteTimeOut(uint32_t seconds) {
    ENTER(seconds);
    NEED_INIT;
    return OK;
}
EXPORT aclError aclrtSetOpWaitTimeout(uint32_t seconds) {
    ENTER(seconds);
    NEED_INIT;
    return OK;
}
EXPORT aclError aclrtSetDeviceSatMode(int32_t mode) {
    ENTER(mode);
    NEED_CONTEXT;
    return OK;
}
EXPORT aclError aclrtGetDeviceSatMode(int32_t *mode) {
    ENTER(mode);
    NEED_CONTEXT;
    *mode = 1;
    return OK;
}
EXPORT aclError aclrtCtxSetSysParamOpt(int32_t opt, int64_t value) {
    ENTER(opt, value);
    NEED_CONTEXT;
    NEED(opt >= 0 && opt <= 2, INVALID_PARAM, "option %d", opt);
    return OK;
}
EXPORT aclError aclrtSetSysParamOpt(int32_t opt, int64_t value) {
    ENTER(opt, value);
    NEED_INIT;
    NEED(opt >= 0 && opt <= 2, INVALID_PARAM, "option %d", opt);
    return OK;
}
