/* Opening, closing, memory and the choice of instruction set. */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#if defined(__x86_64__)
#include <cpuid.h>
#elif defined(__aarch64__)
#include <asm/hwcap.h>
#include <sys/auxv.h>
#endif

#include "plumbline.h"

#if defined(__x86_64__)
/* Asked of the processor itself: not every compiler knows the name. */
static int has_f16c(void) {
    unsigned a, b, c, d;
    return __get_cpuid(1, &a, &b, &c, &d) && (c & bit_F16C) != 0;
}
#endif

/* The best instruction set of this processor that the kernels were built for. */
PL_EXPORT int plumbline_isa(void) {
#if defined(__x86_64__)
    __builtin_cpu_init();
    int avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && has_f16c();
    int avx512 = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
                 __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl") &&
                 __builtin_cpu_supports("avx512vnni");
    return avx2 && avx512 ? PL_ISA_AVX512 : avx2 ? PL_ISA_AVX2 : PL_ISA_NONE;
#elif defined(__aarch64__)
    /* NEON itself is part of the base architecture. */
    return getauxval(AT_HWCAP) & HWCAP_ASIMDDP ? PL_ISA_NEON_DOT : PL_ISA_NEON;
#else
    return PL_ISA_NONE;
#endif
}

/* What stands before every piece of memory that plumbline_allocate gives. */
typedef struct {
    void *start;
    size_t mapped; /* bytes to unmap; 0 = the memory is calloc's */
} allocation;

enum { MAPPED_BYTES = 1 << 16 };

/*
 * Zero-filled, 64-byte aligned; *address is NULL if there is no such memory. Large pieces come straight from the system,
 * which hands out pages as they are first touched: a cache that is mostly empty stays small, and what is freed is gone.
 */
PL_EXPORT int plumbline_allocate(int64_t bytes, void **address) {
    size_t all = pl_align((size_t)bytes) + 2 * 64;
    allocation head = {NULL, 0};
    *address = NULL;
    if (all >= MAPPED_BYTES) {
        void *mapped = mmap(NULL, all, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        head = (allocation){mapped == MAP_FAILED ? NULL : mapped, all};
    } else {
        head.start = calloc(1, all);
    }
    if (head.start == NULL) {
        return PL_NO_MEMORY;
    }
    char *aligned = (char *)pl_align((size_t)(uintptr_t)head.start + sizeof head);
    memcpy(aligned - sizeof head, &head, sizeof head);
    *address = aligned;
    return PL_OK;
}

PL_EXPORT int plumbline_free(void *address) {
    allocation head;
    memcpy(&head, (char *)address - sizeof head, sizeof head);
    if (head.mapped == 0) {
        free(head.start);
    } else if (munmap(head.start, head.mapped) != 0) {
        return PL_NO_MEMORY;
    }
    return PL_OK;
}

PL_EXPORT int plumbline_close(pl_context *context) {
    if (context == NULL) {
        return PL_OK;
    }
    if (context->pool != NULL) {
        pl_pool_close(context->pool);
    }
    for (int i = 0; context->scratch != NULL && i < context->threads; i++) {
        free(context->scratch[i]);
    }
    free(context->scratch);
    free(context->ramp);
    free(context->shared);
    free(context);
    return PL_OK;
}

PL_EXPORT int plumbline_open(int threads, pl_context **opened) {
    *opened = NULL;
    pl_context *context = calloc(1, sizeof(pl_context));
    if (context == NULL) {
        return PL_NO_MEMORY;
    }
    context->threads = threads;
    context->scratch = calloc((size_t)threads, sizeof(char *));
    int reserved = context->scratch == NULL ? PL_NO_MEMORY : pl_reserve(context, 1 << 20, 4096);
    if (reserved != PL_OK) {
        plumbline_close(context);
        return reserved;
    }
    context->pool = pl_pool_open(threads);
    if (context->pool == NULL) {
        plumbline_close(context);
        return PL_NO_THREADS;
    }
    *opened = context;
    return PL_OK;
}

static int reserve_scratch(pl_context *context, size_t bytes) {
    for (int i = 0; i < context->threads; i++) {
        void *grown = NULL;
        if (posix_memalign(&grown, 64, bytes) != 0) {
            return PL_NO_MEMORY;
        }
        free(context->scratch[i]);
        context->scratch[i] = grown;
    }
    context->scratch_bytes = bytes;
    return PL_OK;
}

static int reserve_ramp(pl_context *context, size_t length) {
    ptrdiff_t *grown = malloc(length * sizeof(ptrdiff_t));
    if (grown == NULL) {
        return PL_NO_MEMORY;
    }
    for (size_t i = 0; i < length; i++) {
        grown[i] = (ptrdiff_t)i;
    }
    free(context->ramp);
    context->ramp = grown;
    context->ramp_length = length;
    return PL_OK;
}

int pl_reserve(pl_context *context, size_t bytes_per_thread, size_t ramp_length) {
    int result = PL_OK;
    if (bytes_per_thread > context->scratch_bytes) {
        result = reserve_scratch(context, pl_align(bytes_per_thread + bytes_per_thread / 4));
    }
    if (result == PL_OK && ramp_length > context->ramp_length) {
        result = reserve_ramp(context, ramp_length + ramp_length / 4);
    }
    return result;
}

int pl_reserve_shared(pl_context *context, size_t bytes) {
    if (bytes > context->shared_bytes) {
        void *grown = NULL;
        size_t wanted = pl_align(bytes + bytes / 4);
        if (posix_memalign(&grown, 64, wanted) != 0) {
            return PL_NO_MEMORY;
        }
        free(context->shared);
        context->shared = grown;
        context->shared_bytes = wanted;
    }
    return PL_OK;
}
