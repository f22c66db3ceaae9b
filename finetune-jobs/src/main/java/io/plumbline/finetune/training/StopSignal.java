package io.plumbline.finetune.training;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/** A request to end after the next safe point; the first reason counts. */
public final class StopSignal {
    private final AtomicReference<String> reason = new AtomicReference<>("");

    /** Asks the run to end; callable from any thread, any number of times. */
    public void request(String why) {
        if (why.isBlank()) {
            throw new IllegalArgumentException("a stop has a reason");
        }
        reason.compareAndSet("", why);
    }

    /** Why the run should end; empty = it should not. */
    public Optional<String> requested() {
        return Optional.of(reason.get()).filter(r -> !r.isEmpty());
    }
}
