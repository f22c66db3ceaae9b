package io.plumbline.inference.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.plumbline.inference.TenantId;
import io.plumbline.inference.pool.InferenceException;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class AdmissionGateTest {
    private static final TenantId HOSPITAL = TenantId.of("hospital");
    private static final TenantId BROKER = TenantId.of("broker");

    private long nanos;

    @Test
    void oneTenantTakesHalfOfTheQueueAtMost() {
        AdmissionGate gate = gate(2, 4, TenantLimits.none());
        enter(gate, HOSPITAL, 4);
        assertThatExceptionOfType(InferenceException.Overloaded.class).isThrownBy(() -> gate.enter(HOSPITAL, 1));
        enter(gate, BROKER, 2);
        assertThatExceptionOfType(InferenceException.Overloaded.class).isThrownBy(() -> gate.enter(BROKER, 1));
        gate.leave(HOSPITAL, Duration.ofSeconds(1));
        gate.enter(BROKER, 1);
        assertThat(gate.unfinished()).isEqualTo(6);
    }

    @Test
    void aTenantsOwnLimitIsNamed() {
        AdmissionGate gate = gate(8, 8, new TenantLimits(OptionalInt.of(2), OptionalLong.empty()));
        enter(gate, HOSPITAL, 2);
        assertThatExceptionOfType(InferenceException.TenantLimitReached.class)
                .isThrownBy(() -> gate.enter(HOSPITAL, 1))
                .withMessageContaining("2 requests at a time");
        gate.enter(BROKER, 1);
    }

    @Test
    void tokensOfAMinuteFillUpEvenlyAndADebtFirst() {
        AdmissionGate gate = gate(8, 8, new TenantLimits(OptionalInt.empty(), OptionalLong.of(600)));
        gate.enter(HOSPITAL, 100);
        gate.enter(HOSPITAL, 400);
        gate.generated(HOSPITAL, 399);
        // 299 tokens of debt, and one to have, at ten a second.
        assertThatExceptionOfType(InferenceException.TenantLimitReached.class)
                .isThrownBy(() -> gate.enter(HOSPITAL, 1))
                .withMessageContaining("600 tokens per minute")
                .satisfies(e -> assertThat(e.retryAfterSeconds()).isEqualTo(30));
        assertThatCode(() -> gate.enter(BROKER, 600)).doesNotThrowAnyException();
        nanos += Duration.ofSeconds(29).toNanos();
        assertThatExceptionOfType(InferenceException.TenantLimitReached.class)
                .isThrownBy(() -> gate.enter(HOSPITAL, 1));
        nanos += Duration.ofSeconds(1).toNanos();
        gate.enter(HOSPITAL, 1);
    }

    @Test
    void theTimeToWaitFollowsFromHowFastRequestsLeaveAndHowManyWait() {
        AdmissionGate gate = gate(1, 1, TenantLimits.none());
        for (int i = 0; i < 200; i++) {
            gate.enter(HOSPITAL, 1);
            gate.leave(HOSPITAL, Duration.ofSeconds(10));
        }
        enter(gate, HOSPITAL, 2);
        int[] waits = new int[3];
        for (int i = 0; i < waits.length; i++) {
            int refusal = i;
            assertThatExceptionOfType(InferenceException.Overloaded.class)
                    .isThrownBy(() -> gate.enter(BROKER, 1))
                    .satisfies(e -> waits[refusal] = e.retryAfterSeconds());
        }
        // Two are there and stay ten seconds each: one leaves every five seconds, and each refused one wants a place.
        assertThat(waits).containsExactly(10, 15, 20);
    }

    @Test
    void aClosedGateLetsNobodyInAndTellsWhenAllHaveLeft() throws InterruptedException {
        AdmissionGate gate = gate(1, 1, TenantLimits.none());
        gate.enter(HOSPITAL, 1);
        gate.close();
        assertThatExceptionOfType(InferenceException.ShuttingDown.class).isThrownBy(() -> gate.enter(HOSPITAL, 1));
        assertThat(gate.awaitEmpty(Duration.ZERO)).isFalse();
        Thread leaving = Thread.startVirtualThread(() -> gate.leave(HOSPITAL, Duration.ofSeconds(1)));
        assertThat(gate.awaitEmpty(Duration.ofMinutes(1))).isTrue();
        leaving.join();
    }

    private AdmissionGate gate(int maxRunning, int maxWaiting, TenantLimits perTenant) {
        return new AdmissionGate(maxRunning, new AdmissionLimits(maxWaiting, perTenant, Optional.empty()), () -> nanos);
    }

    private static void enter(AdmissionGate gate, TenantId tenant, int times) {
        for (int i = 0; i < times; i++) {
            gate.enter(tenant, 1);
        }
    }
}
