/*
 * A stand-in for libnvrtc: it compiles nothing, but asks for what the real one asks for, and the image that it gives says
 * for which device it was made.
 */
#include "options.h"
#include <stdlib.h>
#include <string.h>
#include <vector>

namespace {
typedef int nvrtcResult;
enum : nvrtcResult { SUCCESS = 0, OUT_OF_MEMORY = 1, INVALID_INPUT = 3, INVALID_OPTION = 5, COMPILATION = 6 };

struct Program {
    std::string source, log, image;
    std::map<std::string, std::string> headers;
    int architecture = 0;
    bool binary = false;
};

/* Every header that a text includes must have been given; and theirs. */
bool complete(Program &program, const std::string &text) {
    for (size_t at = text.find("#include \""); at != std::string::npos; at = text.find("#include \"", at + 1)) {
        size_t from = at + strlen("#include \"");
        std::string name = text.substr(from, text.find('"', from) - from);
        auto header = program.headers.find(name);
        if (header == program.headers.end()) {
            program.log += "plumbline.cu: catastrophic error: cannot open source file \"" + name + "\"\n";
            return false;
        }
        if (!complete(program, header->second)) {
            return false;
        }
    }
    return true;
}

std::vector<int> architectures() {
    return option("without_hopper", 0) ? std::vector<int>{70, 75, 80} : std::vector<int>{70, 75, 80, 86, 89, 90, 100, 120};
}
} // namespace

EXPORT void standin_set(const char *name, long long value) { options()[name] = value; }
EXPORT long long standin_get(const char *name) { return option(name, -1); }
EXPORT void standin_reset() { options().clear(); }

EXPORT nvrtcResult nvrtcVersion(int *major, int *minor) {
    *major = (int)option("nvrtc_major", 12);
    *minor = 9;
    return SUCCESS;
}

EXPORT const char *nvrtcGetErrorString(nvrtcResult code) {
    return code == COMPILATION ? "NVRTC_ERROR_COMPILATION" : code == INVALID_OPTION ? "NVRTC_ERROR_INVALID_OPTION"
        : code == SUCCESS                                 ? "NVRTC_SUCCESS"
                                                          : "NVRTC_ERROR_OTHER";
}

EXPORT nvrtcResult nvrtcGetNumSupportedArchs(int *count) {
    *count = (int)architectures().size();
    return SUCCESS;
}

EXPORT nvrtcResult nvrtcGetSupportedArchs(int *to) {
    for (int architecture : architectures()) {
        *to++ = architecture;
    }
    return SUCCESS;
}

EXPORT nvrtcResult nvrtcCreateProgram(void **program, const char *source, const char *, int count,
    const char *const *headers, const char *const *names) {
    Program *made = new Program;
    made->source = source;
    for (int i = 0; i < count; i++) {
        made->headers[names[i]] = headers[i];
    }
    *program = made;
    options()["programs"]++;
    return SUCCESS;
}

EXPORT nvrtcResult nvrtcDestroyProgram(void **program) {
    delete static_cast<Program *>(*program);
    *program = nullptr;
    options()["programs"]--;
    return SUCCESS;
}

EXPORT nvrtcResult nvrtcCompileProgram(void *handle, int count, const char *const *given) {
    Program &program = *static_cast<Program *>(handle);
    options()["compilations"]++;
    bool canonical[3] = {false, false, false};
    for (int i = 0; i < count; i++) {
        std::string text = given[i];
        program.binary = program.binary || text.rfind("--gpu-architecture=sm_", 0) == 0;
        if (text.rfind("--gpu-architecture=", 0) == 0) {
            program.architecture = atoi(text.c_str() + text.find('_') + 1);
        }
        canonical[0] = canonical[0] || text == "--fmad=false";
        canonical[1] = canonical[1] || text == "--prec-div=true";
        canonical[2] = canonical[2] || text == "--ftz=false";
    }
    if (program.architecture == 0 || !canonical[0] || !canonical[1] || !canonical[2]) {
        return INVALID_OPTION;
    }
    if (option("compile_error", 0)) {
        program.log = "canonical.cuh(7): error: identifier \"pl_lanes\" is undefined\n";
        return COMPILATION;
    }
    if (!complete(program, program.source)) {
        return COMPILATION;
    }
    program.image = std::string("STAND-IN ") + (program.binary ? "cubin " : "ptx ") + std::to_string(program.architecture);
    return SUCCESS;
}

EXPORT nvrtcResult nvrtcGetProgramLogSize(void *program, size_t *bytes) {
    *bytes = static_cast<Program *>(program)->log.size() + 1;
    return SUCCESS;
}

EXPORT nvrtcResult nvrtcGetProgramLog(void *program, char *to) {
    strcpy(to, static_cast<Program *>(program)->log.c_str());
    return SUCCESS;
}

static nvrtcResult image_size(void *program, size_t *bytes) {
    *bytes = static_cast<Program *>(program)->image.size() + 1;
    return *bytes > 1 ? SUCCESS : INVALID_INPUT;
}

static nvrtcResult image(void *program, char *to) {
    strcpy(to, static_cast<Program *>(program)->image.c_str());
    return SUCCESS;
}

EXPORT nvrtcResult nvrtcGetCUBINSize(void *program, size_t *bytes) { return image_size(program, bytes); }
EXPORT nvrtcResult nvrtcGetCUBIN(void *program, char *to) { return image(program, to); }
EXPORT nvrtcResult nvrtcGetPTXSize(void *program, size_t *bytes) { return image_size(program, bytes); }
EXPORT nvrtcResult nvrtcGetPTX(void *program, char *to) { return image(program, to); }
