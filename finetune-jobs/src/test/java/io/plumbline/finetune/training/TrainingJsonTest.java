package io.plumbline.finetune.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.plumbline.finetune.training.TrainingSpec.LoraSettings;
import io.plumbline.finetune.training.TrainingSpec.OptimizerSettings;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TrainingJsonTest {
    private static final TrainingSpec SPEC = new TrainingSpec(
            Path.of("/models/base.gguf"),
            Path.of("/data/train.jsonl"),
            Optional.of(Path.of("/data/eval with space.jsonl")),
            Optional.empty(),
            Path.of("/data/out"),
            LoraSettings.defaults(),
            OptimizerSettings.defaults(),
            10,
            Optional.empty(),
            "auto");

    @Test
    void aSpecComesBackAsItWas() throws JsonProcessingException {
        assertThat(TrainingJson.spec(TrainingJson.write(SPEC))).isEqualTo(SPEC);
    }

    @Test
    void pathsAreWrittenPlainly() {
        assertThat(TrainingJson.write(SPEC)).contains("\"/data/eval with space.jsonl\"");
    }

    @Test
    void anEventIsOneLineThatNamesItsKind() throws JsonProcessingException {
        var event = new TrainingEvent.Stepped(7, 1.5, 2e-4, 0.9, 321, 80.25);
        String line = TrainingJson.write(event);
        assertThat(line).startsWith("{\"event\":\"step\"").doesNotContain("\n");
        assertThat(TrainingJson.event(line)).isEqualTo(event);
    }

    @Test
    void anUnknownFieldIsRefusedByName() {
        assertThatThrownBy(() -> TrainingJson.event("{\"event\":\"warning\",\"message\":\"m\",\"extra\":1}"))
                .isInstanceOf(JsonProcessingException.class)
                .hasMessageContaining("extra");
    }
}
