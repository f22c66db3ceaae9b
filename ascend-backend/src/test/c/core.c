/* State that the libraries of one layout share, and the functions by which tests steer and question the stand-in. */
#define _GNU_SOURCE
#include "standin.h"

#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define PUBLIC __attribute__((visibility("default")))
#define MAX_DEVICES 8
#define MAX_FAULTS 16

struct fault {
    char function[80];
    int64_t nth;
    int32_t code;
};

PUBLIC struct settings standin_settings;

static pthread_mutex_t mutex;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static struct object *objects;
static struct device devices[MAX_DEVICES];
static uint64_t init_count;
static size_t device_bytes;
static struct fault faults[MAX_FAULTS];
static int32_t due_error;
static bool due_error_sticky;

static __thread struct context *current;
static __thread uint64_t current_epoch;
static __thread char error_text[512];
static __thread char taken_text[512];
static uint64_t epoch; /* raised by a reset: contexts that threads still hold are void */

struct text {
    char *bytes;
    size_t length, capacity;
};

static struct text journal, violations, report;
static char last_call[4096];

/* ---- texts and lock */

static void append(struct text *text, const char *format, va_list arguments) {
    va_list copy;
    va_copy(copy, arguments);
    int needed = vsnprintf(NULL, 0, format, copy);
    va_end(copy);
    if (text->length + needed + 1 > text->capacity) {
        text->capacity = 2 * (text->length + needed + 1);
        text->bytes = realloc(text->bytes, text->capacity);
    }
    vsnprintf(text->bytes + text->length, needed + 1, format, arguments);
    text->length += needed;
}

static void add(struct text *text, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    append(text, format, arguments);
    va_end(arguments);
}

static void make_mutex(void) {
    pthread_mutexattr_t attributes;
    pthread_mutexattr_init(&attributes);
    pthread_mutexattr_settype(&attributes, PTHREAD_MUTEX_RECURSIVE);
    pthread_mutex_init(&mutex, &attributes);
}

PUBLIC int standin_lock(void) {
    pthread_once(&once, make_mutex);
    pthread_mutex_lock(&mutex);
    return 1;
}

PUBLIC void standin_unlock(int *held) {
    (void)held;
    pthread_mutex_unlock(&mutex);
}

PUBLIC int32_t standin_error(int32_t code, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(error_text, sizeof error_text, format, arguments);
    va_end(arguments);
    return code;
}

PUBLIC const char *standin_take_error_text(void) {
    if (standin_settings.error_text == 1) return NULL;
    if (standin_settings.error_text == 2) return "bad \xff\xfe text";
    if (error_text[0] == 0) return NULL;
    memcpy(taken_text, error_text, sizeof taken_text);
    error_text[0] = 0;
    return taken_text;
}

PUBLIC void standin_violation(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    append(&violations, format, arguments);
    va_end(arguments);
    add(&violations, "\n");
}

/* ---- entering a function */

static int32_t injected(const char *function) {
    for (int i = 0; i < MAX_FAULTS; i++) {
        if (faults[i].nth > 0 && strcmp(faults[i].function, function) == 0 && --faults[i].nth == 0) {
            return faults[i].code;
        }
    }
    return OK;
}

PUBLIC bool standin_enter(const char *function, const struct standin_arg *arguments, int32_t *verdict) {
    int at = snprintf(last_call, sizeof last_call, "%s", function);
    for (; arguments->type != NULL && at < (int)sizeof last_call; arguments++) {
        at += snprintf(last_call + at, sizeof last_call - at, " %s:%llx", arguments->type,
                       (unsigned long long)arguments->bits);
    }
    if (standin_settings.canary) {
        *verdict = 424242;
        return true;
    }
    add(&journal, "%s\n", function);
    if (standin_settings.stub) {
        *verdict = COMPILING_STUB_MODE;
        return true;
    }
    *verdict = injected(function);
    if (*verdict != OK) {
        standin_error(*verdict, "injected fault %d in %s", *verdict, function);
        return true;
    }
    return false;
}

PUBLIC void *standin_pointer_verdict(void) {
    return standin_settings.canary ? (void *)(uintptr_t)0x5eed00005eed0000ULL : NULL;
}

/* ---- objects */

PUBLIC void *standin_new(enum kind kind, size_t size) {
    struct object *object = calloc(1, size);
    object->kind = kind;
    object->next = objects;
    objects = object;
    return object;
}

PUBLIC bool standin_is(const void *wanted, enum kind kind) {
    for (struct object *o = objects; o != NULL; o = o->next) {
        if (o == wanted) return o->kind == kind;
    }
    return false;
}

PUBLIC void standin_delete(void *object) {
    for (struct object **at = &objects; *at != NULL; at = &(*at)->next) {
        if (*at == object) {
            *at = (*at)->next;
            free(object);
            return;
        }
    }
}

PUBLIC struct object *standin_objects(void) { return objects; }

/* ---- process, devices, contexts */

PUBLIC bool standin_initialised(void) { return init_count > 0; }

PUBLIC uint64_t *standin_init_count(void) { return &init_count; }

PUBLIC struct device *standin_device(int32_t device) {
    bool there = device >= 0 && device < standin_settings.devices && device < MAX_DEVICES;
    return there ? &devices[device] : NULL;
}

PUBLIC struct context *standin_context(void) {
    return current != NULL && current_epoch == epoch && standin_is(current, CONTEXT) ? current : NULL;
}

PUBLIC void standin_set_context(struct context *context) {
    current = context;
    current_epoch = epoch;
}

PUBLIC int32_t standin_check_stream(const void *stream) {
    NEED(stream != NULL, RT_PARAM_INVALID, "the default stream is not modelled: use a stream of your own");
    NEED(standin_is(stream, STREAM), RT_INVALID_HANDLE, "no such stream");
    NEED(((const struct stream *)stream)->context == standin_context(), RT_STREAM_CONTEXT,
         "the stream belongs to another context than this thread's");
    return OK;
}

static bool starts(const char *prefix) { return strncmp(standin_settings.soc, prefix, strlen(prefix)) == 0; }

PUBLIC enum family standin_family(void) {
    if (starts("Ascend310P")) return F310P;
    if (starts("Ascend310B")) return F310B;
    if (starts("Ascend910B1") || starts("Ascend910B2") || starts("Ascend910B3") || starts("Ascend910B4")) return A2;
    if (starts("Ascend910_93")) return A3;
    if (starts("Ascend910_95") || starts("Ascend950")) return F950;
    if (starts("Ascend910")) return F910A;
    return UNKNOWN_FAMILY;
}

/* ---- memory */

PUBLIC size_t standin_device_bytes(void) { return device_bytes; }

static size_t rounded(size_t size) { return (size + 31) / 32 * 32 + (standin_family() == F950 ? 0 : 32); }

PUBLIC int32_t standin_allocate(enum kind kind, void **pointer, size_t size) {
    NEED(pointer != NULL, INVALID_PARAM, "no place for the pointer");
    NEED(size > 0, INVALID_PARAM, "an allocation of 0 bytes");
    if (kind == DEVICE_BLOCK) {
        NEED(size <= (size_t)standin_settings.memory && device_bytes + rounded(size) <= (size_t)standin_settings.memory,
             RT_MEMORY_ALLOCATION, "%zu bytes wanted, %zu of %lld in use", size, device_bytes,
             (long long)standin_settings.memory);
    }
    struct block *block = standin_new(kind, sizeof(struct block));
    block->size = size;
    block->bytes = malloc(size);
    memset(block->bytes, 0xA5, size);
    if (kind == DEVICE_BLOCK) {
        device_bytes += rounded(size);
        block->address = mmap(NULL, rounded(size), PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    } else {
        block->address = block->bytes;
    }
    *pointer = block->address;
    return OK;
}

static void drop_block(struct block *block) {
    if (block->object.kind == DEVICE_BLOCK) {
        /* The address range stays reserved, so that a late use never meets somebody else's memory. */
        device_bytes -= rounded(block->size);
    }
    free(block->bytes);
    standin_delete(block);
}

static struct block *block_at(enum kind kind, const void *p, size_t size) {
    for (struct object *o = objects; o != NULL; o = o->next) {
        struct block *block = (struct block *)o;
        if (o->kind == kind && (uint8_t *)p >= block->address && size <= block->size &&
            (size_t)((uint8_t *)p - block->address) <= block->size - size) {
            return block;
        }
    }
    return NULL;
}

PUBLIC int32_t standin_release(enum kind kind, void *pointer) {
    NEED(pointer != NULL, INVALID_PARAM, "free of NULL");
    struct block *block = block_at(kind, pointer, 1);
    if (block == NULL || block->address != pointer) {
        standin_violation("free of %p, which is not the start of a live %s block", pointer,
                          kind == DEVICE_BLOCK ? "device" : "host");
        return standin_error(INVALID_PARAM, "not an allocated address");
    }
    drop_block(block);
    return OK;
}

PUBLIC bool standin_in_block(enum kind kind, const void *p, size_t size) { return block_at(kind, p, size) != NULL; }

PUBLIC uint8_t *standin_resolve(const void *p, size_t size, const char *what) {
    struct block *block = block_at(DEVICE_BLOCK, p, size);
    if (block == NULL) {
        standin_violation("%s: %zu bytes at %p are not inside a live device block", what, size, p);
        return NULL;
    }
    return block->bytes + ((uint8_t *)p - block->address);
}

PUBLIC int32_t standin_copy(void *target, const void *source, size_t count, int32_t kind) {
    bool to_device = kind == H2D || kind == D2D;
    bool from_device = kind == D2H || kind == D2D;
    if (count == 0) return OK;
    uint8_t *to = to_device ? standin_resolve(target, count, "copy target") : target;
    const uint8_t *from = from_device ? standin_resolve(source, count, "copy source") : source;
    NEED(to != NULL && from != NULL, RT_PARAM_INVALID, "a copy outside of device memory");
    if ((!to_device && block_at(DEVICE_BLOCK, target, 1)) || (!from_device && block_at(DEVICE_BLOCK, source, 1))) {
        standin_violation("a device address where the copy kind %d says host", kind);
        return standin_error(RT_PARAM_INVALID, "a device address where the copy kind says host");
    }
    memmove(to, from, count);
    if (kind == D2H && standin_settings.flip_bit > 0) {
        to[(count / 8 * 4 + 3) % count] ^= 0x40; /* in the exponent, where elements are float32 */
        standin_settings.flip_bit--;
    }
    return OK;
}

/* ---- time */

PUBLIC struct task *standin_queue(struct stream *stream, void (*run)(struct task *)) {
    struct task *task = calloc(1, sizeof(struct task));
    task->run = run;
    if (stream->last == NULL) {
        stream->first = task;
    } else {
        stream->last->next = task;
    }
    stream->last = task;
    return task;
}

static void run_first(struct stream *stream) {
    struct task *task = stream->first;
    stream->first = task->next;
    if (stream->first == NULL) stream->last = NULL;
    task->run(task);
    free(task);
}

PUBLIC void standin_run_until(struct event *event) {
    struct stream *stream = event->recorded_on;
    while (!event->done && stream != NULL && standin_is(stream, STREAM) && stream->first != NULL) run_first(stream);
}

PUBLIC int32_t standin_due_error(void) {
    int32_t code = due_error;
    if (code != OK) {
        standin_error(code, "the device reported %d", code);
        if (!due_error_sticky) due_error = OK;
    }
    return code;
}

PUBLIC int32_t standin_drain(struct stream *stream) {
    NEED(!stream->aborted, RT_STREAM_ABORT, "the stream was aborted");
    while (stream->first != NULL) run_first(stream);
    return standin_due_error();
}

PUBLIC void standin_set_due_error(int32_t code, bool sticky) {
    due_error = code;
    due_error_sticky = sticky;
}

PUBLIC void standin_device_was_reset(void) { due_error = OK; }

/* ---- steering and questions, for tests */

static void drop_tasks(struct stream *stream) {
    while (stream->first != NULL) {
        struct task *task = stream->first;
        stream->first = task->next;
        free(task);
    }
}

static void drop(struct object *object) {
    switch (object->kind) {
        case DEVICE_BLOCK:
        case HOST_BLOCK: drop_block((struct block *)object); return;
        case STREAM: drop_tasks((struct stream *)object); break;
        case INT_ARRAY:
        case FLOAT_ARRAY:
        case BOOL_ARRAY:
        case TENSOR_LIST:
        case SCALAR_LIST: free(((struct array *)object)->values); break;
        default: break;
    }
    standin_delete(object);
}

PUBLIC void standin_reset(void) {
    LOCK;
    while (objects != NULL) drop(objects);
    memset(devices, 0, sizeof devices);
    memset(faults, 0, sizeof faults);
    memset(&standin_settings, 0, sizeof standin_settings);
    standin_settings.devices = 1;
    standin_settings.memory = 1 << 30;
    strcpy(standin_settings.soc, "Ascend910B3");
    strcpy(standin_settings.version, STANDIN_VERSION);
    init_count = 0;
    due_error = OK;
    epoch++;
    journal.length = violations.length = 0;
    last_call[0] = error_text[0] = 0;
}

PUBLIC int32_t standin_option(const char *name, int64_t value) {
    LOCK;
    if (strcmp(name, "canary") == 0) standin_settings.canary = value != 0;
    else if (strcmp(name, "stub") == 0) standin_settings.stub = value != 0;
    else if (strcmp(name, "hang") == 0) standin_settings.hang = value != 0;
    else if (strcmp(name, "devices") == 0) standin_settings.devices = value;
    else if (strcmp(name, "memory") == 0) standin_settings.memory = value;
    else if (strcmp(name, "flip-bit") == 0) standin_settings.flip_bit = value;
    else if (strcmp(name, "error-text") == 0) standin_settings.error_text = value;
    else if (strcmp(name, "device-error") == 0) standin_set_due_error((int32_t)value, false);
    else if (strcmp(name, "sticky-device-error") == 0) standin_set_due_error((int32_t)value, true);
    else return 1;
    return 0;
}

PUBLIC int32_t standin_soc(const char *name) {
    LOCK;
    snprintf(standin_settings.soc, sizeof standin_settings.soc, "%s", name);
    return 0;
}

PUBLIC int32_t standin_version(const char *version) {
    LOCK;
    snprintf(standin_settings.version, sizeof standin_settings.version, "%s", version);
    return 0;
}

/* The nth call from now of this function returns the code (a function that returns a pointer: NULL). */
PUBLIC int32_t standin_fault(const char *function, int64_t nth, int32_t code) {
    LOCK;
    for (int i = 0; i < MAX_FAULTS; i++) {
        if (faults[i].nth == 0) {
            snprintf(faults[i].function, sizeof faults[i].function, "%s", function);
            faults[i].nth = nth;
            faults[i].code = code;
            return 0;
        }
    }
    return 1;
}

PUBLIC const char *standin_last_call(void) { return last_call; }

static const char *told(struct text *text) { return text->length == 0 ? "" : text->bytes; }

PUBLIC const char *standin_journal(void) { return told(&journal); }

PUBLIC void standin_clear_journal(void) { journal.length = 0; }

PUBLIC const char *standin_violations(void) { return told(&violations); }

/* One line for each kind of thing that is still alive. */
PUBLIC const char *standin_leaks(void) {
    static const char *const names[KINDS] = {"context",    "stream",    "event",       "device block", "host block",
                                             "tensor",     "scalar",    "int array",   "float array",  "bool array",
                                             "tensor list", "scalar list", "executor"};
    LOCK;
    report.length = 0;
    for (int kind = 0; kind < KINDS; kind++) {
        int live = 0;
        for (struct object *o = objects; o != NULL; o = o->next) live += (int)o->kind == kind;
        if (live > 0) add(&report, "%d × %s\n", live, names[kind]);
    }
    for (int d = 0; d < MAX_DEVICES; d++) {
        if (devices[d].references > 0) add(&report, "device %d set %llu times\n", d, (unsigned long long)devices[d].references);
    }
    if (init_count > 0) add(&report, "initialised %llu times\n", (unsigned long long)init_count);
    return told(&report);
}
