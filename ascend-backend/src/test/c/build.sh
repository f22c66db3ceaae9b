#!/bin/sh
# Compiles the stand-in into OUT/standin/{classic,split,old}. Without a C compiler the build goes on and the tests that
# need it say why they are skipped. Usage: build.sh OUT (the module's test-classes folder).
set -eu
cd "$(dirname "$0")"
out=$1/standin
if [ "$(uname -s)" != Linux ]; then
    echo "ascend stand-in: NOT BUILT, it needs Linux; the tests of the Ascend binding are skipped"
    exit 0
fi
compiler=
for candidate in ${CC:-} cc gcc clang; do
    if command -v "$candidate" > /dev/null 2>&1; then
        compiler=$candidate
        break
    fi
done
if [ -z "$compiler" ]; then
    echo "ascend stand-in: NOT BUILT, no C compiler found (install one: apt-get install gcc libc6-dev); the tests of the" \
        "Ascend binding are skipped"
    exit 0
fi
if [ -f "$out/complete" ] && [ -z "$(find . -newer "$out/complete" -type f)" ]; then
    exit 0
fi
rm -rf "$out"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
flags="-std=gnu11 -O1 -fPIC -fvisibility=hidden -ffp-contract=off -Wall -Wextra -Werror=implicit-function-declaration"
for source in runtime meta operators ops_nn ops_math; do
    "$compiler" $flags -c "$source.c" -o "$work/$source.o"
done
# The state of each layout lies in a library with a name of its own, so that two layouts in one process never meet.
state() {
    mkdir -p "$out/$1/lib64"
    "$compiler" $flags "-DSTANDIN_VERSION=\"$2\"" -c core.c -o "$work/core-$1.o"
    "$compiler" -shared -Wl,-soname,"libstandin-$1.so" -o "$out/$1/lib64/libstandin-$1.so" "$work/core-$1.o" \
        "$work/operators.o" -lm -lpthread
}
# Usage: library LAYOUT FILE SOURCES… [-Wl,OPTION…]
library() {
    layout=$1
    file=$2
    shift 2
    objects=
    for source in "$@"; do
        case $source in
            -*) objects="$objects $source" ;;
            *) objects="$objects $work/$source.o" ;;
        esac
    done
    "$compiler" -shared -Wl,-rpath,'$ORIGIN' -o "$out/$layout/lib64/$file" $objects \
        -L"$out/$layout/lib64" -l"standin-$layout" -lm
}
state classic 8.3.RC1
library classic libascendcl.so runtime
library classic libnnopbase.so meta
library classic libopapi.so ops_math ops_nn

state split 9.0.0
library split libacl_rt.so runtime
library split libnnopbase.so meta
library split libopapi_math.so ops_math
library split libopapi_nn.so ops_nn
library split libopapi_transformer.so

# An old toolkit lacks operators; a damaged one lacks a function that every backend needs.
state old 8.0.0
printf '{ local: aclnnWeightQuantBatchMatmulV3*; };\n' > "$work/old.map"
library old libascendcl.so runtime
library old libnnopbase.so meta
library old libopapi.so ops_math ops_nn -Wl,--version-script="$work/old.map"

state damaged 8.3.RC1
printf '{ local: aclrtMemset; aclrtStreamAbort; };\n' > "$work/damaged.map"
library damaged libascendcl.so runtime -Wl,--version-script="$work/damaged.map"
library damaged libnnopbase.so meta
library damaged libopapi.so ops_math ops_nn

# A toolkit on a machine without a driver: the loader does not find what the runtime library needs.
mkdir -p "$out/orphan/lib64"
"$compiler" -shared -Wl,-soname,libascend_hal.so -o "$work/libascend_hal.so"
"$compiler" -shared -Wl,--no-as-needed -o "$out/orphan/lib64/libascendcl.so" -L"$work" -lascend_hal
cp "$out/orphan/lib64/libascendcl.so" "$out/orphan/lib64/libnnopbase.so"
cp "$out/orphan/lib64/libascendcl.so" "$out/orphan/lib64/libopapi.so"
touch "$out/complete"
echo "ascend stand-in: built with $compiler"
