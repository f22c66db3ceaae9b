/*
 * A small thread pool. A job is published under a number; workers that see it join, do tasks and leave; the caller does
 * tasks too, then waits only for workers that joined. Every thread has a run of consecutive tasks, because consecutive
 * tasks read consecutive memory; a thread whose run is done takes the later half of another's. So tasks can be small,
 * threads end together, and a worker that sleeps delays nobody. An idle worker spins for a moment, because the next
 * kernel usually comes within microseconds, and then sleeps.
 */
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

#include "plumbline.h"

enum { SPIN_NANOSECONDS = 60000, SPINS_BETWEEN_CLOCKS = 64, SPINS_BEFORE_YIELD = 4000 };

typedef struct {
    pl_pool *pool;
    int index;
} worker;

/* The tasks begin … end - 1 that a thread has still to do, as end << 32 | begin. */
typedef struct {
    _Alignas(64) _Atomic uint64_t run;
} run_of_tasks;

struct pl_pool {
    int workers;
    pthread_t *threads;
    worker *arguments;
    pl_context *context;
    /* The published job; written only while no worker has joined. */
    pl_task task;
    void *job;
    run_of_tasks *runs;            /* [workers + 1]; 0 is the caller's */
    _Alignas(64) atomic_uint open; /* number of the open job, 0 = none */
    _Alignas(64) atomic_int joined;
    _Alignas(64) atomic_int sleeping;
    atomic_int stop;
    unsigned number;
    pthread_mutex_t lock;
    pthread_cond_t wake;
};

static void relax(void) {
#if defined(__x86_64__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    /* YIELD does nothing on most cores; a barrier of the pipeline waits a few cycles. */
    __asm__ volatile("isb");
#endif
}

static int64_t nanoseconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

PL_INLINE uint64_t run_from(uint32_t begin, uint32_t end) { return (uint64_t)end << 32 | begin; }

/* The next task of a thread's own run, or -1. */
static int next_task(run_of_tasks *own) {
    uint64_t run = atomic_load_explicit(&own->run, memory_order_relaxed);
    for (;;) {
        uint32_t begin = (uint32_t)run, end = (uint32_t)(run >> 32);
        if (begin >= end) {
            return -1;
        }
        if (atomic_compare_exchange_weak(&own->run, &run, run_from(begin + 1, end))) {
            return (int)begin;
        }
    }
}

/* Moves the later half of another's run, at least one task, into the empty run of `thread`; false if all are empty. */
static int take_over(pl_pool *pool, int thread) {
    int threads = pool->workers + 1;
    for (int i = 1; i < threads; i++) {
        run_of_tasks *other = pool->runs + (thread + i) % threads;
        uint64_t run = atomic_load_explicit(&other->run, memory_order_relaxed);
        for (;;) {
            uint32_t begin = (uint32_t)run, end = (uint32_t)(run >> 32);
            if (begin >= end) {
                break;
            }
            uint32_t middle = begin + (end - begin) / 2;
            if (atomic_compare_exchange_weak(&other->run, &run, run_from(begin, middle))) {
                atomic_store(&pool->runs[thread].run, run_from(middle, end));
                return 1;
            }
        }
    }
    return 0;
}

static void work(pl_pool *pool, int thread) {
    do {
        for (int task; (task = next_task(pool->runs + thread)) >= 0;) {
            pool->task(pool->job, task, pool->context->scratch[thread]);
        }
    } while (take_over(pool, thread));
}

/* Waits until a job other than `seen` is open or the pool stops: spins first, then sleeps. */
static unsigned await_job(pl_pool *pool, unsigned seen) {
    int64_t until = 0;
    for (int spins = 0;; spins++) {
        unsigned number = atomic_load(&pool->open);
        if ((number != 0 && number != seen) || atomic_load(&pool->stop)) {
            return number;
        }
        relax();
        if (spins % SPINS_BETWEEN_CLOCKS == 0) {
            int64_t now = nanoseconds();
            if (until == 0) {
                until = now + SPIN_NANOSECONDS;
            } else if (now > until) {
                break;
            }
        }
    }
    pthread_mutex_lock(&pool->lock);
    atomic_fetch_add(&pool->sleeping, 1);
    unsigned number = atomic_load(&pool->open);
    while ((number == 0 || number == seen) && !atomic_load(&pool->stop)) {
        pthread_cond_wait(&pool->wake, &pool->lock);
        number = atomic_load(&pool->open);
    }
    atomic_fetch_sub(&pool->sleeping, 1);
    pthread_mutex_unlock(&pool->lock);
    return number;
}

static void *worker_main(void *argument) {
    worker *self = argument;
    pl_pool *pool = self->pool;
    unsigned seen = 0;
    while (!atomic_load(&pool->stop)) {
        seen = await_job(pool, seen);
        atomic_fetch_add(&pool->joined, 1);
        /* Joined first, looked second: either the caller sees us and waits, or we see that the job is over. */
        unsigned number = atomic_load(&pool->open);
        if (number != 0) {
            seen = number;
            work(pool, self->index);
        }
        atomic_fetch_sub(&pool->joined, 1);
    }
    return NULL;
}

void pl_parallel(pl_context *context, pl_task task, void *job, int tasks) {
    pl_pool *pool = context->pool;
    if (tasks == 1 || pool->workers == 0) {
        for (int i = 0; i < tasks; i++) {
            task(job, i, context->scratch[0]);
        }
        return;
    }
    pool->context = context;
    pool->task = task;
    pool->job = job;
    int64_t threads = pool->workers + 1;
    for (int64_t i = 0; i < threads; i++) {
        uint64_t run = run_from((uint32_t)(i * tasks / threads), (uint32_t)((i + 1) * tasks / threads));
        atomic_store_explicit(&pool->runs[i].run, run, memory_order_relaxed);
    }
    pool->number = pool->number + 1 == 0 ? 1 : pool->number + 1;
    atomic_store(&pool->open, pool->number);
    if (atomic_load(&pool->sleeping) > 0) {
        pthread_mutex_lock(&pool->lock);
        pthread_cond_broadcast(&pool->wake);
        pthread_mutex_unlock(&pool->lock);
    }
    work(pool, 0);
    atomic_store(&pool->open, 0);
    for (int spins = 0; atomic_load(&pool->joined) > 0; spins++) {
        if (spins > SPINS_BEFORE_YIELD) {
            sched_yield();
        } else {
            relax();
        }
    }
}

pl_pool *pl_pool_open(int threads) {
    pl_pool *pool = aligned_alloc(64, pl_align(sizeof(pl_pool)));
    if (pool == NULL) {
        return NULL;
    }
    *pool = (pl_pool){.workers = 0};
    pthread_mutex_init(&pool->lock, NULL);
    pthread_cond_init(&pool->wake, NULL);
    pool->threads = calloc((size_t)threads, sizeof(pthread_t));
    pool->arguments = calloc((size_t)threads, sizeof(worker));
    pool->runs = aligned_alloc(64, (size_t)threads * sizeof(run_of_tasks));
    if (pool->threads == NULL || pool->arguments == NULL || pool->runs == NULL) {
        pl_pool_close(pool);
        return NULL;
    }
    for (int i = 1; i < threads; i++) {
        pool->arguments[i] = (worker){.pool = pool, .index = i};
        if (pthread_create(&pool->threads[i - 1], NULL, worker_main, &pool->arguments[i]) != 0) {
            pl_pool_close(pool);
            return NULL;
        }
        pool->workers++;
    }
    return pool;
}

void pl_pool_close(pl_pool *pool) {
    atomic_store(&pool->stop, 1);
    pthread_mutex_lock(&pool->lock);
    pthread_cond_broadcast(&pool->wake);
    pthread_mutex_unlock(&pool->lock);
    for (int i = 0; i < pool->workers; i++) {
        pthread_join(pool->threads[i], NULL);
    }
    pthread_mutex_destroy(&pool->lock);
    pthread_cond_destroy(&pool->wake);
    free(pool->threads);
    free(pool->arguments);
    free(pool->runs);
    free(pool);
}
