package io.plumbline.finetune.runner;

import static io.plumbline.finetune.runner.LeaseWatch.Order.GO_ON;
import static io.plumbline.finetune.runner.LeaseWatch.Order.KILL;
import static io.plumbline.finetune.runner.LeaseWatch.Order.TERMINATE;
import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.finetune.job.LeaseState;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class LeaseWatchTest {
    private final LeaseWatch watch =
            new LeaseWatch(Duration.ofSeconds(60), Duration.ofSeconds(120), Duration.ofSeconds(30), at(0));

    @Test
    void goesOnWhileTheLeaseIsRenewedAndTheTrainerHeard() {
        watch.renewed(LeaseState.HELD, at(59));
        watch.heard(at(100));
        assertThat(watch.order(at(118))).isEqualTo(GO_ON);
        assertThat(watch.reason()).isEmpty();
    }

    @Test
    void aCancelledJobsTrainerGetsTimeForItsCheckpointAndNoMore() {
        watch.renewed(LeaseState.ENDED, at(10));
        assertThat(watch.order(at(10))).isEqualTo(TERMINATE);
        assertThat(watch.order(at(39))).isEqualTo(TERMINATE);
        assertThat(watch.order(at(40))).isEqualTo(KILL);
        assertThat(watch.reason()).contains(StopReason.JOB_ENDED);
    }

    @Test
    void aLostLeaseEndsTheTrainerAtOnce() {
        watch.renewed(LeaseState.LOST, at(10));
        assertThat(watch.order(at(10))).isEqualTo(KILL);
        assertThat(watch.reason()).contains(StopReason.LEASE_LOST);
    }

    @Test
    void aLeaseThatCannotBeRenewedEndsTheTrainerBeforeAnotherWorkerMayStart() {
        watch.heard(at(50));
        assertThat(watch.order(at(59))).isEqualTo(GO_ON);
        assertThat(watch.order(at(60))).isEqualTo(KILL);
        assertThat(watch.reason()).contains(StopReason.LEASE_EXPIRED);
    }

    @Test
    void aSilentTrainerIsEnded() {
        watch.renewed(LeaseState.HELD, at(119));
        assertThat(watch.order(at(120))).isEqualTo(KILL);
        assertThat(watch.reason()).contains(StopReason.STALLED);
    }

    @Test
    void theFirstReasonStands() {
        watch.stop(StopReason.SHUTDOWN, at(1));
        watch.renewed(LeaseState.ENDED, at(2));
        assertThat(watch.reason()).contains(StopReason.SHUTDOWN);
    }

    private static long at(long seconds) {
        // Far from zero and near overflow, as nanoTime may be.
        return Long.MAX_VALUE - 5 + Duration.ofSeconds(seconds).toNanos();
    }
}
