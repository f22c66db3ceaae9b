#!/bin/sh
# Compiles the kernel benchmarks with JMH's annotation processor and runs them.
# Usage: run.sh JAVA_HOME OUT CLASSPATH [OPTION]... (Maven's profile jmh gives these).
set -eu
java_home=$1
out=$2
class_path=$3
shift 3
sources=$(dirname "$0")/java
rm -rf "$out"
mkdir -p "$out"
find "$sources" -name '*.java' > "$out/sources"
"$java_home/bin/javac" --release 25 -proc:full -processor org.openjdk.jmh.generators.BenchmarkProcessor \
    -d "$out" -cp "$class_path" "@$out/sources"
exec "$java_home/bin/java" --add-modules=jdk.incubator.vector --enable-native-access=ALL-UNNAMED \
    --sun-misc-unsafe-memory-access=allow -Xmx2g -Dslf4j.internal.verbosity=ERROR -cp "$out:$class_path" \
    io.plumbline.inference.kernel.benchmark.KernelBenchCommand "$@"
