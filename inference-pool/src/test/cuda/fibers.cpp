#include "fibers.h"
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <vector>
#ifndef __x86_64__
#include <ucontext.h>
#endif

dim3 gridDim, blockDim;
uint3 blockIdx, threadIdx;

/* Where the linker has put all arrays that are __shared__; absent if there are none. */
extern "C" __attribute__((weak)) char __start_device_shared[], __stop_device_shared[];

namespace device_on_host {
namespace {
constexpr unsigned WARP = 32, MOST_THREADS = 1024;
constexpr size_t STACK_BYTES = 64 << 10, SHARED_BYTES = 256 << 10;
/* Blocks between two complete fillings of the static arrays; in between they hold what the block before has left. */
constexpr uint64_t SPOIL_EVERY = 8;
/* As float a signalling NaN, as int8 124, as index far outside. */
constexpr int SPOILT = 0x7F;

enum State { READY, AT_BLOCK, AT_WARP, ENDED };

/* A point of execution to go back to. */
#ifdef __x86_64__
struct Context {
    void *stack_pointer;
};
/* Keeps the callee-saved registers on the stack, takes over the other stack. */
extern "C" void device_switch(Context *from, Context *to);
asm(R"(
    .text
    .hidden device_switch
    .globl device_switch
    .type device_switch,@function
device_switch:
    pushq %rbp
    pushq %rbx
    pushq %r12
    pushq %r13
    pushq %r14
    pushq %r15
    movq %rsp, (%rdi)
    movq (%rsi), %rsp
    popq %r15
    popq %r14
    popq %r13
    popq %r12
    popq %rbx
    popq %rbp
    ret
    .size device_switch,.-device_switch
)");
void prepare(Context &context, char *stack, void (*start)()) {
    void **top = reinterpret_cast<void **>(stack + STACK_BYTES);
    /* A function begins with its stack pointer 8 beyond a multiple of 16. */
    *--top = nullptr;
    *--top = reinterpret_cast<void *>(start);
    top -= 6;
    memset(top, 0, 6 * sizeof(void *));
    context.stack_pointer = top;
}
#else
struct Context {
    ucontext_t at;
};
void device_switch(Context *from, Context *to) { swapcontext(&from->at, &to->at); }
void prepare(Context &context, char *stack, void (*start)()) {
    getcontext(&context.at);
    context.at.uc_stack.ss_sp = stack;
    context.at.uc_stack.ss_size = STACK_BYTES;
    context.at.uc_link = nullptr;
    makecontext(&context.at, start, 0);
}
#endif

struct Thread {
    Context context;
    State state;
    unsigned mask;
    /* Which of the two places for values is next: a thread can be one exchange ahead of the others, not two. */
    unsigned turn;
    uint3 index;
};

Thread threads[MOST_THREADS];
uint64_t values[MOST_THREADS / WARP][2][WARP];
unsigned running;
Context scheduler;
const Launch *current;
const char *failure;
alignas(256) char dynamic_area[SHARED_BYTES + 256];

char *stacks() {
    static char *area = static_cast<char *>(mmap(
        nullptr, STACK_BYTES * MOST_THREADS, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0));
    return area;
}

uint64_t mix(uint64_t x) {
    x += 0x9E3779B97F4A7C15ull;
    x = (x ^ x >> 30) * 0xBF58476D1CE4E5B9ull;
    x = (x ^ x >> 27) * 0x94D049BB133111EBull;
    return x ^ x >> 31;
}

/* i, when 0 … count - 1 are taken in an order of their own. */
struct Order {
    uint64_t count, step, offset;
    Order(uint64_t count, uint64_t seed) : count(count), step(1), offset(mix(seed) % count) {
        for (uint64_t wish = mix(seed + 1) % count; wish < count; wish++) {
            uint64_t a = wish, b = count;
            while (b != 0) {
                uint64_t rest = a % b;
                a = b;
                b = rest;
            }
            if (a == 1) {
                step = wish;
                break;
            }
        }
    }
    uint64_t at(uint64_t i) const { return (uint64_t)(((unsigned __int128)i * step + offset) % count); }
};

void yield(State state) {
    threads[running].state = state;
    device_switch(&threads[running].context, &scheduler);
}

void thread_body() {
    current->kernel(current->arguments);
    yield(ENDED);
}

void resume(unsigned thread) {
    running = thread;
    threadIdx = threads[thread].index;
    device_switch(&scheduler, &threads[thread].context);
}

/* Lets threads of a warp go on whose whole mask has arrived; whether there were any. */
bool release_warp(unsigned first, unsigned count) {
    bool any = false;
    for (unsigned i = 0; i < count; i++) {
        if (threads[first + i].state != AT_WARP) {
            continue;
        }
        unsigned mask = threads[first + i].mask;
        bool complete = true;
        for (unsigned j = 0; j < WARP; j++) {
            if (mask >> j & 1) {
                complete = complete && j < count && threads[first + j].state == AT_WARP && threads[first + j].mask == mask;
            }
        }
        for (unsigned j = 0; complete && j < count; j++) {
            if (mask >> j & 1) {
                threads[first + j].state = READY;
                any = true;
            }
        }
    }
    return any;
}

/* Runs a warp until all its threads have ended or wait for others. */
void run_warp(unsigned first, unsigned count, const Order &order) {
    do {
        for (unsigned i = 0; i < WARP; i++) {
            unsigned lane = (unsigned)order.at(i);
            if (lane < count && threads[first + lane].state == READY) {
                resume(first + lane);
                if (failure) {
                    return;
                }
            }
        }
    } while (release_warp(first, count));
}

void start_threads(unsigned count) {
    for (unsigned t = 0; t < count; t++) {
        Thread &thread = threads[t];
        prepare(thread.context, stacks() + t * STACK_BYTES, thread_body);
        thread.state = READY;
        thread.turn = 0;
        thread.index = {t % blockDim.x, t / blockDim.x % blockDim.y, t / (blockDim.x * blockDim.y)};
    }
}

void spoil_shared(bool all) {
    if (all && __start_device_shared) {
        memset(__start_device_shared, SPOILT, __stop_device_shared - __start_device_shared);
    }
    memset(dynamic_area, SPOILT, current->shared_bytes + 256);
}

/* Whether the kernel has written beyond the shared memory that it asked for. */
bool dynamic_overrun() {
    for (unsigned i = 0; i < 256; i++) {
        if (dynamic_area[current->shared_bytes + i] != SPOILT) {
            return true;
        }
    }
    return false;
}

void run_block(uint64_t seed) {
    unsigned count = blockDim.x * blockDim.y * blockDim.z, warps = (count + WARP - 1) / WARP;
    Order warp_order(warps, seed), lane_order(WARP, seed + 2);
    start_threads(count);
    for (;;) {
        for (unsigned i = 0; i < warps; i++) {
            unsigned first = (unsigned)warp_order.at(i) * WARP;
            run_warp(first, count - first < WARP ? count - first : WARP, lane_order);
            if (failure) {
                return;
            }
        }
        bool waiting = false;
        for (unsigned t = 0; t < count; t++) {
            if (threads[t].state == AT_WARP) {
                failure = "threads of a warp wait for one that has ended or waits elsewhere";
                return;
            }
            waiting = waiting || threads[t].state == AT_BLOCK;
        }
        if (!waiting) {
            return;
        }
        for (unsigned t = 0; t < count; t++) {
            if (threads[t].state == AT_BLOCK) {
                threads[t].state = READY;
            }
        }
    }
}
} // namespace

void fail(const char *message) {
    failure = message;
    yield(ENDED);
    abort(); /* nobody goes on with a thread that has ended */
}

void *dynamic_shared() { return dynamic_area; }

unsigned lane() { return running % WARP; }

void wait_for_block() { yield(AT_BLOCK); }

const uint64_t *exchange(unsigned mask, uint64_t value) {
    Thread &thread = threads[running];
    unsigned lane = running % WARP;
    if (!(mask >> lane & 1)) {
        fail("a thread takes part in an exchange whose mask does not name it");
    }
    uint64_t *place = values[running / WARP][thread.turn];
    thread.turn ^= 1;
    place[lane] = value;
    thread.mask = mask;
    yield(AT_WARP);
    return place;
}

const char *run(const Launch &launch) {
    current = &launch;
    failure = nullptr;
    gridDim = launch.grid;
    blockDim = launch.block;
    uint64_t blocks = (uint64_t)gridDim.x * gridDim.y * gridDim.z;
    Order order(blocks, launch.seed);
    for (uint64_t i = 0; i < blocks; i++) {
        uint64_t block = order.at(i);
        blockIdx = {(unsigned)(block % gridDim.x), (unsigned)(block / gridDim.x % gridDim.y),
            (unsigned)(block / ((uint64_t)gridDim.x * gridDim.y))};
        spoil_shared(i % SPOIL_EVERY == 0);
        run_block(launch.seed + block);
        if (!failure && dynamic_overrun()) {
            failure = "a kernel writes beyond its dynamic shared memory";
        }
        if (failure) {
            return failure;
        }
    }
    return nullptr;
}
} // namespace device_on_host
