/* The kernels of the product, by name. */
#pragma once

struct Kernel {
    const char *name;
    /* One letter per parameter, as CudaFunction.java has them. */
    const char *parameters;
    void (*run)(void **arguments);
};

const Kernel *find_kernel(const char *name);
const Kernel *kernel_at(int index);
