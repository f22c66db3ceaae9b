package io.plumbline.ascend.acl;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Where the toolkit may lie, in the order in which it is looked for: the configured folder, the folders of CANN's
 * set_env.sh, LD_LIBRARY_PATH, the default places.
 *
 * @param homes toolkit folders, which have {@code lib64}
 * @param folders folders of libraries
 */
public record ToolkitSearch(List<Path> homes, List<Path> folders) {
    /** The variables that name a toolkit folder, first come first served. */
    public static final List<String> VARIABLES =
            List.of("PLUMBLINE_ASCEND_HOME", "ASCEND_HOME_PATH", "ASCEND_TOOLKIT_HOME");

    private static final List<Path> DEFAULT_HOMES = List.of(
            Path.of("/usr/local/Ascend/cann"),
            Path.of("/usr/local/Ascend/ascend-toolkit/latest"),
            Path.of("/usr/local/Ascend/latest"));

    private static final List<String> RUNTIMES = List.of("libacl_rt.so", "libascendcl.so");
    private static final String META = "libnnopbase.so";
    private static final List<String> SPLIT_OPERATORS = List.of("math", "nn", "transformer");
    private static final String ALL_OPERATORS = "libopapi.so";

    public ToolkitSearch {
        homes = List.copyOf(homes);
        folders = List.copyOf(folders);
    }

    /** The search that an environment asks for. A configured folder that is there is the only one. */
    public static ToolkitSearch of(Map<String, String> environment) {
        String configured = environment.getOrDefault(VARIABLES.getFirst(), "");
        if (!configured.isBlank()) {
            return inside(List.of(Path.of(configured)), Stream.empty());
        }
        Stream<Path> named = VARIABLES.stream()
                .map(name -> environment.getOrDefault(name, ""))
                .filter(value -> !value.isBlank())
                .map(Path::of);
        Stream<Path> libraryPath = Stream.of(
                        environment.getOrDefault("LD_LIBRARY_PATH", "").split(":"))
                .filter(value -> !value.isBlank())
                .map(Path::of);
        return inside(Stream.concat(named, DEFAULT_HOMES.stream()).toList(), libraryPath);
    }

    private static ToolkitSearch inside(List<Path> homes, Stream<Path> more) {
        Set<Path> folders = new LinkedHashSet<>();
        homes.forEach(home -> folders.add(home.resolve("lib64")));
        more.forEach(folders::add);
        return new ToolkitSearch(homes, List.copyOf(folders));
    }

    /** The first folder that has a runtime library, with what lies beside it. */
    public Optional<ToolkitFiles> find() {
        for (Path folder : folders) {
            for (String runtime : RUNTIMES) {
                Path file = folder.resolve(runtime);
                if (Files.isRegularFile(file)) {
                    return Optional.of(filesBeside(folder, file));
                }
            }
        }
        return Optional.empty();
    }

    private static ToolkitFiles filesBeside(Path folder, Path runtime) {
        List<Path> operators = new ArrayList<>();
        for (String part : SPLIT_OPERATORS) {
            operators.add(folder.resolve("libopapi_%s.so".formatted(part)));
        }
        operators.removeIf(file -> !Files.isRegularFile(file));
        // The two generations must not be mixed: the one library for all counts only where no split one is.
        if (operators.isEmpty() && Files.isRegularFile(folder.resolve(ALL_OPERATORS))) {
            operators.add(folder.resolve(ALL_OPERATORS));
        }
        return new ToolkitFiles(runtime, folder.resolve(META), operators);
    }
}
