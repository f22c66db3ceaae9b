package io.plumbline.platform.finetuning;

import io.plumbline.finetune.runner.MissingInputException;
import io.plumbline.finetune.runner.TrainingInputs;
import io.plumbline.inference.TenantId;
import io.plumbline.platform.dataset.TrainingFiles;
import io.plumbline.platform.error.NotFound;
import io.plumbline.platform.identity.Caller;
import io.plumbline.platform.tenant.CurrentTenant;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Set;

/** Gives the runner the tenant's files and the installation's base models. */
@ApplicationScoped
class PlatformInputs implements TrainingInputs {
    private final CurrentTenant currentTenant;
    private final TrainingFiles files;
    private final BaseModelFiles models;

    @Inject
    PlatformInputs(CurrentTenant currentTenant, TrainingFiles files, BaseModelFiles models) {
        this.currentTenant = currentTenant;
        this.files = files;
        this.models = models;
    }

    @Override
    public void fetch(TenantId tenant, String fileId, String param, Path target)
            throws IOException, MissingInputException {
        Caller runner = new Caller(tenant, "fine-tuning", Set.of());
        Path content;
        try {
            content = currentTenant.<Path, RuntimeException>callAs(tenant, () -> files.content(runner, fileId));
        } catch (NotFound e) {
            throw new MissingInputException(
                    param,
                    "The file '%s' was deleted before the job could use it. Upload it again and create a new job."
                            .formatted(fileId));
        }
        Files.copy(content, target, StandardCopyOption.REPLACE_EXISTING);
    }

    @Override
    public Path baseModel(String id, String sha256) throws IOException, MissingInputException {
        Path file = models.find(id)
                .orElseThrow(() -> new MissingInputException(
                        "model",
                        "The base model '%s' is not installed any more. Ask the operator to put it back, or choose one of GET /v1/models."
                                .formatted(id)));
        if (!models.sha256(file).equals(sha256)) {
            throw new MissingInputException(
                    "model",
                    "The base model '%s' was replaced by another file since the job was created. Create the job again."
                            .formatted(id));
        }
        return file;
    }
}
