package io.plumbline.inference.kernel.cuda.driver;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;

/**
 * Where NVIDIA's libraries may lie. A variable that names one is obeyed and nothing else is looked at. Otherwise a name by
 * itself comes first: the loader looks in {@code LD_LIBRARY_PATH}, its cache and the system's folders. Then come the
 * folders in which drivers, toolkits and Python packages put them.
 */
public final class LibrarySearch {
    /** A file to take for the driver. */
    public static final String DRIVER = "PLUMBLINE_CUDA_DRIVER";
    /** A file to take for the run-time compiler. */
    public static final String COMPILER = "PLUMBLINE_NVRTC";

    private static final String DRIVER_FILE = "libcuda.so.1";
    private static final List<String> COMPILER_FILES = List.of("libnvrtc.so.13", "libnvrtc.so.12", "libnvrtc.so.11.2");
    private static final List<String> DRIVER_FOLDERS =
            List.of("usr/local/nvidia/lib64", "usr/lib/wsl/lib", "run/opengl-driver/lib");
    private static final List<String> TOOLKIT_PARTS = List.of("lib64", "lib");
    private static final List<String> PACKAGE_PARTS = List.of("nvidia/cu13/lib", "nvidia/cuda_nvrtc/lib");

    private final Map<String, String> environment;
    private final Path root;

    /** @param root the file system's, but for tests */
    public LibrarySearch(Map<String, String> environment, Path root) {
        this.environment = Map.copyOf(environment);
        this.root = root;
    }

    private String variable(String name) {
        return environment.getOrDefault(name, "").strip();
    }

    /** Files and names that may be the driver, most likely first. */
    public List<String> drivers() {
        return places(DRIVER, List.of(DRIVER_FILE), driverFolders());
    }

    /** Files and names that may be the compiler, newest version first. */
    public List<String> compilers() {
        return places(COMPILER, COMPILER_FILES, compilerFolders());
    }

    private List<String> places(String variable, List<String> files, List<Path> folders) {
        if (!variable(variable).isEmpty()) {
            return List.of(variable(variable));
        }
        SequencedSet<String> places = new LinkedHashSet<>();
        for (String file : files) {
            places.add(file);
            folders.stream()
                    .map(folder -> folder.resolve(file))
                    .filter(Files::isRegularFile)
                    .forEach(found -> places.add(found.toString()));
        }
        return List.copyOf(places);
    }

    private List<Path> driverFolders() {
        return DRIVER_FOLDERS.stream().map(root::resolve).toList();
    }

    private List<Path> compilerFolders() {
        List<Path> toolkits = new ArrayList<>();
        for (String home : List.of("CUDA_HOME", "CUDA_PATH", "CONDA_PREFIX")) {
            if (!variable(home).isEmpty()) {
                toolkits.add(Path.of(variable(home)));
            }
        }
        toolkits.addAll(matching(root.resolve("usr/local"), "cuda*"));
        List<Path> folders = new ArrayList<>();
        for (Path toolkit : toolkits) {
            TOOLKIT_PARTS.forEach(part -> folders.add(toolkit.resolve(part)));
        }
        for (Path packages : pythonPackages()) {
            PACKAGE_PARTS.forEach(part -> folders.add(packages.resolve(part)));
        }
        return folders;
    }

    /** Folders of Python packages: of the active environment, the user, the system. */
    private List<Path> pythonPackages() {
        List<Path> libraries = new ArrayList<>();
        for (String home : List.of("VIRTUAL_ENV", "CONDA_PREFIX")) {
            if (!variable(home).isEmpty()) {
                libraries.add(Path.of(variable(home), "lib"));
            }
        }
        if (!variable("HOME").isEmpty()) {
            libraries.add(Path.of(variable("HOME"), ".local/lib"));
        }
        libraries.add(root.resolve("usr/local/lib"));
        libraries.add(root.resolve("usr/lib"));
        List<Path> packages = new ArrayList<>();
        for (Path library : libraries) {
            for (Path python : matching(library, "python3*")) {
                packages.add(python.resolve("site-packages"));
                packages.add(python.resolve("dist-packages"));
            }
        }
        return packages;
    }

    /** Folders whose name matches, the highest version first. */
    private static List<Path> matching(Path folder, String pattern) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, pattern)) {
            entries.forEach(found::add);
        } catch (IOException e) {
            return List.of(); // a folder that may not be read holds nothing for us
        }
        Collections.sort(found, Collections.reverseOrder());
        return found;
    }
}
