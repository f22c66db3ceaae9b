package io.plumbline.ascend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.plumbline.inference.kernel.Availability.Unavailable;
import io.plumbline.inference.kernel.Backend;
import io.plumbline.inference.kernel.BackendOptions;
import io.plumbline.inference.kernel.BackendProvider;
import io.plumbline.inference.kernel.Backends;
import io.plumbline.inference.kernel.KernelException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A machine without Ascend. */
class AbsentAscendTest {
    @TempDir
    Path folder;

    private Unavailable probe(Map<String, String> environment) {
        AscendProvider provider =
                new AscendProvider(AscendHost.look(environment, folder, folder.resolve("driver/lib64")));
        return (Unavailable) provider.probe();
    }

    @Test
    void isFoundByServiceLoader() {
        assertThat(ServiceLoader.load(BackendProvider.class))
                .extracting(BackendProvider::name)
                .contains("ascend");
    }

    @Test
    void everythingThatIsMissingIsNamedWithItsRemedy() {
        Path toolkit = folder.resolve("toolkit");
        Unavailable unavailable = probe(Map.of("ASCEND_TOOLKIT_HOME", toolkit.toString()));
        assertThat(unavailable.reason())
                .contains(
                        "/dev/davinci0 is missing",
                        "/usr/local/Ascend/driver/lib64 is missing",
                        "neither libacl_rt.so nor libascendcl.so",
                        toolkit.resolve("lib64").toString(),
                        "/usr/local/Ascend/cann/lib64",
                        "ASCEND_COREDUMP_SIGNAL");
        assertThat(unavailable.remedy())
                .contains("install the Ascend driver", "container", "set_env.sh", "PLUMBLINE_ASCEND_HOME", "'cpu'");
    }

    @Test
    void aDeviceThatIsThereIsNotCalledMissing() throws IOException {
        Files.createFile(folder.resolve("davinci0"));
        assertThat(probe(Map.of("ASCEND_COREDUMP_SIGNAL", "none")).reason())
                .startsWith("no CANN runtime")
                .doesNotContain("davinci", "driver");
    }

    @Test
    void aToolkitWithoutOperatorsIsNamed() throws IOException {
        Path lib = Files.createDirectories(folder.resolve("lib64"));
        Files.createFile(lib.resolve("libascendcl.so"));
        Files.createFile(folder.resolve("davinci0"));
        assertThat(probe(Map.of("ASCEND_HOME_PATH", folder.toString(), "ASCEND_COREDUMP_SIGNAL", "none"))
                        .reason())
                .contains("has no libnnopbase.so", "has no libopapi.so");
    }

    @Test
    void chosenByNameItIsRefusedWithReasonAndRemedyAndAutoPassesItOver() {
        assumeFalse(Files.exists(Path.of("/dev/davinci0")), "this machine has an Ascend device");
        assertThatExceptionOfType(KernelException.class)
                .isThrownBy(() -> Backends.open("ascend", new BackendOptions(1)).close())
                .withMessageContaining("backend 'ascend' cannot run here: no Ascend device (/dev/davinci0 is missing)")
                .withMessageContaining("Remedy: install the Ascend driver");
        try (Backend auto = Backends.open(Backends.AUTO, new BackendOptions(1))) {
            assertThat(auto.name()).isNotEqualTo("ascend");
        }
    }
}
