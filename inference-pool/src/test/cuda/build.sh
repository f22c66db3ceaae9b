#!/bin/sh
# Compiles the stand-in for NVIDIA's driver and run-time compiler, with the CUDA kernels in it, into OUT/cuda. Without a
# C++ compiler the build goes on and the tests that need it say why they are skipped. Usage: build.sh OUT (the module's
# test-classes folder).
set -eu
cd "$(dirname "$0")"
kernels=../../main/cuda
out=$1/cuda
if [ "$(uname -s)" != Linux ]; then
    echo "cuda stand-in: NOT BUILT, it needs Linux; the tests of the CUDA backend are skipped"
    exit 0
fi
compiler=
for candidate in ${CXX:-} c++ g++ clang++; do
    if command -v "$candidate" > /dev/null 2>&1; then
        compiler=$candidate
        break
    fi
done
if [ -z "$compiler" ]; then
    echo "cuda stand-in: NOT BUILT, no C++ compiler found (install one: apt-get install g++); the tests of the CUDA" \
        "backend are skipped"
    exit 0
fi
if [ -f "$out/complete" ] && [ -z "$(find . "$kernels" -newer "$out/complete" -type f)" ]; then
    exit 0
fi
rm -rf "$out"
mkdir -p "$out"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
sed -n 's/^extern "C" __global__ void.*[ )]\(pl_[a-z0-9_]*\)(.*/KERNEL(\1)/p' "$kernels"/*.cuh > "$work/kernels.inc"
# No contraction: every rounding is part of the contract. Fused multiply-add must be the processor's, for speed.
flags="-std=c++17 -O2 -fPIC -fvisibility=hidden -ffp-contract=off -fno-strict-aliasing -fno-math-errno -Wall -Wextra
    -Wno-unknown-pragmas -Wno-unused-function -fmax-errors=3 -I. -I$kernels -I$work"
case $(uname -m) in
    x86_64) grep -qw fma /proc/cpuinfo && flags="$flags -mavx2 -mfma -mf16c" ;;
esac
"$compiler" $flags -c kernels.cpp -o "$work/kernels.o"
"$compiler" $flags -c fibers.cpp -o "$work/fibers.o"
"$compiler" $flags -c driver.cpp -o "$work/driver.o"
"$compiler" -shared -o "$out/libcuda.so.1" "$work/kernels.o" "$work/fibers.o" "$work/driver.o"
"$compiler" $flags -shared compiler.cpp -o "$out/libnvrtc.so.12"
touch "$out/complete"
echo "cuda stand-in: built with $compiler"
