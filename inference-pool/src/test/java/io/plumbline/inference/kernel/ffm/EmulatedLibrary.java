package io.plumbline.inference.kernel.ffm;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The kernels for 64-bit ARM, made by a cross compiler and run by a user-mode emulator: the same library, calls and
 * tests as on the processor itself. One emulator serves all tests of a process; it ends with it.
 */
public final class EmulatedLibrary {
    private static final String COMPILER = "aarch64-linux-gnu-gcc";
    private static final String EMULATOR = "qemu-aarch64";
    private static final Path SOURCES = Path.of("src/main/c");
    private static final Path SERVER_SOURCE = Path.of("src/test/c/kernel_server.c");
    private static final Path OUT = Path.of("target/emulated");

    private static final class Started {
        static final CpuRuntime RUNTIME = start();
    }

    private EmulatedLibrary() {}

    /** What is needed for these tests and not there; empty if they can run. */
    public static Optional<String> missing() {
        if (NativeResource.platform().endsWith("aarch64")) {
            return Optional.of("no emulator needed: the tests of the cpu backend run on this processor");
        }
        List<String> absent = Stream.of(COMPILER, EMULATOR)
                .filter(program -> !onPath(program))
                .toList();
        return absent.isEmpty()
                ? Optional.empty()
                : Optional.of(("NEON kernels are not tested: no %s. On Debian: apt-get install gcc-aarch64-linux-gnu"
                                + " libc6-dev-arm64-cross qemu-user")
                        .formatted(String.join(", no ", absent)));
    }

    private static boolean onPath(String program) {
        return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(":"))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }

    /** The library in a running emulator. */
    public static CpuRuntime runtime() {
        return Started.RUNTIME;
    }

    private static CpuRuntime start() {
        try {
            Files.createDirectories(OUT);
            run(List.of(
                    "sh",
                    SOURCES.resolve("build.sh").toString(),
                    OUT.toAbsolutePath().toString()));
            Path server = OUT.resolve("kernel_server");
            run(List.of(
                    COMPILER,
                    "-std=gnu11",
                    "-O2",
                    "-Wall",
                    "-Wextra",
                    "-Werror",
                    SERVER_SOURCE.toString(),
                    "-o",
                    server.toString(),
                    "-ldl"));
            Path memoryFile = Files.createTempFile("plumbline-emulated-", ".memory");
            SharedMemory memory = SharedMemory.map(memoryFile);
            Path library = OUT.resolve("native/linux-aarch64/libplumbline-cpu.so");
            Process emulator = new ProcessBuilder(
                            EMULATOR,
                            "-L",
                            systemRoot().toString(),
                            server.toString(),
                            library.toString(),
                            memoryFile.toString(),
                            Long.toHexString(SharedMemory.ADDRESS_OF_MEMORY),
                            Long.toString(SharedMemory.BYTES))
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            CpuRuntime runtime = new CpuRuntime(new EmulatedFunctions(emulator, memory));
            // Both sides have mapped it: the first answer has come.
            Files.delete(memoryFile);
            return runtime;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Where the cross compiler keeps the C library of the other processor: the folder above lib/libc.so.6. */
    private static Path systemRoot() throws IOException {
        String library = run(List.of(COMPILER, "-print-file-name=libc.so.6")).strip();
        return Path.of(library).toRealPath().resolve("../..").normalize();
    }

    private static String run(List<String> command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("CC", COMPILER);
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int code = process.onExit().join().exitValue();
        if (code != 0) {
            throw new IOException("%s ended with %d:%n%s".formatted(command, code, output));
        }
        return output;
    }
}
