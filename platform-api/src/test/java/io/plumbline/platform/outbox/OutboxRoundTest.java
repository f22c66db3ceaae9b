package io.plumbline.platform.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class OutboxRoundTest {
    private static WaitingEvent event(long seq, String key) {
        return new WaitingEvent(seq, "t", key, "{}");
    }

    /** Keeps what it was sent, and refuses chosen events. */
    private static final class RecordingSender implements EventSender {
        final List<List<Long>> waves = new ArrayList<>();
        private final Set<Long> refused;

        RecordingSender(Long... refused) {
            this.refused = Set.of(refused);
        }

        @Override
        public Set<Long> send(List<WaitingEvent> events) {
            waves.add(events.stream().map(WaitingEvent::seq).toList());
            return events.stream()
                    .map(WaitingEvent::seq)
                    .filter(seq -> !refused.contains(seq))
                    .collect(Collectors.toSet());
        }
    }

    @Test
    void eventsOfOneKeyAreSentOneAfterAnother() {
        RecordingSender sender = new RecordingSender();

        Set<Long> sent = OutboxRound.sendInOrder(
                List.of(event(1, "a"), event(2, "b"), event(3, "a"), event(4, "a"), event(5, "b")), sender);

        assertThat(sender.waves).containsExactly(List.of(1L, 2L), List.of(3L, 5L), List.of(4L));
        assertThat(sent).containsExactlyInAnyOrder(1L, 2L, 3L, 4L, 5L);
    }

    @Test
    void nothingOvertakesAnEventThatDidNotArrive() {
        RecordingSender sender = new RecordingSender(1L);

        Set<Long> sent =
                OutboxRound.sendInOrder(List.of(event(1, "a"), event(2, "b"), event(3, "a"), event(4, "b")), sender);

        assertThat(sender.waves).containsExactly(List.of(1L, 2L), List.of(4L));
        assertThat(sent).containsExactlyInAnyOrder(2L, 4L);
    }
}
