#!/bin/sh
# Puts together what a bare Linux machine with a GPU needs to check the CUDA kernels (CudaDeviceCheck), in less than 64 MiB.
# Build first: mvn -pl inference-pool -am test-compile. Usage: carry.sh OUT; there: OUT/check
set -eu
module=$(cd "$(dirname "$0")/../../.." && pwd)
out=$1
jars=${MAVEN_REPOSITORY:-$HOME/.m2/repository}
rm -rf "$out"
mkdir -p "$out/jars"
"$JAVA_HOME/bin/jlink" --add-modules java.base,java.logging,jdk.incubator.vector --strip-debug --no-header-files \
    --no-man-pages --compress zip-9 --output "$out/runtime"
"$JAVA_HOME/bin/jar" --create --file "$out/jars/plumbline.jar" -C "$module/target/classes" .
(cd "$module/target/test-classes" && "$JAVA_HOME/bin/jar" --create --file "$out/jars/tests.jar" \
    $(find io/plumbline/inference/kernel io/plumbline/inference/quant -name '*.class'))
for artifact in org/slf4j/slf4j-api org/jspecify/jspecify; do
    cp "$(find "$jars/$artifact" -name '*.jar' ! -name '*-sources.jar' | sort | tail -1)" "$out/jars/"
done
cat > "$out/check" << 'CHECK'
#!/bin/sh
here=$(cd "$(dirname "$0")" && pwd)
exec "$here/runtime/bin/java" --add-modules=jdk.incubator.vector --enable-native-access=ALL-UNNAMED \
    -cp "$here/jars/*" io.plumbline.inference.kernel.cuda.CudaDeviceCheck
CHECK
chmod +x "$out/check"
du -sh "$out"
