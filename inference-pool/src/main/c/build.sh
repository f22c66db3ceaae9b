#!/bin/sh
# Compiles the CPU kernels into OUT/native/PLATFORM/ for the processor that the compiler makes code for: CC may name a
# cross compiler. Without a C compiler the build goes on, and the backend says at run time what is missing.
# Usage: build.sh OUT (the module's classes folder).
set -eu
cd "$(dirname "$0")"
out=$1
compiler=
for candidate in ${CC:-} cc gcc clang; do
    if command -v "$candidate" > /dev/null 2>&1; then
        compiler=$candidate
        break
    fi
done
if [ -z "$compiler" ]; then
    echo "cpu kernels: not built, no C compiler found (install gcc or clang, for example: apt-get install gcc libc6-dev);"
    echo "the vector backend works without them, more slowly"
    exit 0
fi
target=$("$compiler" -dumpmachine)
case "$target" in
    x86_64-*linux*) platform=linux-x86_64 ;;
    aarch64-*linux*) platform=linux-aarch64 ;;
    *)
        echo "cpu kernels: not built, there are none for $target; the vector backend works without them, more slowly"
        exit 0
        ;;
esac
library=$out/native/$platform/libplumbline-cpu.so
if [ -f "$library" ] && [ -z "$(find . -newer "$library" -type f)" ]; then
    exit 0
fi
mkdir -p "$(dirname "$library")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# No contraction and no fast math: every rounding is part of the contract.
flags="-std=gnu11 -O3 -fPIC -fvisibility=hidden -ffp-contract=off -fno-math-errno -Wall -Wextra -Wno-unknown-pragmas"
"$compiler" $flags -c pool.c -o "$work/pool.o"
"$compiler" $flags -c backend.c -o "$work/backend.o"
"$compiler" $flags -c pack.c -o "$work/pack.o"
# Peaks are compared with, not computed with: here a multiplication and an addition may become one instruction.
"$compiler" $flags -ffp-contract=fast -c peaks.c -o "$work/peaks.o"
case "$platform" in
    linux-x86_64)
        "$compiler" $flags -mavx2 -mfma -mf16c -c kernels_avx2.c -o "$work/avx2.o"
        "$compiler" $flags -mavx512f -mavx512bw -mavx512dq -mavx512vl -mavx512vnni -mavx2 -mfma -mf16c -mprefer-vector-width=512 \
            -c kernels_avx512.c -o "$work/avx512.o"
        ;;
    linux-aarch64)
        "$compiler" $flags -c kernels_neon.c -o "$work/neon.o"
        "$compiler" $flags -march=armv8.2-a+dotprod -c kernels_neon_dot.c -o "$work/neon_dot.o"
        ;;
esac
# Moved into place in one step: a build that is interrupted leaves no half library.
"$compiler" -shared -o "$work/library.so" "$work"/*.o -lpthread
mv "$work/library.so" "$library"
echo "cpu kernels: built with $compiler for $platform"
