package io.plumbline.ascend;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What this machine has for Ascend devices, found by looking at files only.
 *
 * @param runtimeLibrary {@code libascendcl.so} of the CANN toolkit
 * @param deviceFiles {@code /dev/davinci0}, {@code /dev/davinci1} …
 * @param searched where the library was looked for
 */
record AscendHost(Optional<Path> runtimeLibrary, List<Path> deviceFiles, List<Path> searched) {
    private static final String RUNTIME_LIBRARY = "libascendcl.so";

    /**
     * Looks in the folders that CANN's set_env.sh names, then in its default place.
     *
     * @param toolkitHome value of ASCEND_TOOLKIT_HOME, or empty
     * @param libraryPath value of LD_LIBRARY_PATH, or empty
     * @param devices folder of device files, normally {@code /dev}
     */
    static AscendHost look(String toolkitHome, String libraryPath, Path devices) {
        List<Path> folders = Stream.concat(
                        Stream.of(libraryPath.split(":"))
                                .filter(s -> !s.isBlank())
                                .map(Path::of),
                        Stream.of(
                                        toolkitHome.isBlank() ? "" : toolkitHome + "/lib64",
                                        "/usr/local/Ascend/ascend-toolkit/latest/lib64",
                                        "/usr/local/Ascend/latest/lib64")
                                .filter(s -> !s.isBlank())
                                .map(Path::of))
                .distinct()
                .toList();
        Optional<Path> library = folders.stream()
                .map(f -> f.resolve(RUNTIME_LIBRARY))
                .filter(Files::isRegularFile)
                .findFirst();
        return new AscendHost(library, deviceFiles(devices), folders);
    }

    private static List<Path> deviceFiles(Path devices) {
        return Stream.iterate(0, i -> i + 1)
                .limit(64)
                .map(i -> devices.resolve("davinci" + i))
                .filter(Files::exists)
                .toList();
    }
}
