/*
 * Every task of a job runs exactly once: many small jobs with 1 to 6 threads, tasks of uneven length, jobs with fewer
 * tasks than threads. Run by ThreadPoolTest, which also builds it with the thread sanitizer where there is one.
 */
#include <stdio.h>
#include <string.h>

#include "plumbline.h"

enum { MOST_THREADS = 6, JOBS = 3000, MOST_TASKS = 5000 };

static unsigned char runs[MOST_TASKS + 1];

static void task(void *job, int number, char *scratch) {
    (void)job;
    (void)scratch;
    runs[number]++;
    if (number % 5 == 0) {
        for (volatile int i = 0; i < 300; i++) {
        }
    }
}

static int check(int threads, int tasks) {
    for (int i = 0; i < tasks; i++) {
        if (runs[i] != 1) {
            printf("%d threads: task %d of %d ran %d times\n", threads, i, tasks, runs[i]);
            return 1;
        }
    }
    return 0;
}

int main(void) {
    char *scratch[MOST_THREADS] = {0};
    unsigned random = 1;
    for (int threads = 1; threads <= MOST_THREADS; threads++) {
        pl_context context = {.threads = threads, .scratch = scratch, .pool = pl_pool_open(threads)};
        if (context.pool == NULL) {
            printf("no pool of %d threads\n", threads);
            return 1;
        }
        for (int job = 0; job < JOBS; job++) {
            random = random * 1664525u + 1013904223u;
            int tasks = (int)((random >> 8) % (job % 10 == 0 ? MOST_TASKS : 40));
            memset(runs, 0, sizeof runs);
            pl_parallel(&context, task, NULL, tasks);
            if (check(threads, tasks) != 0) {
                return 1;
            }
        }
        pl_pool_close(context.pool);
    }
    return 0;
}
