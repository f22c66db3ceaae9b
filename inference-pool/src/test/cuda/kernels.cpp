#include "device_on_host.h"
#include "plumbline.cu"
/* After what it is made of: */
#include "kernels.h"
#include <string>
#include <utility>

namespace {
template <typename T> struct Letter;
template <typename T> struct Letter<T *> {
    static constexpr char value = 'P';
};
template <> struct Letter<int> {
    static constexpr char value = 'I';
};
template <> struct Letter<long long> {
    static constexpr char value = 'L';
};
template <> struct Letter<float> {
    static constexpr char value = 'F';
};
template <> struct Letter<double> {
    static constexpr char value = 'D';
};

/* Takes the arguments from where cuLaunchKernel's array points. */
template <auto function> struct Unpacking;
template <typename... Parameters, void (*function)(Parameters...)> struct Unpacking<function> {
    static constexpr char letters[] = {Letter<Parameters>::value..., '\0'};
    static void run(void **arguments) { run(arguments, std::index_sequence_for<Parameters...>()); }
    template <size_t... index> static void run(void **arguments, std::index_sequence<index...>) {
        function(*static_cast<Parameters *>(arguments[index])...);
    }
};

const Kernel kernels[] = {
/* Made by build.sh: a line for every entry point that it finds in the sources. */
#define KERNEL(name) {#name, Unpacking<&name>::letters, Unpacking<&name>::run},
#include "kernels.inc"
};
} // namespace

const Kernel *kernel_at(int index) {
    return index >= 0 && index < (int)(sizeof kernels / sizeof *kernels) ? &kernels[index] : nullptr;
}

const Kernel *find_kernel(const char *name) {
    for (const Kernel &kernel : kernels) {
        if (strcmp(kernel.name, name) == 0) {
            return &kernel;
        }
    }
    return nullptr;
}
