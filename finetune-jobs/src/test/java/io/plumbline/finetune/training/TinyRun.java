package io.plumbline.finetune.training;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Trainings of a tiny model on eight short rows, each row also the measure of what was learnt.
 *
 * @param folder where the model, the rows and what comes out of the trainings lie
 * @param steps of each training
 */
record TinyRun(Path folder, int steps) {
    /** The base model, which the test writes. */
    Path model() {
        return folder.resolve("model.gguf");
    }

    /** Where a training of that name puts its adapter. */
    Path adapter(String name) {
        return folder.resolve(name).resolve("adapter");
    }

    void writeRows() throws IOException {
        Files.write(
                rows(),
                "abcdefgh"
                        .chars()
                        .mapToObj(c -> ("{\"messages\":[{\"role\":\"user\",\"content\":\"%c?\"},"
                                        + "{\"role\":\"assistant\",\"content\":\"yes %c\"}]}")
                                .formatted(c, c))
                        .toList());
    }

    /**
     * Starts a training.
     *
     * @param name the same name again goes on from the last checkpoint
     * @param more options of the trainer
     */
    TrainerProcess start(String name, String... more) throws IOException {
        List<String> all = new ArrayList<>(List.of("--model", model().toString()));
        all.addAll(List.of("--data", rows().toString(), "--eval", rows().toString()));
        all.addAll(List.of("--out", folder.resolve(name).toString(), "--steps", String.valueOf(steps)));
        all.addAll(List.of(more));
        return new TrainerProcess(folder, all.toArray(String[]::new));
    }

    private Path rows() {
        return folder.resolve("rows.jsonl");
    }
}
