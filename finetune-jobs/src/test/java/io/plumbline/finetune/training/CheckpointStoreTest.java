package io.plumbline.finetune.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointStoreTest {
    @TempDir
    private Path folder;

    @Test
    void theLastTwoAreKept() throws IOException {
        var store = new CheckpointStore(folder.resolve("checkpoints"));
        assertThat(store.latest()).isEmpty();
        for (int step : new int[] {5, 10, 100, 15}) {
            store.write(step, target -> Files.writeString(target.resolve("state"), "at " + step));
        }
        assertThat(store.stored()).extracting(CheckpointStore.Stored::step).containsExactly(100, 15);
        assertThat(store.latest().orElseThrow().folder().resolve("state")).hasContent("at 100");
    }

    @Test
    void aFullDiskLeavesTheLastOneIntactAndNothingHalfWritten() throws IOException {
        var store = new CheckpointStore(folder);
        store.write(5, target -> Files.writeString(target.resolve("state"), "good"));
        assertThatThrownBy(() -> store.write(10, target -> {
                    Files.writeString(target.resolve("state"), "half");
                    throw new IOException("No space left on device");
                }))
                .isInstanceOf(IOException.class);
        assertThat(store.latest().orElseThrow().step()).isEqualTo(5);
        assertThat(names()).containsExactly("step-00000005");
    }

    @Test
    void whatAKilledWriterLeftIsIgnoredAndCleanedUp() throws IOException {
        var store = new CheckpointStore(folder);
        Files.createDirectories(folder.resolve(".writing-7"));
        Files.writeString(folder.resolve(".writing-7/state"), "half");
        assertThat(store.latest()).isEmpty();
        store.write(8, target -> Files.writeString(target.resolve("state"), "good"));
        assertThat(names()).containsExactly("step-00000008");
    }

    @Test
    void aStepThatIsWrittenAgainReplacesTheOldOne() throws IOException {
        var store = new CheckpointStore(folder);
        store.write(5, target -> Files.writeString(target.resolve("state"), "old"));
        store.write(5, target -> Files.writeString(target.resolve("state"), "new"));
        assertThat(folder.resolve("step-00000005/state")).hasContent("new");
    }

    private List<String> names() throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.map(p -> p.getFileName().toString()).sorted().toList();
        }
    }
}
