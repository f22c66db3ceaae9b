package io.plumbline.finetune.runner;

import io.plumbline.finetune.training.TrainingJson;
import io.plumbline.finetune.training.TrainingSpec;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts the trainer as a plain Java process, without Quarkus: what it does to memory or to itself cannot hurt the
 * server, and it can be ended. It inherits no secret: only the few environment variables that a trainer needs.
 *
 * <p>See docs/decisions/0008-trainer-process.md.
 */
final class JavaTrainerLauncher implements TrainerLauncher {
    /** By name, because the runner must not load what the trainer loads. */
    private static final String MAIN = "io.plumbline.finetune.training.TrainCommand";

    private static final Logger LOG = LoggerFactory.getLogger(JavaTrainerLauncher.class);

    private static final Set<String> INHERITED = Set.of(
            "PATH",
            "LANG",
            "LC_ALL",
            "TZ",
            "HOME",
            "TMPDIR",
            "TEMP",
            "SystemRoot",
            "LD_LIBRARY_PATH",
            "PLUMBLINE_BACKEND",
            "PLUMBLINE_CACHE",
            "CUDA_VISIBLE_DEVICES",
            "CUDA_HOME",
            "CUDA_PATH",
            "VIRTUAL_ENV",
            "CONDA_PREFIX",
            "XDG_CACHE_HOME",
            "PLUMBLINE_CUDA_DEVICE",
            "PLUMBLINE_CUDA_DRIVER",
            "PLUMBLINE_NVRTC",
            "PLUMBLINE_CUDA_CACHE",
            "ASCEND_RT_VISIBLE_DEVICES",
            "ASCEND_HOME_PATH",
            "ASCEND_TOOLKIT_HOME",
            "ASCEND_OPP_PATH",
            "ASCEND_CUSTOM_OPP_PATH",
            "ASCEND_COREDUMP_SIGNAL",
            "PLUMBLINE_ASCEND_HOME",
            "PLUMBLINE_ASCEND_DEVICE",
            "PLUMBLINE_ASCEND_TIMEOUT_SECONDS",
            "PLUMBLINE_ASCEND_UNVERIFIED",
            "OMP_NUM_THREADS");

    private final TrainerConfig config;
    private final String classPath;

    JavaTrainerLauncher(TrainerConfig config) {
        this.config = config;
        this.classPath = TrainerClassPath.of(config.classpath(), System.getProperty("java.class.path", ""));
    }

    @Override
    public TrainerProcess start(TrainingSpec spec, Workspace workspace) throws IOException {
        LeftoverTrainer.end(workspace.process());
        Files.writeString(workspace.spec(), TrainingJson.write(spec));
        ProcessBuilder builder = new ProcessBuilder(command(workspace.spec()))
                .directory(workspace.directory().toFile())
                .redirectError(ProcessBuilder.Redirect.appendTo(workspace.log().toFile()));
        builder.environment().keySet().retainAll(INHERITED);
        Process process = builder.start();
        try {
            LeftoverTrainer.remember(workspace.process(), process.toHandle());
        } catch (IOException e) {
            process.destroyForcibly();
            throw e;
        }
        return new Child(process, workspace.log());
    }

    private List<String> command(Path spec) {
        List<String> command = new ArrayList<>();
        nice().ifPresent(program -> command.addAll(List.of(program.toString(), "-n", Integer.toString(config.nice()))));
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(
                "--add-modules=jdk.incubator.vector",
                "--enable-native-access=ALL-UNNAMED",
                "-Xmx" + config.maxHeap(),
                "-XX:+ExitOnOutOfMemoryError",
                "-XX:-UsePerfData",
                "-Dfile.encoding=UTF-8",
                "-cp",
                classPath,
                MAIN,
                "--spec",
                spec.toString(),
                "--die-with-parent"));
        return command;
    }

    private Optional<Path> nice() {
        return config.nice() <= 0
                ? Optional.empty()
                : Stream.of("/usr/bin/nice", "/bin/nice")
                        .map(Path::of)
                        .filter(Files::isExecutable)
                        .findFirst();
    }

    /** Its standard input stays open and unused: the end of this process closes it, which ends the trainer. */
    private record Child(Process process, Path log) implements TrainerProcess {
        @Override
        public BufferedReader events() {
            return process.inputReader(java.nio.charset.StandardCharsets.UTF_8);
        }

        // By its handle: Process.destroy would also close our end of its output, and with it lose its last events.
        @Override
        public void terminate() {
            ignoreIfGone(process.toHandle().destroy());
        }

        @Override
        public void kill() {
            ignoreIfGone(process.toHandle().destroyForcibly());
        }

        /** A signal that cannot be delivered means that the process has ended, which is what was wanted. */
        private static void ignoreIfGone(boolean delivered) {
            if (!delivered) {
                LOG.debug("the trainer had ended before it was asked to");
            }
        }

        @Override
        public int exitCode() throws InterruptedException {
            return process.waitFor();
        }

        @Override
        public List<String> lastWords() {
            return LastWords.of(log);
        }

        @Override
        public void close() {
            process.destroyForcibly();
        }
    }
}
