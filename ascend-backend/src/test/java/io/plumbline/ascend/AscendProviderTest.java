package io.plumbline.ascend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.plumbline.ascend.standin.StandIn;
import io.plumbline.ascend.standin.StandInTest;
import io.plumbline.inference.kernel.Availability;
import io.plumbline.inference.kernel.Availability.Available;
import io.plumbline.inference.kernel.Availability.Unavailable;
import io.plumbline.inference.kernel.Backend;
import io.plumbline.inference.kernel.BackendOptions;
import io.plumbline.inference.kernel.KernelException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the probe says, with a device file and a toolkit that are there: the rest is up to the toolkit. */
class AscendProviderTest extends StandInTest {
    @TempDir
    Path devices;

    private final Map<String, String> environment = new HashMap<>();

    AscendProviderTest() {
        super(StandIn.SPLIT);
    }

    @BeforeEach
    void aMachineThatHasEverything() throws IOException {
        Files.createFile(devices.resolve("davinci0"));
        environment.put("ASCEND_COREDUMP_SIGNAL", "none");
        use(StandIn.SPLIT);
    }

    private void use(StandIn toolkit) {
        toolkit.reset();
        environment.put("ASCEND_HOME_PATH", toolkit.home().toString());
    }

    private AscendProvider provider() {
        return new AscendProvider(AscendHost.look(environment, devices, devices));
    }

    private void assertUnavailable(String reason, String remedy) {
        assertThat(provider().probe()).isInstanceOfSatisfying(Unavailable.class, unavailable -> {
            assertThat(unavailable.reason()).contains(reason);
            assertThat(unavailable.remedy()).contains(remedy).endsWith("; or use the backend 'cpu'");
        });
        assertThatExceptionOfType(KernelException.class)
                .isThrownBy(() -> provider().open(BackendOptions.defaults()).close())
                .withMessageContaining("backend 'ascend' cannot be opened: ")
                .withMessageContaining(reason)
                .withMessageContaining(remedy);
    }

    @ParameterizedTest
    @CsvSource({"CLASSIC,8.3.RC1", "SPLIT,9.0.0", "OLD,8.0.0"})
    void everyLayoutOfTheToolkitIsFoundAndOpened(StandIn toolkit, String version) {
        use(toolkit);
        assertThat(provider().probe())
                .isEqualTo(new Available(
                        0,
                        "Ascend910B3, A2 (910B), CANN %s (contract-tested, not hardware-verified; matmul and RMS norm only)"
                                .formatted(version)));
        try (Backend backend = provider().open(BackendOptions.defaults())) {
            assertThat(backend.name()).isEqualTo("ascend");
        }
        assertThat(toolkit.leaks()).isEmpty();
    }

    @Test
    void theOldToolkitMultipliesWithTheOlderOperator() {
        use(StandIn.OLD);
        provider().open(BackendOptions.defaults()).close();
        assertThat(StandIn.OLD.journal())
                .contains("aclnnWeightQuantBatchMatmulV2")
                .doesNotContain("aclnnWeightQuantBatchMatmulV3");
        use(StandIn.SPLIT);
        provider().open(BackendOptions.defaults()).close();
        assertThat(standIn.journal())
                .contains("aclnnWeightQuantBatchMatmulV3")
                .doesNotContain("aclnnWeightQuantBatchMatmulV2");
    }

    @Test
    void aProbeLeavesNoTrace() {
        assertThat(provider().probe()).isInstanceOf(Available.class);
        assertThat(standIn.leaks()).isEmpty();
        assertThat(standIn.journal()).doesNotContain("aclrtSetDevice");
    }

    @Test
    void aProbeOnAVirtualThreadWorks() throws InterruptedException {
        Availability[] answer = new Availability[1];
        Thread.ofVirtual().start(() -> answer[0] = provider().probe()).join();
        assertThat(answer[0]).isInstanceOf(Available.class);
    }

    @Test
    void signalsMustBeLeftToTheJvm() {
        environment.remove("ASCEND_COREDUMP_SIGNAL");
        assertUnavailable("ASCEND_COREDUMP_SIGNAL is not 'none'", "set ASCEND_COREDUMP_SIGNAL=none before");
        assertThat(standIn.journal()).as("nothing was asked of the runtime").isEmpty();
    }

    @Test
    void aLinkStubIsNamed() {
        standIn.option("stub", 1);
        assertUnavailable("100039 COMPILING_STUB_MODE", "devlib");
    }

    @Test
    void noVisibleDeviceIsNamed() {
        standIn.option("devices", 0);
        assertUnavailable("the runtime sees 0 device(s), number 0 is asked for", "npu-smi info");
    }

    @Test
    void aDeviceNumberThatIsNotThereIsNamed() {
        environment.put("PLUMBLINE_ASCEND_DEVICE", "3");
        assertUnavailable("the runtime sees 1 device(s), number 3 is asked for", "PLUMBLINE_ASCEND_DEVICE");
        environment.put("PLUMBLINE_ASCEND_DEVICE", "three");
        assertUnavailable("PLUMBLINE_ASCEND_DEVICE is 'three'", "a number from 0 to 63");
    }

    @ParameterizedTest
    @CsvSource({
        "Ascend920X,the device calls itself 'Ascend920X'",
        "Ascend910B,the device is an Ascend910B",
        "Ascend310B4,the device is an Ascend310B4"
    })
    void aProcessorThatIsUnknownOrNoTargetIsRefused(String soc, String reason) {
        standIn.soc(soc);
        assertUnavailable(reason, "use");
    }

    @Test
    void missingSymbolsAreListed() {
        use(StandIn.DAMAGED);
        assertUnavailable("lack [aclrtStreamAbort, aclrtMemset]", "8.0 to 9.x");
    }

    @Test
    void versionsThatAreTooOldTooNewOrUnreadableAreRefused() {
        standIn.version("7.0.1");
        assertUnavailable("CANN 7.0.1 is too old", "install CANN 8.0 or later");
        standIn.version("10.0.0");
        assertUnavailable("CANN 10.0.0 is newer", "PLUMBLINE_ASCEND_UNVERIFIED=true");
        standIn.version("");
        assertUnavailable("version of the CANN toolkit cannot be read", "PLUMBLINE_ASCEND_UNVERIFIED=true");
        environment.put("PLUMBLINE_ASCEND_UNVERIFIED", "true");
        assertThat(provider().probe()).isInstanceOf(Available.class);
    }

    @Test
    void theVersionIsReadFromTheToolkitsFilesWhereTheRuntimeDoesNotTellIt(@TempDir Path home) throws IOException {
        Path lib = Files.createDirectories(home.resolve("lib64"));
        try (var files = Files.list(StandIn.SPLIT.home().resolve("lib64"))) {
            for (Path file : files.toList()) {
                Files.copy(file, lib.resolve(file.getFileName()));
            }
        }
        Files.writeString(home.resolve("version.info"), "package=toolkit\nVersion=7.3.T1\n");
        environment.put("ASCEND_HOME_PATH", home.toString());
        standIn.version("");
        assertUnavailable("CANN 7.3.T1 is too old", "install CANN 8.0 or later");
    }

    @Test
    void aLibraryThatTheLoaderRefusesIsNamed() {
        Path home = StandIn.SPLIT.home().resolveSibling("orphan");
        environment.put("ASCEND_HOME_PATH", home.toString());
        assertUnavailable("libascend_hal.so: cannot open shared object file", "LD_LIBRARY_PATH");
        assertUnavailable("the loader refuses " + home.resolve("lib64/libascendcl.so"), "LD_LIBRARY_PATH");
    }

    @Test
    void aDamagedOperatorPackageIsNamed(@TempDir Path home) throws IOException {
        Path lib = Files.createDirectories(home.resolve("lib64"));
        Path original = StandIn.SPLIT.home().resolve("lib64");
        for (String name : new String[] {"libacl_rt.so", "libnnopbase.so", "libopapi_math.so", "libstandin-split.so"}) {
            Files.copy(original.resolve(name), lib.resolve(name));
        }
        environment.put("ASCEND_HOME_PATH", home.toString());
        assertUnavailable("lack [aclnnRmsNorm, aclnnWeightQuantBatchMatmulV2]", "operator package");
    }
}
