/*
 * A checking stand-in for the Ascend runtime, for tests: it has the interface (names, argument types, codes, ownership
 * rules) but no device. Memory of the "device" cannot be read by the host, work runs as late as the rules allow, and
 * every broken rule is recorded. Written from the interface description only.
 *
 * State lives in one library per layout (libstandin-LAYOUT.so); the libraries that the binding opens share it.
 */
#ifndef STANDIN_H
#define STANDIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define EXPORT __attribute__((visibility("default")))

typedef int32_t aclError;
typedef int32_t aclnnStatus;
typedef void *aclrtStream;
typedef void *aclrtContext;
typedef void *aclrtEvent;

enum {
    OK = 0,
    INVALID_PARAM = 100000,
    UNINITIALIZE = 100001,
    REPEAT_INITIALIZE = 100002,
    REPEAT_FINALIZE = 100037,
    COMPILING_STUB_MODE = 100039,
    RT_PARAM_INVALID = 107000,
    RT_INVALID_DEVICEID = 107001,
    RT_CONTEXT_NULL = 107002,
    RT_STREAM_CONTEXT = 107003,
    RT_EVENT_TIMESTAMP_INVALID = 107006,
    RT_INVALID_HANDLE = 107017,
    RT_STREAM_ABORT = 107023,
    RT_FEATURE_NOT_SUPPORT = 207000,
    RT_MEMORY_ALLOCATION = 207001,
    RT_NO_STREAM_RESOURCE = 207008,
    RT_AICORE_EXCEPTION = 507015,
    RT_STREAM_SYNC_TIMEOUT = 507046,
    ACLNN_PARAM_NULLPTR = 161001,
    ACLNN_PARAM_INVALID = 161002,
    ACLNN_RUNTIME_ERROR = 361001,
    ACLNN_INNER = 561000,
    ACLNN_NULLPTR = 561103,
};

enum { DT_FLOAT = 0, DT_FLOAT16 = 1, DT_INT8 = 2, DT_INT32 = 3, DT_INT64 = 9, DT_BF16 = 27, DT_INT4 = 29 };
enum { FORMAT_ND = 2 };
enum { H2H = 0, H2D = 1, D2H = 2, D2D = 3 };
enum family { F310P, F310B, F910A, A2, A3, F950, UNKNOWN_FAMILY };

/* ---- every exported function starts with ENTER: it takes the lock, notes the call and may answer for the function */

struct standin_arg {
    const char *type; /* NULL ends a list */
    uint64_t bits;
};

static inline struct standin_arg arg_b(bool x) { return (struct standin_arg){"b", x}; }
static inline struct standin_arg arg_i8(int8_t x) { return (struct standin_arg){"i8", (uint64_t)(int64_t)x}; }
static inline struct standin_arg arg_i32(int32_t x) { return (struct standin_arg){"i32", (uint64_t)(int64_t)x}; }
static inline struct standin_arg arg_u32(uint32_t x) { return (struct standin_arg){"u32", x}; }
static inline struct standin_arg arg_i64(int64_t x) { return (struct standin_arg){"i64", (uint64_t)x}; }
static inline struct standin_arg arg_u64(uint64_t x) { return (struct standin_arg){"u64", x}; }
static inline struct standin_arg arg_p(const void *x) { return (struct standin_arg){"p", (uint64_t)(uintptr_t)x}; }
static inline struct standin_arg arg_f32(float x) {
    union { float f; uint32_t u; } cast = {.f = x};
    return (struct standin_arg){"f32", cast.u};
}
static inline struct standin_arg arg_f64(double x) {
    union { double f; uint64_t u; } cast = {.f = x};
    return (struct standin_arg){"f64", cast.u};
}

/* The text follows the parameter's declared type, so it tells how C understood what was passed. */
#define ARG(x)                                                                                                        \
    _Generic((x), bool: arg_b, int8_t: arg_i8, int32_t: arg_i32, uint32_t: arg_u32, int64_t: arg_i64,                 \
        uint64_t: arg_u64, float: arg_f32, double: arg_f64, default: arg_p)(x)

#define PARENS ()
#define EXPAND(...) EXPAND3(EXPAND3(EXPAND3(EXPAND3(__VA_ARGS__))))
#define EXPAND3(...) EXPAND2(EXPAND2(EXPAND2(EXPAND2(__VA_ARGS__))))
#define EXPAND2(...) EXPAND1(EXPAND1(EXPAND1(EXPAND1(__VA_ARGS__))))
#define EXPAND1(...) __VA_ARGS__
#define ARGS(...) __VA_OPT__(EXPAND(ARGS_STEP(__VA_ARGS__)))
#define ARGS_STEP(a, ...) ARG(a), __VA_OPT__(ARGS_AGAIN PARENS(__VA_ARGS__))
#define ARGS_AGAIN() ARGS_STEP

int standin_lock(void);
void standin_unlock(int *held);
/* True if the function shall return *verdict at once: canary mode, stub mode or an injected fault. */
bool standin_enter(const char *function, const struct standin_arg *arguments, int32_t *verdict);
void *standin_pointer_verdict(void);

#define LOCK __attribute__((cleanup(standin_unlock), unused)) int lock_ = standin_lock()
#define NOTE(...)                                                                                                     \
    const struct standin_arg arguments_[] = {ARGS(__VA_ARGS__){0, 0}};                                                \
    int32_t verdict_;                                                                                                 \
    bool answered_ = standin_enter(__func__, arguments_, &verdict_)
#define ENTER(...)                                                                                                    \
    LOCK;                                                                                                             \
    NOTE(__VA_ARGS__);                                                                                                \
    if (answered_) return verdict_
#define ENTER_POINTER(...)                                                                                            \
    LOCK;                                                                                                             \
    NOTE(__VA_ARGS__);                                                                                                \
    if (answered_) return standin_pointer_verdict()
#define NEED(condition, code, ...)                                                                                    \
    if (!(condition)) return standin_error(code, __VA_ARGS__)
#define NEED_INIT NEED(standin_initialised(), UNINITIALIZE, "aclInit was not called")
#define NEED_CONTEXT                                                                                                  \
    NEED_INIT;                                                                                                        \
    NEED(standin_context() != NULL, RT_CONTEXT_NULL, "this thread has no current context")
#define NEED_STREAM(s)                                                                                                \
    NEED_CONTEXT;                                                                                                     \
    do {                                                                                                              \
        int32_t code_ = standin_check_stream(s);                                                                      \
        if (code_ != OK) return code_;                                                                                \
    } while (0)

/* Sets this thread's error text and returns the code. */
int32_t standin_error(int32_t code, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* A broken rule that the real library would not report but suffer from. */
void standin_violation(const char *format, ...) __attribute__((format(printf, 1, 2)));
const char *standin_take_error_text(void);

/* ---- objects: whatever is created and must be destroyed */

enum kind {
    CONTEXT, STREAM, EVENT, DEVICE_BLOCK, HOST_BLOCK, TENSOR, SCALAR, INT_ARRAY, FLOAT_ARRAY, BOOL_ARRAY, TENSOR_LIST,
    SCALAR_LIST, EXECUTOR, KINDS
};

struct object {
    enum kind kind;
    struct object *next;
};

void *standin_new(enum kind kind, size_t size);
bool standin_is(const void *object, enum kind kind);
void standin_delete(void *object);
struct object *standin_objects(void);

struct context {
    struct object object;
    int32_t device;
    bool is_default;
};

struct task;

struct stream {
    struct object object;
    struct context *context;
    struct task *first, *last;
    bool aborted;
};

struct event {
    struct object object;
    struct stream *recorded_on; /* NULL: never recorded, or done */
    bool done;
};

struct block {
    struct object object;
    uint8_t *address; /* what the caller holds; a device block is not readable there */
    uint8_t *bytes;   /* where the bytes are */
    size_t size;
};

#define MAX_DIMS 8

struct tensor {
    struct object object;
    int32_t dims, storage_dims;
    int64_t shape[MAX_DIMS], strides[MAX_DIMS], storage[MAX_DIMS];
    int64_t offset;
    int32_t type, format;
    void *address;
};

struct array { /* the three array kinds and, for lists, pointers */
    struct object object;
    uint64_t size;
    void *values;
};

struct scalar {
    struct object object;
    int32_t type;
    uint8_t value[16];
};

typedef struct tensor aclTensor;
typedef struct scalar aclScalar;
typedef struct array aclIntArray;
typedef struct array aclFloatArray;
typedef struct array aclBoolArray;
typedef struct array aclTensorList;
typedef struct array aclScalarList;

#define MAX_TENSORS 8

/* What phase 1 found out; phase 2 hands a copy to the stream. */
struct plan {
    const char *operator;
    struct tensor tensors[MAX_TENSORS]; /* copies: the caller may destroy its own after phase 2 */
    bool present[MAX_TENSORS];
    bool written[MAX_TENSORS];
    int64_t integers[4];
    double real;
    uint64_t workspace_size;
    void (*compute)(const struct plan *plan);
};

typedef struct executor {
    struct object object;
    struct plan plan;
    const struct tensor *originals[MAX_TENSORS];
} aclOpExecutor;

/* ---- process, contexts, devices */

struct device {
    uint64_t references;
    struct context *context;
};

struct settings {
    bool canary, stub, hang, stub_init_only;
    int64_t devices, memory, flip_bit, error_text;
    char soc[64], version[64];
};

extern struct settings standin_settings;
bool standin_initialised(void);
uint64_t *standin_init_count(void);
struct device *standin_device(int32_t device);
struct context *standin_context(void);
void standin_set_context(struct context *context);
int32_t standin_check_stream(const void *stream);
enum family standin_family(void);

/* ---- memory */

size_t standin_device_bytes(void);
int32_t standin_allocate(enum kind kind, void **pointer, size_t size);
int32_t standin_release(enum kind kind, void *pointer);
/* Where the bytes of [p, p + size) are, or NULL (with a violation) if that is not inside a live device block. */
uint8_t *standin_resolve(const void *p, size_t size, const char *what);
bool standin_in_block(enum kind kind, const void *p, size_t size);
int32_t standin_copy(void *target, const void *source, size_t count, int32_t kind);

/* ---- time: work is queued and runs when somebody synchronises */

struct task {
    struct task *next;
    void (*run)(struct task *task);
    struct plan plan;
    void *workspace;
    uint64_t workspace_size;
    void *target;
    const void *source;
    size_t count;
    int32_t kind;
    struct event *event;
    void (*callback)(void *);
};

struct task *standin_queue(struct stream *stream, void (*run)(struct task *));
int32_t standin_drain(struct stream *stream);
void standin_run_until(struct event *event);
/* A device error that is due, or OK. */
int32_t standin_due_error(void);
void standin_set_due_error(int32_t code, bool sticky);
void standin_device_was_reset(void);

/* ---- operators */

size_t standin_type_bits(int32_t type);
bool standin_contiguous(const struct tensor *tensor);
int64_t standin_elements(const struct tensor *tensor);
/* OK, or 161002 if the view leaves its allocation or is misaligned. */
int32_t standin_check_view(const struct tensor *tensor, const char *what);
double standin_load(const struct tensor *tensor, int64_t element);
void standin_store(const struct tensor *tensor, int64_t element, double value);
/* Storage element of the i-th element of the view in row-major order. */
int64_t standin_position(const struct tensor *tensor, int64_t i);
int32_t standin_prepare(const struct plan *plan, const struct tensor *const *originals, uint64_t *workspaceSize,
                        aclOpExecutor **executor);
int32_t standin_launch(const char *operator, void *workspace, uint64_t size, aclOpExecutor *executor, void *stream);
void standin_consume(aclOpExecutor *executor);

/* Phase 2 of an operator; it takes the executor even when it fails. */
#define PHASE2(name)                                                                                                  \
    EXPORT aclnnStatus name(void *workspace, uint64_t workspaceSize, aclOpExecutor *executor, aclrtStream stream) {   \
        LOCK;                                                                                                         \
        NOTE(workspace, workspaceSize, executor, stream);                                                             \
        if (answered_) {                                                                                              \
            if (!standin_settings.canary) standin_consume(executor);                                                  \
            return verdict_;                                                                                          \
        }                                                                                                             \
        return standin_launch(#name, workspace, workspaceSize, executor, stream);                                     \
    }

#endif
