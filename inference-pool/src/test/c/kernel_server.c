/*
 * Runs functions of a kernel library for a test in another process, which may be of another processor: the library and
 * this program then run under an emulator. Memory is shared at the same address on both sides, so pointers need no
 * translation.
 *
 * Usage: kernel_server LIBRARY MEMORY_FILE ADDRESS BYTES
 * Reads lines "symbol argument…", an argument being a letter (P pointer, L, I integer, F float) and hexadecimal bits,
 * and answers each with the function's result in decimal.
 */
#include <dlfcn.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum { INTEGERS = 24, FLOATS = 4 };

/*
 * Both calling conventions in question (AAPCS64, System V x86-64) place integers and floats independently of each
 * other, each integer in 64 bits, so every function can be called as if all its integers came first.
 */
typedef int (*function)(
    uint64_t, uint64_t, uint64_t, uint64_t, uint64_t, uint64_t, uint64_t, uint64_t, uint64_t, uint64_t, uint64_t,
    uint64_t, uint64_t, uint64_t, uint64_t, uint64_t, uint64_t, uint64_t, uint64_t, uint64_t, uint64_t, uint64_t,
    uint64_t, uint64_t, float, float, float, float);

static void fail(const char *what) {
    fprintf(stderr, "kernel_server: %s\n", what);
    exit(1);
}

static int call(function f, const uint64_t *i, const float *x) {
    return f(i[0], i[1], i[2], i[3], i[4], i[5], i[6], i[7], i[8], i[9], i[10], i[11], i[12], i[13], i[14], i[15],
        i[16], i[17], i[18], i[19], i[20], i[21], i[22], i[23], x[0], x[1], x[2], x[3]);
}

static int answer(void *library, char *line) {
    char *rest = NULL, *symbol = strtok_r(line, " \n", &rest);
    uint64_t integers[INTEGERS] = {0};
    float floats[FLOATS] = {0};
    int integer_count = 0, float_count = 0;
    function f = symbol == NULL ? NULL : (function)dlsym(library, symbol);
    if (f == NULL) {
        fail("no such function");
    }
    for (char *word; (word = strtok_r(NULL, " \n", &rest)) != NULL;) {
        uint64_t bits = strtoull(word + 1, NULL, 16);
        if (word[0] == 'F' && float_count < FLOATS) {
            uint32_t half = (uint32_t)bits;
            memcpy(&floats[float_count++], &half, sizeof half);
        } else if (word[0] != 'F' && integer_count < INTEGERS) {
            integers[integer_count++] = bits;
        } else {
            fail("too many arguments");
        }
    }
    return call(f, integers, floats);
}

int main(int count, char **arguments) {
    if (count != 5) {
        fail("usage: kernel_server LIBRARY MEMORY_FILE ADDRESS BYTES");
    }
    void *library = dlopen(arguments[1], RTLD_NOW);
    if (library == NULL) {
        fail(dlerror());
    }
    int file = open(arguments[2], O_RDWR);
    void *address = (void *)(uintptr_t)strtoull(arguments[3], NULL, 16);
    size_t bytes = strtoull(arguments[4], NULL, 10);
    void *memory = mmap(address, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, file, 0);
    if (file < 0 || memory != address) {
        fail("cannot map the shared memory");
    }
    char line[2048];
    while (fgets(line, sizeof line, stdin) != NULL) {
        printf("%d\n", answer(library, line));
        fflush(stdout);
    }
    return 0;
}
