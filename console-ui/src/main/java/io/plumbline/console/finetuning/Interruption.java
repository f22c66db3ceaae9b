package io.plumbline.console.finetuning;

import io.plumbline.console.i18n.Sentences;
import io.plumbline.finetune.job.JobEvent;
import java.util.Optional;

/**
 * Whether training stands still because its trainer ended, or goes over steps again after one: read from the events, in
 * their order.
 */
final class Interruption {
    private Optional<JobEvent> cause = Optional.empty();
    private Optional<JobEvent> restart = Optional.empty();

    void see(JobEvent event) {
        if (event.type() == JobEvent.Type.METRICS) {
            // A step that was not there before: the run is past what it had to do again.
            cause = Optional.empty();
            restart = Optional.empty();
        } else if (is("sentences.event.try_again", event) || is("sentences.event.stopped", event)) {
            cause = Optional.of(event);
            restart = Optional.empty();
        } else if (is("sentences.event.resumed", event) || cause.isPresent() && is("sentences.event.training", event)) {
            restart = Optional.of(event);
        }
    }

    /** Why the trainer ended; empty if it works on. */
    Optional<String> cause() {
        return cause.map(JobEvent::message);
    }

    /** With what another one has begun; empty until it has. */
    Optional<String> restart() {
        return restart.map(JobEvent::message);
    }

    private static boolean is(String sentence, JobEvent event) {
        return Sentences.matches(sentence, event.message());
    }
}
