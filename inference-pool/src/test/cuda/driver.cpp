/*
 * A stand-in for libcuda.so.1: the functions that Plumbline binds, with the kernels of the product run on the host. Work
 * in a stream is put off until somebody waits for it, as on a device. It checks how it is used: a rule that is broken is
 * told by standin_problem and makes the device faulty, so no test can pass over it.
 */
#include "fibers.h"
#include "kernels.h"
#include "options.h"
#include <algorithm>
#include <functional>
#include <mutex>
#include <new>
#include <stdio.h>
#include <vector>

namespace {
typedef int CUresult;
typedef unsigned long long CUdeviceptr;
enum : CUresult {
    SUCCESS = 0,
    INVALID_VALUE = 1,
    OUT_OF_MEMORY = 2,
    NOT_INITIALIZED = 3,
    STUB_LIBRARY = 34,
    NO_DEVICE = 100,
    INVALID_DEVICE = 101,
    INVALID_IMAGE = 200,
    INVALID_CONTEXT = 201,
    NO_BINARY_FOR_GPU = 209,
    UNSUPPORTED_PTX_VERSION = 222,
    INVALID_HANDLE = 400,
    NOT_FOUND = 500,
    ILLEGAL_ADDRESS = 700,
    LAUNCH_FAILED = 719,
};

constexpr size_t GUARD = 256;
constexpr unsigned char GUARD_BYTE = 0xA5, FRESH_BYTE = 0x7F;

struct Block {
    char *start;
    size_t bytes;
};

std::mutex door;
std::map<CUdeviceptr, Block> blocks;
std::vector<std::function<CUresult()>> work;
std::string problem;
CUresult fault = SUCCESS;
bool initialised;
int retained, handles;
size_t used;
uint64_t launches;
thread_local void *current_context;
char the_context, the_stream, the_module, the_event;
/* The first page of host memory that is pinned, by address. */
std::map<void *, size_t> pinned;

CUresult broken(const std::string &rule, CUresult code = ILLEGAL_ADDRESS) {
    if (problem.empty()) {
        problem = rule;
    }
    /* What is refused has not harmed the device. */
    if (code >= ILLEGAL_ADDRESS) {
        fault = code;
    }
    return code;
}

/* Whether the range lies in one live allocation. */
bool live(CUdeviceptr at, size_t bytes) {
    auto after = blocks.upper_bound(at);
    if (after == blocks.begin()) {
        return false;
    }
    const auto &[start, block] = *--after;
    return at + bytes <= start + block.bytes;
}

bool intact(const Block &block) {
    auto clean = [](const char *from, size_t bytes) {
        return std::all_of(from, from + bytes, [](char c) { return (unsigned char)c == GUARD_BYTE; });
    };
    return clean(block.start, GUARD) && clean(block.start + GUARD + block.bytes, GUARD);
}

CUresult check_guards() {
    for (const auto &[at, block] : blocks) {
        if (!intact(block)) {
            return broken("a write beyond an allocation of " + std::to_string(block.bytes) + " bytes");
        }
    }
    return fault;
}

/* Does what has been put off. */
CUresult catch_up() {
    std::vector<std::function<CUresult()>> due;
    due.swap(work);
    for (auto &step : due) {
        if (fault == SUCCESS) {
            CUresult code = step();
            if (code != SUCCESS) {
                fault = code;
            }
        }
    }
    return due.empty() ? fault : check_guards();
}

/* Every function that needs a context begins with this. */
CUresult enter() {
    if (!initialised) {
        return NOT_INITIALIZED;
    }
    if (current_context != &the_context || retained == 0) {
        return INVALID_CONTEXT;
    }
    return fault;
}

CUresult later(std::function<CUresult()> step) {
    work.push_back(std::move(step));
    return SUCCESS;
}

bool is_pinned(const void *at) {
    auto after = pinned.upper_bound(const_cast<void *>(at));
    if (after == pinned.begin()) {
        return false;
    }
    const auto &[start, bytes] = *--after;
    return at < static_cast<const char *>(start) + bytes;
}
} // namespace

#define ENTER()                                                                                                        \
    std::lock_guard<std::mutex> hold(door);                                                                            \
    if (CUresult refused = enter()) {                                                                                  \
        return refused;                                                                                                \
    }

EXPORT void standin_set(const char *name, long long value) {
    std::lock_guard<std::mutex> hold(door);
    options()[name] = value;
}

EXPORT long long standin_get(const char *name) {
    std::lock_guard<std::mutex> hold(door);
    std::string what = name;
    return what == "live" ? (long long)blocks.size() : what == "used" ? (long long)used
        : what == "launches"                         ? (long long)launches
        : what == "pinned"                           ? (long long)pinned.size()
        : what == "contexts"                         ? retained
                                                     : option(name, -1);
}

/* The first rule that was broken; empty if none. */
EXPORT const char *standin_problem() {
    std::lock_guard<std::mutex> hold(door);
    static std::string told;
    told = problem;
    return told.c_str();
}

/* Forgets options, faults and what was left behind. */
EXPORT void standin_reset() {
    std::lock_guard<std::mutex> hold(door);
    options().clear();
    work.clear();
    for (auto &[at, block] : blocks) {
        operator delete[](block.start, std::align_val_t(GUARD));
    }
    blocks.clear();
    for (auto &[at, bytes] : pinned) {
        delete[] static_cast<char *>(at);
    }
    pinned.clear();
    initialised = false;
    problem.clear();
    fault = SUCCESS;
    used = 0;
    retained = 0;
    handles = 0;
}

/* The parameters of an entry point, one letter each; NULL beyond the last. */
EXPORT const char *standin_kernel(int index, const char **parameters) {
    const Kernel *kernel = kernel_at(index);
    if (kernel) {
        *parameters = kernel->parameters;
    }
    return kernel ? kernel->name : nullptr;
}

EXPORT CUresult cuInit(unsigned) {
    std::lock_guard<std::mutex> hold(door);
    if (CUresult code = (CUresult)option("init_code", SUCCESS)) {
        return code;
    }
    if (option("devices", 1) == 0) {
        return NO_DEVICE;
    }
    initialised = true;
    return SUCCESS;
}

EXPORT CUresult cuDriverGetVersion(int *version) {
    *version = (int)option("driver_version", 12090);
    return SUCCESS;
}

EXPORT CUresult cuDeviceGetCount(int *count) {
    *count = (int)option("devices", 1);
    return initialised ? SUCCESS : NOT_INITIALIZED;
}

EXPORT CUresult cuDeviceGet(int *device, int ordinal) {
    *device = ordinal;
    return ordinal >= 0 && ordinal < option("devices", 1) ? SUCCESS : INVALID_DEVICE;
}

EXPORT CUresult cuDeviceGetName(char *name, int length, int) {
    snprintf(name, length, "Stand-in GPU");
    return SUCCESS;
}

EXPORT CUresult cuDeviceGetAttribute(int *value, int attribute, int) {
    switch (attribute) {
    case 16: *value = (int)option("multiprocessors", 132); return SUCCESS;        /* multiprocessors */
    case 75: *value = (int)option("capability", 90) / 10; return SUCCESS;        /* major */
    case 76: *value = (int)option("capability", 90) % 10; return SUCCESS;        /* minor */
    case 97: *value = 227 << 10; return SUCCESS;                                 /* shared memory on demand */
    default: return INVALID_VALUE;
    }
}

EXPORT CUresult cuDeviceTotalMem_v2(size_t *bytes, int) {
    *bytes = option("memory", 8ll << 30);
    return SUCCESS;
}

EXPORT CUresult cuDevicePrimaryCtxRetain(void **context, int) {
    std::lock_guard<std::mutex> hold(door);
    if (!initialised) {
        return NOT_INITIALIZED;
    }
    retained++;
    *context = &the_context;
    return fault;
}

EXPORT CUresult cuDevicePrimaryCtxRelease_v2(int) {
    std::lock_guard<std::mutex> hold(door);
    if (retained == 0) {
        return INVALID_CONTEXT;
    }
    if (--retained == 0 && fault == SUCCESS && blocks.size() + pinned.size() + handles != 0) {
        broken(std::to_string(blocks.size()) + " allocations, " + std::to_string(pinned.size()) + " pinned ones and "
            + std::to_string(handles) + " handles are left when the device is given back");
    }
    return SUCCESS;
}

EXPORT CUresult cuCtxSetCurrent(void *context) {
    if (context != nullptr && context != &the_context) {
        return INVALID_CONTEXT;
    }
    current_context = context;
    return SUCCESS;
}

EXPORT CUresult cuMemGetInfo_v2(size_t *free, size_t *total) {
    ENTER();
    *total = option("memory", 8ll << 30);
    *free = *total - used;
    return SUCCESS;
}

EXPORT CUresult cuMemAlloc_v2(CUdeviceptr *at, size_t bytes) {
    ENTER();
    if (bytes == 0) {
        return INVALID_VALUE;
    }
    if (fails_now("fail_allocation") || used + bytes > (size_t)option("memory", 8ll << 30)) {
        return OUT_OF_MEMORY;
    }
    /* Allocations are aligned to 256 bytes. */
    char *start = new (std::align_val_t(GUARD)) char[bytes + 2 * GUARD];
    memset(start, GUARD_BYTE, bytes + 2 * GUARD);
    memset(start + GUARD, FRESH_BYTE, bytes);
    *at = reinterpret_cast<CUdeviceptr>(start + GUARD);
    blocks[*at] = {start, bytes};
    used += bytes;
    return SUCCESS;
}

EXPORT CUresult cuMemFree_v2(CUdeviceptr at) {
    ENTER();
    if (CUresult code = catch_up()) {
        return code;
    }
    auto found = blocks.find(at);
    if (found == blocks.end()) {
        return broken("memory is freed that is not allocated", INVALID_VALUE);
    }
    if (!intact(found->second)) {
        return check_guards();
    }
    used -= found->second.bytes;
    operator delete[](found->second.start, std::align_val_t(GUARD));
    blocks.erase(found);
    return SUCCESS;
}

EXPORT CUresult cuMemHostAlloc(void **at, size_t bytes, unsigned) {
    ENTER();
    if (fails_now("fail_pinned")) {
        return OUT_OF_MEMORY;
    }
    *at = new char[bytes];
    pinned[*at] = bytes;
    return SUCCESS;
}

EXPORT CUresult cuMemFreeHost(void *at) {
    ENTER();
    if (CUresult code = catch_up()) {
        return code;
    }
    if (pinned.erase(at) == 0) {
        return broken("host memory is freed that is not pinned", INVALID_VALUE);
    }
    delete[] static_cast<char *>(at);
    return SUCCESS;
}

EXPORT CUresult cuMemcpyHtoDAsync_v2(CUdeviceptr to, const void *from, size_t bytes, void *) {
    ENTER();
    if (!live(to, bytes)) {
        return broken("a copy to memory that is not allocated");
    }
    if (is_pinned(from)) {
        /* Read when the stream gets there: who overwrites it before has made a mistake that shows. */
        return later([=] {
            memcpy(reinterpret_cast<void *>(to), from, bytes);
            return (CUresult)SUCCESS;
        });
    }
    std::string staged(static_cast<const char *>(from), bytes);
    return later([=] {
        memcpy(reinterpret_cast<void *>(to), staged.data(), staged.size());
        return (CUresult)SUCCESS;
    });
}

EXPORT CUresult cuMemcpyDtoHAsync_v2(void *to, CUdeviceptr from, size_t bytes, void *) {
    ENTER();
    if (!live(from, bytes)) {
        return broken("a copy from memory that is not allocated");
    }
    return later([=] {
        memcpy(to, reinterpret_cast<const void *>(from), bytes);
        return (CUresult)SUCCESS;
    });
}

EXPORT CUresult cuMemsetD8Async(CUdeviceptr at, unsigned char value, size_t bytes, void *) {
    ENTER();
    if (!live(at, bytes)) {
        return broken("memory is set that is not allocated");
    }
    return later([=] {
        memset(reinterpret_cast<void *>(at), value, bytes);
        return (CUresult)SUCCESS;
    });
}

EXPORT CUresult cuStreamCreate(void **stream, unsigned) {
    ENTER();
    *stream = &the_stream;
    handles++;
    return SUCCESS;
}

EXPORT CUresult cuStreamDestroy_v2(void *) {
    ENTER();
    handles--;
    return catch_up();
}

EXPORT CUresult cuStreamSynchronize(void *) {
    ENTER();
    return catch_up();
}

EXPORT CUresult cuEventCreate(void **event, unsigned) {
    ENTER();
    *event = &the_event;
    handles++;
    return SUCCESS;
}

EXPORT CUresult cuEventDestroy_v2(void *) {
    ENTER();
    handles--;
    return SUCCESS;
}

EXPORT CUresult cuEventRecord(void *, void *) {
    ENTER();
    return SUCCESS;
}

EXPORT CUresult cuEventSynchronize(void *) {
    ENTER();
    return catch_up();
}

EXPORT CUresult cuModuleLoadData(void **module, const void *image) {
    ENTER();
    char kind[8] = "";
    int architecture = 0;
    if (sscanf(static_cast<const char *>(image), "STAND-IN %7s %d", kind, &architecture) != 2) {
        return INVALID_IMAGE;
    }
    int capability = (int)option("capability", 90);
    if (std::string(kind) == "cubin" && architecture != capability) {
        return NO_BINARY_FOR_GPU;
    }
    if (std::string(kind) == "ptx" && (architecture > capability || option("refuse_ptx", 0))) {
        return UNSUPPORTED_PTX_VERSION;
    }
    *module = &the_module;
    handles++;
    return SUCCESS;
}

EXPORT CUresult cuModuleUnload(void *) {
    ENTER();
    handles--;
    return catch_up();
}

EXPORT CUresult cuModuleGetFunction(void **function, void *, const char *name) {
    ENTER();
    *function = const_cast<Kernel *>(find_kernel(name));
    return *function ? SUCCESS : NOT_FOUND;
}

EXPORT CUresult cuFuncSetAttribute(void *, int attribute, int value) {
    ENTER();
    return attribute == 8 && value <= 227 << 10 ? SUCCESS : INVALID_VALUE;
}

EXPORT CUresult cuLaunchKernel(void *function, unsigned grid_x, unsigned grid_y, unsigned grid_z, unsigned block_x,
    unsigned block_y, unsigned block_z, unsigned shared_bytes, void *, void **parameters, void **) {
    ENTER();
    const Kernel *kernel = static_cast<const Kernel *>(function);
    if (grid_x == 0 || grid_y == 0 || grid_z == 0 || grid_y > 65535 || grid_z > 65535 || block_x == 0 || block_y == 0
        || block_z == 0 || block_x * block_y * block_z > 1024 || shared_bytes > 227 << 10) {
        return INVALID_VALUE;
    }
    launches++;
    if (fails_now("fail_launch")) {
        return later([] { return (CUresult)LAUNCH_FAILED; });
    }
    if (fails_now("lose_device")) {
        return later([] { return (CUresult)ILLEGAL_ADDRESS; });
    }
    /* Arguments are read now, as the driver does. */
    std::vector<uint64_t> values;
    for (const char *letter = kernel->parameters; *letter; letter++) {
        uint64_t value = 0;
        memcpy(&value, parameters[values.size()], *letter == 'I' || *letter == 'F' ? 4 : 8);
        values.push_back(value);
        if (*letter == 'P' && value != 0 && !live(value, 1)) {
            return broken(std::string(kernel->name) + " is given memory that is not allocated");
        }
    }
    device_on_host::Launch launch = {
        {grid_x, grid_y, grid_z}, {block_x, block_y, block_z}, shared_bytes, kernel->run, nullptr, launches};
    return later([=]() mutable {
        std::vector<void *> places;
        for (uint64_t &value : values) {
            places.push_back(&value);
        }
        launch.arguments = places.data();
        const char *failure = device_on_host::run(launch);
        return failure ? broken(std::string(kernel->name) + ": " + failure, LAUNCH_FAILED) : (CUresult)SUCCESS;
    });
}

EXPORT CUresult cuGetErrorString(CUresult code, const char **text) {
    *text = code == OUT_OF_MEMORY ? "out of memory" : code == LAUNCH_FAILED ? "unspecified launch failure"
        : code == ILLEGAL_ADDRESS                                           ? "an illegal memory access was encountered"
        : code == NO_DEVICE                                                 ? "no CUDA-capable device is detected"
                                                                            : nullptr;
    return *text ? SUCCESS : INVALID_VALUE;
}
