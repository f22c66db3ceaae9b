package io.plumbline.finetune.runner;

import java.io.File;
import java.nio.file.Path;
import java.util.Optional;

/** Finds the class path of the trainer process. */
final class TrainerClassPath {
    private static final String PACKAGED_SERVER = "quarkus-run.jar";

    private TrainerClassPath() {}

    /**
     * What was configured; else the libraries of the packaged server; else, as in tests, the class path of this process.
     *
     * @param ownClassPath {@code java.class.path} of this process
     */
    static String of(Optional<String> configured, String ownClassPath) {
        if (configured.isPresent()) {
            return configured.get();
        }
        Path first = Path.of(ownClassPath.split(File.pathSeparator, 2)[0]).toAbsolutePath();
        Path folder = first.getParent();
        return first.endsWith(PACKAGED_SERVER) && folder != null
                ? folder.resolve("lib").resolve("main") + File.separator + "*"
                : ownClassPath;
    }
}
