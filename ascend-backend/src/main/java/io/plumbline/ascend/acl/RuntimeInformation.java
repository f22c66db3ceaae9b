package io.plumbline.ascend.acl;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a toolkit tells about itself and the devices it sees.
 *
 * @param socName the processor's name, such as {@code Ascend910B3}
 * @param family its family, empty if the name is unknown
 * @param devices how many devices this process may use
 * @param version of the toolkit, empty if it cannot be read
 */
public record RuntimeInformation(
        String socName, Optional<SocFamily> family, int devices, Optional<CannVersion> version) {
    private static final int VERSION_BYTES = 128;
    private static final int FOLDERS_DEEP = 3;
    private static final List<String> VERSION_FILES = List.of("version.info", "ascend_toolkit_install.info");

    /**
     * Initialises the runtime for as long as it takes to ask.
     *
     * @throws AclException if the runtime refuses
     */
    public static RuntimeInformation read(AclLibrary library) {
        try (RuntimeReference _ = RuntimeReference.acquire(library)) {
            // The upper half of the result's place stays zero.
            int devices = (int) library.checkResult("aclrtGetDeviceCount");
            String socName = AclLibrary.text(library.pointer("aclrtGetSocName"));
            return new RuntimeInformation(socName, SocFamily.of(socName), devices, version(library));
        }
    }

    private static Optional<CannVersion> version(AclLibrary library) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment text = arena.allocate(VERSION_BYTES);
            if (library.status("aclsysGetVersionStr", arena.allocateFrom("runtime"), text) == 0) {
                Optional<CannVersion> told = CannVersion.of(AclLibrary.text(text, VERSION_BYTES));
                if (told.isPresent()) {
                    return told;
                }
            }
        }
        return versionOfFiles(library.files().home());
    }

    /** A line such as {@code Version=8.3.RC1} of a file that the toolkit's installer leaves. */
    private static Optional<CannVersion> versionOfFiles(Path home) {
        try (Stream<Path> files = Files.walk(home, FOLDERS_DEEP)) {
            return files.filter(file -> VERSION_FILES.contains(String.valueOf(file.getFileName())))
                    .sorted()
                    .flatMap(RuntimeInformation::lines)
                    .filter(line -> line.toLowerCase(Locale.ROOT).startsWith("version="))
                    .flatMap(line -> CannVersion.of(line.substring(line.indexOf('=') + 1)).stream())
                    .findFirst();
        } catch (IOException | UncheckedIOException e) {
            return Optional.empty();
        }
    }

    private static Stream<String> lines(Path file) {
        try {
            return Files.readAllLines(file, StandardCharsets.UTF_8).stream();
        } catch (IOException e) {
            return Stream.empty();
        }
    }
}
