package io.plumbline.finetune.runner;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkerIdentityTest {
    @TempDir
    Path directory;

    @Test
    void aNameSurvivesARestart() throws IOException {
        String first;
        try (WorkerIdentity worker = WorkerIdentity.acquire(directory)) {
            first = worker.name();
        }
        try (WorkerIdentity worker = WorkerIdentity.acquire(directory)) {
            assertThat(worker.name()).isEqualTo(first);
        }
    }

    @Test
    void twoWorkersOfOneDirectoryHaveTwoNames() throws IOException {
        try (WorkerIdentity one = WorkerIdentity.acquire(directory);
                WorkerIdentity other = WorkerIdentity.acquire(directory)) {
            assertThat(one.name()).isNotEqualTo(other.name());
        }
    }
}
