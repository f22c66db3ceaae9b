package io.plumbline.platform.dataset;

import io.plumbline.compliance.screen.ScreenContext;
import io.plumbline.finetune.dataset.DatasetValidator;
import io.plumbline.finetune.dataset.ValidationReport;
import io.plumbline.platform.blob.StorageFailed;
import io.plumbline.platform.error.NotFound;
import io.plumbline.platform.id.Ids;
import io.plumbline.platform.identity.Caller;
import io.plumbline.platform.screening.ScreeningPolicies;
import io.plumbline.platform.screening.ScreeningPolicy;
import io.plumbline.platform.screening.Verdicts;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The tenant's files. */
@ApplicationScoped
public class TrainingFiles {
    private final FileRecords records;
    private final DataScreening screening;
    private final ScreeningPolicies policies;
    private final Verdicts verdicts;
    private final DatasetValidator validator = new DatasetValidator();

    @Inject
    TrainingFiles(FileRecords records, DataScreening screening, ScreeningPolicies policies, Verdicts verdicts) {
        this.records = records;
        this.screening = screening;
        this.policies = policies;
        this.verdicts = verdicts;
    }

    /**
     * Checks, screens and stores a file, in this order, so that nothing half-good is ever kept.
     *
     * @throws InvalidTrainingFile with every line that is broken or that a rule refuses
     * @throws StorageFailed if the disk does not take it
     */
    public TrainingFile upload(Caller caller, Upload upload) {
        String id = Ids.create("file-");
        try {
            ValidationReport report = validator.validate(upload.file());
            if (!report.valid()) {
                throw new InvalidTrainingFile(RefusedData.of(report));
            }
            ScreeningPolicy policy = policies.of(caller.tenant());
            DataScreening.Outcome screened = screening.screen(
                    new ScreenContext(caller.tenant(), policy.packs(), policy.audience(), upload.metadata()),
                    upload.file());
            if (screened.refused().problemCount() > 0) {
                verdicts.add(id, "-", screened.findings());
                throw new InvalidTrainingFile(screened.refused());
            }
            return records.add(caller, id, upload, report.rows(), screened.findings());
        } catch (IOException e) {
            throw new StorageFailed(e);
        }
    }

    /** @throws NotFound if the tenant has no such file */
    public TrainingFile get(String id) {
        return records.find(id).orElseThrow(() -> new NotFound("file", id));
    }

    /**
     * A file's bytes on this machine; they must not be changed.
     *
     * @throws NotFound if the tenant has no such file
     */
    public Path content(Caller caller, String id) {
        return records.content(caller.tenant(), get(id));
    }

    /**
     * Files in the order of their creation.
     *
     * @param after id of the file before the first one wanted
     * @throws NotFound if there is no such file
     */
    public List<TrainingFile> page(Optional<String> after, boolean newestFirst, int limit) {
        return records.page(after.map(this::get), newestFirst, limit);
    }

    /** @throws NotFound if the tenant has no such file */
    public void delete(Caller caller, String id) {
        TrainingFile file = records.remove(caller, id).orElseThrow(() -> new NotFound("file", id));
        records.removeUnusedContent(caller.tenant(), file.content());
    }
}
