package io.plumbline.finetune.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.plumbline.finetune.training.LearningRateSchedule.WarmupStart;
import org.junit.jupiter.api.Test;

class LearningRateScheduleTest {
    @Test
    void warmsUpLinearlyThenFallsAsACosine() {
        var schedule = new LearningRateSchedule(2e-4, 10, 60, WarmupStart.FIRST_FRACTION);
        assertThat(schedule.at(0)).isEqualTo(2e-5, within(1e-18));
        assertThat(schedule.at(9)).isEqualTo(2e-4);
        assertThat(schedule.at(10)).isEqualTo(2e-4);
        assertThat(schedule.at(35)).isEqualTo(1e-4, within(1e-18));
        assertThat(schedule.at(59)).isEqualTo(2e-4 * 0.5 * (1 + Math.cos(Math.PI * 0.98)), within(1e-18));
    }

    @Test
    void canBeginAtZero() {
        var schedule = new LearningRateSchedule(0.01, 5, 30, WarmupStart.ZERO);
        assertThat(schedule.at(0)).isZero();
        assertThat(schedule.at(1)).isEqualTo(0.002);
        assertThat(schedule.at(5)).isEqualTo(0.01);
    }

    @Test
    void aRunOfWarmupOnlyIsPossible() {
        assertThat(new LearningRateSchedule(1, 3, 3, WarmupStart.FIRST_FRACTION).at(2))
                .isEqualTo(1);
        assertThat(new LearningRateSchedule(1, 0, 1, WarmupStart.FIRST_FRACTION).at(0))
                .isEqualTo(1);
    }
}
