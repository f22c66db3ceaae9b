package io.plumbline.platform.adapter;

import io.plumbline.compliance.audit.AuditableAct;
import io.plumbline.finetune.job.FineTuningJob;
import io.plumbline.finetune.runner.FinishedTraining;
import io.plumbline.inference.TenantId;
import io.plumbline.platform.adapter.Adapter.Lineage;
import io.plumbline.platform.identity.Caller;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The current tenant's adapters. */
@ApplicationScoped
public class Adapters {
    private static final Logger LOG = LoggerFactory.getLogger(Adapters.class);

    private final AdapterRepository repository;
    private final AdapterFiles files;
    private final Event<AuditableAct> acts;
    private final Clock clock;

    @Inject
    Adapters(AdapterRepository repository, AdapterFiles files, Event<AuditableAct> acts, Clock clock) {
        this.repository = repository;
        this.files = files;
        this.acts = acts;
        this.clock = clock;
    }

    /** Keeps what a job made, once per job. */
    @Transactional
    public void add(FinishedTraining finished) throws IOException {
        FineTuningJob job = finished.job();
        if (repository.byJob(job.id().value()).isPresent()) {
            return;
        }
        AdapterFiles.Stored stored = files.store(job.tenant(), finished.adapter());
        AdapterEntity row = new AdapterEntity();
        row.id = "adapter-" + UUID.randomUUID();
        row.model = job.modelName();
        row.sha256 = stored.sha256();
        row.bytes = stored.bytes();
        row.baseModel = job.files().baseModel();
        row.baseModelSha256 = job.files().baseModelSha256();
        row.job = job.id().value();
        row.trainingFile = job.files().trainingFile();
        row.trainingFileSha256 = job.files().trainingFileSha256();
        row.steps = finished.steps();
        row.trainedTokens = finished.trainedTokens();
        row.trainLoss = job.progress().trainLoss().orElse(null);
        row.firstValidLoss = job.progress().firstValidLoss().orElse(null);
        row.validLoss = job.progress().validLoss().orElse(null);
        row.chatTemplate = job.settings().chatTemplate().orElse(null);
        row.createdBy = job.createdBy();
        row.createdAt = clock.instant();
        repository.persist(row);
    }

    /** Newest first. */
    @Transactional
    public List<Adapter> list() {
        return repository.newestFirst().stream().map(Adapters::view).toList();
    }

    @Transactional
    public Optional<Adapter> find(String model) {
        return repository.byModel(model).map(Adapters::view);
    }

    /**
     * The PEFT folder of an adapter, safe to load.
     *
     * @throws CorruptAdapter if its bytes are not those that training wrote
     */
    public Path verifiedFolder(Adapter adapter) {
        return files.verified(adapter);
    }

    /** Removes an adapter for good; the row stays as a record of what was. */
    @Transactional
    public boolean delete(Caller caller, String model) {
        Optional<AdapterEntity> found = repository.byModel(model);
        found.ifPresent(row -> {
            row.deletedAt = clock.instant();
            acts.fire(new AuditableAct(
                    "model.deleted", caller.subject(), model, Map.of("job", row.job), Map.of("adapter", row.sha256)));
            if (!repository.shared(row)) {
                deleteFiles(row);
            }
        });
        return found.isPresent();
    }

    private void deleteFiles(AdapterEntity row) {
        try {
            files.delete(TenantId.of(row.tenant), row.sha256);
        } catch (IOException e) {
            LOG.warn("the files of {} could not be deleted: {}", row.model, e.toString());
        }
    }

    private static Adapter view(AdapterEntity row) {
        return new Adapter(
                row.id,
                TenantId.of(row.tenant),
                row.model,
                row.sha256,
                row.bytes,
                new Lineage(
                        row.job,
                        row.baseModel,
                        row.baseModelSha256,
                        row.trainingFile,
                        row.trainingFileSha256,
                        row.steps,
                        row.trainedTokens,
                        Optional.ofNullable(row.trainLoss),
                        Optional.ofNullable(row.firstValidLoss),
                        Optional.ofNullable(row.validLoss)),
                Optional.ofNullable(row.chatTemplate),
                row.createdBy,
                row.createdAt);
    }
}
