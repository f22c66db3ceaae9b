package io.plumbline.finetune.runner;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class TrainerClassPathTest {
    @Test
    void whatIsConfiguredWins() {
        assertThat(TrainerClassPath.of(Optional.of("a.jar"), "/app/quarkus-run.jar"))
                .isEqualTo("a.jar");
    }

    @Test
    void thePackagedServersLibrariesAreFoundBesideIt() {
        assertThat(TrainerClassPath.of(Optional.empty(), "/app/quarkus-run.jar"))
                .isEqualTo("/app/lib/main/*");
    }

    @Test
    void elseItIsThatOfThisProcess() {
        assertThat(TrainerClassPath.of(Optional.empty(), "/a/classes:/b.jar")).isEqualTo("/a/classes:/b.jar");
    }
}
