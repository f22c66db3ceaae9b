package io.plumbline.inference.kernel.ffm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The native thread pool alone: {@code pool_stress.c}, with and without the compiler's thread sanitizer. */
class ThreadPoolTest {
    private static final Path MAIN = Path.of("src/main/c").toAbsolutePath();
    private static final Path STRESS = Path.of("src/test/c/pool_stress.c").toAbsolutePath();

    @TempDir
    Path folder;

    /** What a program said and how it ended. */
    private record Ended(int code, String output) {}

    @Test
    void everyTaskRunsOnce() throws Exception {
        Path program = build("-O2");
        Ended ended = run(List.of(program.toString()));
        assertThat(ended.output()).isEmpty();
        assertThat(ended.code()).isZero();
    }

    @Test
    void withoutDataRaces() throws Exception {
        assumeTrue(hasSanitizer(), "this compiler has no thread sanitizer");
        Path program = build("-O1", "-g", "-fsanitize=thread");
        // The sanitizer wants its own places in memory, which randomised addresses may take.
        Ended ended = run(List.of("setarch", "-R", program.toString()));
        assertThat(ended.output()).isEmpty();
        assertThat(ended.code()).isZero();
    }

    private boolean hasSanitizer() throws Exception {
        Path source = folder.resolve("empty.c");
        Files.writeString(source, "int main(void) { return 0; }\n");
        Path program = folder.resolve("empty");
        try {
            Ended built = run(List.of("cc", "-fsanitize=thread", "-o", program.toString(), source.toString()));
            return built.code() == 0
                    && run(List.of("setarch", "-R", program.toString())).code() == 0;
        } catch (IOException e) { // no compiler, or no setarch
            return false;
        }
    }

    private Path build(String... flags) throws Exception {
        Path program = folder.resolve("pool-stress");
        List<String> command = new ArrayList<>(List.of("cc", "-std=gnu11", "-I", MAIN.toString()));
        command.addAll(List.of(flags));
        command.addAll(List.of(
                "-o",
                program.toString(),
                STRESS.toString(),
                MAIN.resolve("pool.c").toString(),
                "-lpthread"));
        Ended ended;
        try {
            ended = run(command);
        } catch (IOException e) {
            assumeTrue(false, "there is no C compiler: " + e.getMessage());
            throw e;
        }
        assertThat(ended.code()).as(ended.output()).isZero();
        return program;
    }

    private static Ended run(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ended(process.waitFor(), output);
    }
}
