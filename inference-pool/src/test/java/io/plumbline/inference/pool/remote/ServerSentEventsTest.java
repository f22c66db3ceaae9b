package io.plumbline.inference.pool.remote;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ServerSentEventsTest {
    @Test
    void commentsAreSignsOfLifeAndNoEvents() throws IOException {
        String stream = ": still working\n\n: still working\n\ndata: a\n\n: still working\n\n";
        AtomicInteger lines = new AtomicInteger();
        var events = new ServerSentEvents(
                new ByteArrayInputStream(stream.getBytes(StandardCharsets.UTF_8)), lines::incrementAndGet);
        assertThat(events.next()).hasValue("a");
        assertThat(lines).hasValue(6);
        assertThat(events.next()).isEmpty();
        assertThat(lines).hasValue(8);
    }
}
