/* CPU kernels of Plumbline: what the files share. The arithmetic is fixed by docs/decisions/0002 and 0014. */
#ifndef PLUMBLINE_H
#define PLUMBLINE_H

#include <stddef.h>
#include <stdint.h>

#define PL_EXPORT __attribute__((visibility("default")))
#define PL_INLINE static inline __attribute__((always_inline))

/* Return codes of every exported function; kernel.ffm.CpuLibrary turns them into exceptions. */
enum { PL_OK = 0, PL_NO_MEMORY = 1, PL_NO_THREADS = 2, PL_UNKNOWN_FORMAT = 3 };

/* Instruction sets; of those of one processor family the greater number is the better one. */
enum { PL_ISA_NONE = 0, PL_ISA_AVX2 = 1, PL_ISA_AVX512 = 2, PL_ISA_NEON = 16, PL_ISA_NEON_DOT = 17 };

typedef struct pl_pool pl_pool;

/* One opened backend: its threads and their scratch memory. Calls come from one thread at a time. */
typedef struct {
    pl_pool *pool;
    int threads;
    size_t scratch_bytes; /* per thread */
    char **scratch;       /* [threads], 64-byte aligned */
    size_t ramp_length;
    ptrdiff_t *ramp; /* 0, 1, 2 … */
    char *shared;    /* scratch that the tasks of a call read together, 64-byte aligned */
    size_t shared_bytes;
} pl_context;

/* A frozen matrix [rows, columns] in a ggml block format; type is ggml's number. */
typedef struct {
    const uint8_t *blocks;
    int type;
    int rows;
    int columns;
} pl_weight;

typedef void (*pl_task)(void *job, int task, char *scratch);

pl_pool *pl_pool_open(int threads);
void pl_pool_close(pl_pool *pool);

/* Runs job tasks 0 … tasks - 1, each once, on the calling thread and on every worker that is awake in time. */
void pl_parallel(pl_context *context, pl_task task, void *job, int tasks);

/* Makes sure that every thread has so much scratch; called before pl_parallel, never inside a task. */
int pl_reserve(pl_context *context, size_t bytes_per_thread, size_t ramp_length);

/* Makes sure that the shared scratch has so many bytes; what it held is lost. */
int pl_reserve_shared(pl_context *context, size_t bytes);

PL_INLINE size_t pl_align(size_t bytes) { return (bytes + 63) & ~(size_t)63; }
PL_INLINE int pl_min(int a, int b) { return a < b ? a : b; }
PL_INLINE int pl_max(int a, int b) { return a > b ? a : b; }
PL_INLINE int pl_ceil_div(int a, int b) { return (a + b - 1) / b; }

/* Takes the next aligned piece of a task's scratch. */
PL_INLINE void *pl_take(char **scratch, size_t bytes) {
    char *piece = *scratch;
    *scratch += pl_align(bytes);
    return piece;
}

#endif
