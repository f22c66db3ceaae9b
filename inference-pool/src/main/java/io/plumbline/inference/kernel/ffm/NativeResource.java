package io.plumbline.inference.kernel.ffm;

import io.plumbline.inference.kernel.KernelException;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

/** Native libraries that travel inside the jar, one per operating system and processor family. */
final class NativeResource {
    private static final Map<String, String> PROCESSORS =
            Map.of("amd64", "x86_64", "x86_64", "x86_64", "aarch64", "aarch64", "arm64", "aarch64");

    private NativeResource() {}

    /** Operating system and processor of this process as build.sh names them, such as {@code linux-x86_64}. */
    static String platform() {
        String system = System.getProperty("os.name").toLowerCase(Locale.ROOT).split(" ", 2)[0];
        String processor = System.getProperty("os.arch");
        return system + "-" + PROCESSORS.getOrDefault(processor, processor);
    }

    static boolean exists(String fileName) {
        return NativeResource.class.getResource(path(fileName)) != null;
    }

    private static String path(String fileName) {
        return "/native/" + platform() + "/" + fileName;
    }

    /**
     * Copies the library to a private temporary folder, maps it for the life of the process and deletes the copy.
     *
     * @throws KernelException if the copy cannot be written or the loader refuses it
     */
    static SymbolLookup load(String fileName) {
        try (InputStream in = NativeResource.class.getResourceAsStream(path(fileName))) {
            if (in == null) {
                throw new KernelException("this build has no %s for %s".formatted(fileName, platform()));
            }
            Path folder = Files.createTempDirectory("plumbline-native-");
            Path copy = folder.resolve(fileName);
            try {
                Files.copy(in, copy);
                return SymbolLookup.libraryLookup(copy, Arena.global());
            } finally {
                Files.deleteIfExists(copy);
                Files.deleteIfExists(folder);
            }
        } catch (IOException e) {
            throw new KernelException(
                    "cannot unpack %s into %s: %s; set -Djava.io.tmpdir to a folder with space that may hold executables"
                            .formatted(fileName, System.getProperty("java.io.tmpdir"), e.getMessage()),
                    e);
        } catch (IllegalArgumentException e) {
            throw new KernelException(
                    "the loader refused %s: %s; set -Djava.io.tmpdir to a folder that is not mounted noexec"
                            .formatted(fileName, e.getMessage()),
                    e);
        }
    }
}
