package io.plumbline.finetune.job;

import io.plumbline.finetune.job.event.FineTuningJobChanged;
import io.plumbline.inference.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.inject.Inject;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** The only place that moves a job from state to state and writes its events; always within the caller's transaction. */
@ApplicationScoped
class JobJournal {
    private final JobEventRepository events;
    private final Event<FineTuningJobChanged> changes;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();

    @Inject
    JobJournal(JobEventRepository events, Event<FineTuningJobChanged> changes, Clock clock) {
        this.events = events;
        this.changes = changes;
        this.clock = clock;
    }

    Instant now() {
        return clock.instant();
    }

    String newId(String prefix) {
        return prefix + RandomText.lowerCase(random, 24);
    }

    JobId newJobId() {
        return JobId.generate(random);
    }

    /** @throws IllegalStateException if the state may not follow the present one */
    void move(FineTuningJobEntity job, JobState to) {
        JobState from = job.state;
        if (!from.next().contains(to)) {
            throw new IllegalStateException("job %s cannot go from %s to %s".formatted(job.id, from, to));
        }
        Instant now = now();
        job.state = to;
        if (to.terminal()) {
            job.finishedAt = now;
        }
        announce(job, Optional.of(from), now);
    }

    void created(FineTuningJobEntity job) {
        announce(job, Optional.empty(), job.createdAt);
    }

    private void announce(FineTuningJobEntity job, Optional<JobState> from, Instant at) {
        changes.fire(new FineTuningJobChanged(
                TenantId.of(job.tenant),
                new JobId(job.id),
                from,
                job.state,
                at,
                Optional.ofNullable(job.fineTunedModel)));
    }

    void message(FineTuningJobEntity job, JobEvent.Level level, String message) {
        write(job, level, JobEvent.Type.MESSAGE, message, Map.of());
    }

    void metrics(FineTuningJobEntity job, String message, Map<String, Number> data) {
        write(job, JobEvent.Level.INFO, JobEvent.Type.METRICS, message, data);
    }

    private void write(
            FineTuningJobEntity job,
            JobEvent.Level level,
            JobEvent.Type type,
            String message,
            Map<String, Number> data) {
        JobEventEntity event = new JobEventEntity();
        event.id = newId("ftevent-");
        event.job = job.id;
        event.createdAt = now();
        event.level = level;
        event.type = type;
        event.message = message;
        event.data = JobData.write(data);
        events.persist(event);
    }
}
