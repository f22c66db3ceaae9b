package io.plumbline.platform.finetuning;

import io.plumbline.compliance.audit.AuditableAct;
import io.plumbline.finetune.job.JobState;
import io.plumbline.finetune.job.event.FineTuningJobChanged;
import io.plumbline.platform.finetuning.event.FineTuningJobAnnounced;
import io.plumbline.platform.outbox.Outbox;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.util.Map;

/**
 * Puts what happens to jobs into the outbox, and how they end into the audit log, within the transaction in which it
 * happens. What a caller does to them is logged where the caller is known.
 */
@ApplicationScoped
class JobAnnouncements {
    private final Outbox outbox;
    private final Event<AuditableAct> acts;

    @Inject
    JobAnnouncements(Outbox outbox, Event<AuditableAct> acts) {
        this.outbox = outbox;
        this.acts = acts;
    }

    void onChange(@Observes FineTuningJobChanged change) {
        outbox.record(FineTuningJobAnnounced.of(change));
        if (change.to() == JobState.SUCCEEDED || change.to() == JobState.FAILED) {
            acts.fire(new AuditableAct(
                    "fine_tuning_job." + change.to().wireName(),
                    "system",
                    change.job().value(),
                    change.fineTunedModel().map(model -> Map.of("model", model)).orElse(Map.of()),
                    Map.of()));
        }
    }
}
