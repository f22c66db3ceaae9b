package io.plumbline.platform.finetuning;

import io.plumbline.finetune.job.event.FineTuningJobChanged;
import io.plumbline.platform.finetuning.event.FineTuningJobAnnounced;
import io.plumbline.platform.outbox.Outbox;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;

/** Puts what happens to jobs into the outbox, within the transaction in which it happens. */
@ApplicationScoped
class JobAnnouncements {
    private final Outbox outbox;

    @Inject
    JobAnnouncements(Outbox outbox) {
        this.outbox = outbox;
    }

    void onChange(@Observes FineTuningJobChanged change) {
        outbox.record(FineTuningJobAnnounced.of(change));
    }
}
