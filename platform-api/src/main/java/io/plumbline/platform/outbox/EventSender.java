package io.plumbline.platform.outbox;

import java.util.List;
import java.util.Set;

/** Hands events to a broker. */
interface EventSender {
    /**
     * Sends events of different keys and waits for the broker's word on each.
     *
     * @return the {@link WaitingEvent#seq} of those the broker has stored; the others may or may not have arrived
     */
    Set<Long> send(List<WaitingEvent> events);
}
