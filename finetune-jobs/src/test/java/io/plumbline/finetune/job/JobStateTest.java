package io.plumbline.finetune.job;

import static io.plumbline.finetune.job.JobState.CANCELLED;
import static io.plumbline.finetune.job.JobState.FAILED;
import static io.plumbline.finetune.job.JobState.QUEUED;
import static io.plumbline.finetune.job.JobState.RUNNING;
import static io.plumbline.finetune.job.JobState.SUCCEEDED;
import static io.plumbline.finetune.job.JobState.VALIDATING_FILES;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class JobStateTest {
    @Test
    void theWayToSuccess() {
        assertThat(VALIDATING_FILES.next()).containsExactlyInAnyOrder(QUEUED, FAILED, CANCELLED);
        assertThat(QUEUED.next()).containsExactlyInAnyOrder(RUNNING, FAILED, CANCELLED);
        assertThat(RUNNING.next()).containsExactlyInAnyOrder(SUCCEEDED, FAILED, CANCELLED);
    }

    @Test
    void threeStatesAreFinal() {
        assertThat(Arrays.stream(JobState.values()).filter(JobState::terminal))
                .containsExactly(SUCCEEDED, FAILED, CANCELLED);
    }

    @Test
    void namesAreThoseOfOpenAi() {
        assertThat(Arrays.stream(JobState.values()).map(JobState::wireName))
                .containsExactly("validating_files", "queued", "running", "succeeded", "failed", "cancelled");
    }
}
