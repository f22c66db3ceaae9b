package io.plumbline.console.finetuning;

import io.plumbline.console.session.ConsoleSession;
import io.plumbline.console.session.Desk;
import io.plumbline.finetune.job.FineTuningJob;
import io.plumbline.finetune.job.JobCheckpoint;
import io.plumbline.finetune.job.JobEvent;
import io.plumbline.finetune.job.JobId;
import io.plumbline.finetune.job.Slice;
import io.plumbline.platform.catalogue.BaseModels;
import io.plumbline.platform.dataset.TrainingFile;
import io.plumbline.platform.dataset.TrainingFiles;
import io.plumbline.platform.error.NotFound;
import io.plumbline.platform.finetuning.FineTuning;
import io.plumbline.platform.finetuning.JobOrderCheck;
import io.plumbline.platform.finetuning.JobWish;
import io.plumbline.platform.identity.RequiresScope;
import io.plumbline.platform.identity.Scope;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Fine-tuning jobs, for their views. */
@Desk
@ApplicationScoped
public class FineTuningDesk {
    private static final int EVENTS_AT_ONCE = 2000;
    private static final int CHECKPOINTS = 500;
    private static final int FILES = 500;

    private final ConsoleSession session;
    private final FineTuning fineTuning;
    private final TrainingFiles files;
    private final BaseModels models;
    private final JobOrderCheck check = new JobOrderCheck();

    @Inject
    FineTuningDesk(ConsoleSession session, FineTuning fineTuning, TrainingFiles files, BaseModels models) {
        this.session = session;
        this.fineTuning = fineTuning;
        this.files = files;
        this.models = models;
    }

    /**
     * A job at one moment.
     *
     * @param news events since the last look, oldest first
     * @param checkpoints newest first
     */
    public record Look(FineTuningJob job, List<JobEvent> news, List<JobCheckpoint> checkpoints) {
        public Look {
            news = List.copyOf(news);
            checkpoints = List.copyOf(checkpoints);
        }
    }

    /**
     * What a new job can be made of.
     *
     * @param files newest first
     */
    public record Choices(List<BaseModels.Card> models, List<TrainingFile> files) {}

    @RequiresScope(Scope.FINE_TUNING_READ)
    public Slice<FineTuningJob> page(Optional<String> after, int limit) {
        return fineTuning.list(after, limit);
    }

    @RequiresScope(Scope.FINE_TUNING_READ)
    public FineTuningJob get(String id) {
        return fineTuning.get(id);
    }

    /** The job, and everything that happened since an event; from the beginning if none is known. */
    @RequiresScope(Scope.FINE_TUNING_READ)
    public Look look(String id, Optional<String> known) {
        // The job is read last: whatever state it shows, the events that led there have been read or come next time.
        List<JobEvent> news = new ArrayList<>();
        Slice<JobEvent> slice = fineTuning.eventsSince(new JobId(id), known, EVENTS_AT_ONCE);
        news.addAll(slice.items());
        while (slice.more()) {
            slice = fineTuning.eventsSince(
                    new JobId(id), Optional.of(news.getLast().id()), EVENTS_AT_ONCE);
            news.addAll(slice.items());
        }
        FineTuningJob job = fineTuning.get(id);
        return new Look(
                job,
                news,
                fineTuning.checkpoints(job, Optional.empty(), CHECKPOINTS).items());
    }

    @RequiresScope(Scope.FINE_TUNING_WRITE)
    public Choices choices() {
        return new Choices(models.list(), files.page(Optional.empty(), true, FILES));
    }

    @RequiresScope(Scope.FINE_TUNING_WRITE)
    public FineTuningJob create(JobWish wish) {
        return fineTuning.create(session.caller(), check.check(wish));
    }

    @RequiresScope(Scope.FINE_TUNING_WRITE)
    public FineTuningJob cancel(String id) {
        return fineTuning.cancel(session.caller(), id);
    }

    /** The name of a file as its tenant knows it; its id if it was deleted. */
    @RequiresScope(Scope.FINE_TUNING_READ)
    public Optional<TrainingFile> file(String id) {
        try {
            return Optional.of(files.get(id));
        } catch (NotFound deleted) {
            return Optional.empty();
        }
    }
}
