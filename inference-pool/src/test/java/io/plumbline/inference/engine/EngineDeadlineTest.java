package io.plumbline.inference.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.plumbline.inference.pool.InferenceException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Answers that are not complete in time. */
class EngineDeadlineTest extends EngineFixture {
    @Override
    EngineLimits limits() {
        return LIMITS.withAdmission(new AdmissionLimits(4, TenantLimits.none(), Optional.of(Duration.ofHours(2))));
    }

    @Test
    void anAnswerEndsWhenItsTimeIsOverAndGivesItsMemoryBack() {
        CollectingListener limited = submit(request(HOSPITAL, prompt(1, 10)).timeLimit(Duration.ofMinutes(10)));
        CollectingListener other = submit(request(BROKER, prompt(2, 10)).maxTokens(100));
        limited.awaitText();
        skip(Duration.ofMinutes(11));
        assertThatExceptionOfType(InferenceException.DeadlineExceeded.class)
                .isThrownBy(limited::await)
                .withMessageContaining("600.0 s");
        assertThat(other.await().completionTokens()).isEqualTo(100);
        awaitIdle();
        assertThat(engine.metrics().cache().inUse()).isZero();
        assertThat(engine.metrics().failures()).isEqualTo(new EngineMetrics.Failures(0, 1));
    }

    @Test
    void theTimeOfAWaitingRequestRunsToo() {
        List<CollectingListener> running = new ArrayList<>();
        for (int i = 0; i < LIMITS.scheduling().maxSequences(); i++) {
            running.add(submit(request(BROKER, prompt(i, 10)).maxTokens(80)));
        }
        CollectingListener waiting = submit(request(HOSPITAL, prompt(9, 10)).timeLimit(Duration.ZERO));
        assertThatExceptionOfType(InferenceException.DeadlineExceeded.class).isThrownBy(waiting::await);
        assertThat(waiting.deltas()).isEmpty();
        running.forEach(CollectingListener::await);
    }

    @Test
    void theEnginesOwnLimitHoldsForEveryRequest() {
        CollectingListener unlimited = submit(request(HOSPITAL, prompt(1, 10)));
        CollectingListener generous = submit(request(HOSPITAL, prompt(2, 10)).timeLimit(Duration.ofDays(1)));
        unlimited.awaitText();
        generous.awaitText();
        skip(Duration.ofHours(3));
        assertThatExceptionOfType(InferenceException.DeadlineExceeded.class).isThrownBy(unlimited::await);
        assertThatExceptionOfType(InferenceException.DeadlineExceeded.class)
                .isThrownBy(generous::await)
                .withMessageContaining("7200.0 s");
    }

    private void skip(Duration time) {
        skippedNanos.addAndGet(time.toNanos());
    }
}
