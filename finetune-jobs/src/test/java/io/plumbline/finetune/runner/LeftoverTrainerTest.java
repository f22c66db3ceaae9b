package io.plumbline.finetune.runner;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LeftoverTrainerTest {
    @TempDir
    Path directory;

    @Test
    void aTrainerOfAnEarlierLifeIsEnded() throws IOException, InterruptedException {
        Process leftover = new ProcessBuilder("sleep", "600").start();
        Path file = directory.resolve("trainer.process");
        LeftoverTrainer.remember(file, leftover.toHandle());

        LeftoverTrainer.end(file);

        assertThat(leftover.waitFor()).isEqualTo(137);
    }

    @Test
    void anotherProcessThatGotTheSameIdIsLeftAlone() throws IOException {
        Process other = new ProcessBuilder("sleep", "600").start();
        try {
            Path file = directory.resolve("trainer.process");
            Files.writeString(file, other.pid() + " 2001-01-01T00:00:00Z");

            LeftoverTrainer.end(file);

            assertThat(other.isAlive()).isTrue();
        } finally {
            other.destroyForcibly();
        }
    }

    @Test
    void withoutAnEarlierTrainerNothingHappens() throws IOException {
        Path file = directory.resolve("trainer.process");
        LeftoverTrainer.end(file);
        assertThat(file).doesNotExist();
    }
}
