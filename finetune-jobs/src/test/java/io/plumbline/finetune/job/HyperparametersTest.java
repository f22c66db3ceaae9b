package io.plumbline.finetune.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HyperparametersTest {
    @ParameterizedTest
    @CsvSource({"1, 1", "29, 1", "60, 2", "120, 4", "240, 8", "1000000, 8"})
    void autoBatchSizeGrowsWithTheRows(int rows, int batchSize) {
        assertThat(Hyperparameters.auto().chosenFor(rows).batchSize()).contains(batchSize);
    }

    @Test
    void whatWasAskedForStays() {
        var asked = new Hyperparameters(Optional.of(1), Optional.of(16), Optional.of(0.5));
        assertThat(asked.chosenFor(10)).isEqualTo(asked);
    }

    @Test
    void valuesOutOfRangeCannotBeBuilt() {
        assertThatThrownBy(() -> new Hyperparameters(Optional.of(0), Optional.empty(), Optional.empty()))
                .hasMessageContaining("n_epochs");
        assertThatThrownBy(() -> new Hyperparameters(Optional.empty(), Optional.of(257), Optional.empty()))
                .hasMessageContaining("batch_size");
        assertThatThrownBy(() -> new Hyperparameters(Optional.empty(), Optional.empty(), Optional.of(0.0)))
                .hasMessageContaining("learning_rate_multiplier");
    }
}
