package io.plumbline.console.finetuning;

import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.finetune.job.JobEvent;
import io.plumbline.finetune.job.JobEvent.Level;
import io.plumbline.finetune.job.JobEvent.Type;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class InterruptionTest {
    private static final String KILLED =
            "The trainer was ended by signal 9; trying again from the last checkpoint (failure 1 of 3).";
    private static final String RESUMED =
            "Resumed from the checkpoint after step 20: 90 steps over 130 rows, 1000 trainable parameters, backend cpu";

    private final Interruption interruption = new Interruption();

    private void message(Level level, String text) {
        interruption.see(new JobEvent("e", Instant.EPOCH, level, Type.MESSAGE, text, Map.of()));
    }

    private void step() {
        interruption.see(new JobEvent(
                "e", Instant.EPOCH, Level.INFO, Type.METRICS, "Step", Map.of("step", 1, "train_loss", 1.0)));
    }

    @Test
    void aKilledTrainerIsToldUntilTheCurveGoesOn() {
        message(Level.INFO, "Training: 90 steps over 130 rows, 1000 trainable parameters, backend cpu");
        step();
        assertThat(interruption.cause()).isEmpty();
        message(Level.WARN, KILLED);
        assertThat(interruption.cause()).contains(KILLED);
        assertThat(interruption.restart()).isEmpty();
        message(Level.INFO, RESUMED);
        assertThat(interruption.restart()).contains(RESUMED);
        step();
        assertThat(interruption.cause()).isEmpty();
        assertThat(interruption.restart()).isEmpty();
    }

    @Test
    void withoutACheckpointItBeginsAnew() {
        String anew = "Training: 90 steps over 130 rows, 1000 trainable parameters, backend cpu";
        message(Level.WARN, KILLED);
        message(Level.INFO, anew);
        assertThat(interruption.restart()).contains(anew);
    }

    @Test
    void otherWarningsInterruptNothing() {
        message(Level.WARN, "2 rows are longer than 512 tokens and were cut");
        assertThat(interruption.cause()).isEmpty();
    }
}
