package io.plumbline.inference.kernel.vector;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The arithmetic is the same where vectors have 4 or 8 lanes and a canonical sum takes several passes. */
class VectorWidthTest {
    @ParameterizedTest
    @ValueSource(ints = {16, 32})
    void narrowVectorsGiveTheSameBits(int bytes) throws Exception {
        Process process = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:MaxVectorSize=" + bytes,
                        "--add-modules=jdk.incubator.vector",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        NarrowVectors.class.getName()))
                .redirectErrorStream(true)
                .start();
        process.getOutputStream().close();
        List<String> output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .filter(line ->
                        line.startsWith("differs") || line.startsWith("Vector API") || line.contains("xception"))
                .toList();
        assertThat(process.waitFor()).isZero();
        assertThat(output).singleElement().asString().matches(".*\\d{2,} cases compared");
        int widest = Lanes.WIDTH;
        assertThat(output.getFirst()).startsWith("Vector API, %d-bit".formatted(8 * Math.min(bytes, widest)));
    }
}
