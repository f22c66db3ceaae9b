package io.plumbline.platform.gateway.rest;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class SilenceTest {
    private static final long SECOND = 1_000_000_000;

    @Test
    void aSecondIsTooLongAndEveryWordBeginsAnew() {
        AtomicLong now = new AtomicLong(-5);
        Silence silence = new Silence(now::get);
        assertThat(silence.tooLong()).isFalse();
        now.addAndGet(SECOND - 1);
        assertThat(silence.tooLong()).isFalse();
        now.addAndGet(1);
        assertThat(silence.tooLong()).isTrue();
        silence.ended();
        assertThat(silence.tooLong()).isFalse();
        now.addAndGet(SECOND);
        assertThat(silence.tooLong()).isTrue();
    }
}
