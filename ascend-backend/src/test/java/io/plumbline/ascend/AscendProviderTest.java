package io.plumbline.ascend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plumbline.inference.kernel.Availability;
import io.plumbline.inference.kernel.BackendOptions;
import io.plumbline.inference.kernel.BackendProvider;
import io.plumbline.inference.kernel.KernelException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AscendProviderTest {
    @TempDir
    Path folder;

    @Test
    void isFoundByServiceLoader() {
        assertThat(ServiceLoader.load(BackendProvider.class))
                .extracting(BackendProvider::name)
                .contains("ascend");
    }

    @Test
    void namesEverythingThatIsMissingWithItsRemedy() {
        AscendProvider provider =
                new AscendProvider(AscendHost.look(folder.resolve("toolkit").toString(), "", folder));

        assertThat(provider.probe()).isInstanceOfSatisfying(Availability.Unavailable.class, unavailable -> {
            assertThat(unavailable.reason()).contains("/dev/davinci0", "libascendcl.so", "toolkit/lib64");
            assertThat(unavailable.remedy()).contains("driver", "CANN toolkit", "'cpu'");
        });
    }

    @Test
    void doesNotClaimThatAPresentDriverIsMissing() throws IOException {
        Files.createFile(folder.resolve("davinci0"));
        Files.createFile(folder.resolve("libascendcl.so"));
        AscendProvider provider = new AscendProvider(AscendHost.look("", folder.toString(), folder));

        assertThat(provider.probe())
                .isInstanceOfSatisfying(Availability.Unavailable.class, unavailable -> assertThat(unavailable.reason())
                        .isEqualTo("this version of Plumbline has no Ascend kernels"));
    }

    @Test
    void refusesToOpenWithReasonAndRemedy() {
        AscendProvider provider = new AscendProvider(AscendHost.look("", "", folder));

        assertThatThrownBy(() -> provider.open(BackendOptions.defaults()))
                .isInstanceOf(KernelException.class)
                .hasMessageContaining("cannot be opened")
                .hasMessageContaining("Remedy");
    }
}
