/* Runs a grid of threads as fibers: see device_on_host.h. */
#pragma once
#include "device_on_host.h"

namespace device_on_host {
struct Launch {
    dim3 grid, block;
    unsigned shared_bytes;
    /* Calls the kernel with its arguments, as one thread. */
    void (*kernel)(void **arguments);
    void **arguments;
    /* Decides the order of blocks and threads. */
    uint64_t seed;
};

/* Runs every thread of the grid. Returns NULL, or what the kernel did wrong. */
const char *run(const Launch &launch);
} // namespace device_on_host
