package io.plumbline.inference.scheduler;

import io.plumbline.inference.TenantId;
import io.plumbline.inference.pool.Priority;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** Sequences that wait for a place: a queue for every tenant and class. */
final class WaitingSequences {
    private final Map<Key, Deque<Sequence>> queues = new LinkedHashMap<>();

    private record Key(TenantId tenant, Priority priority) {}

    void addLast(Sequence sequence) {
        queue(sequence).addLast(sequence);
    }

    /** For one that has run before. */
    void addFirst(Sequence sequence) {
        queue(sequence).addFirst(sequence);
    }

    /** False if it was not here. */
    boolean remove(Sequence sequence) {
        boolean removed = queue(sequence).remove(sequence);
        queues.values().removeIf(Deque::isEmpty);
        return removed;
    }

    int size() {
        return queues.values().stream().mapToInt(Deque::size).sum();
    }

    /** Of each queue the first that may run, of these the first in order. */
    Optional<Sequence> first(Comparator<Sequence> order, Predicate<Sequence> mayRun) {
        return queues.values().stream()
                .flatMap(queue -> queue.stream().filter(mayRun).findFirst().stream())
                .min(order);
    }

    private Deque<Sequence> queue(Sequence sequence) {
        return queues.computeIfAbsent(new Key(sequence.tenant(), sequence.priority()), k -> new ArrayDeque<>());
    }
}
