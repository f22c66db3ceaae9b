package io.plumbline.platform.finetuning;

import io.plumbline.finetune.runner.FinishedTraining;
import io.plumbline.finetune.runner.TrainingArchive;
import io.plumbline.platform.adapter.Adapters;
import io.plumbline.platform.tenant.CurrentTenant;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.util.Optional;

/** Keeps what training made as the tenant's. */
@ApplicationScoped
class PlatformArchive implements TrainingArchive {
    private final Adapters adapters;
    private final CurrentTenant currentTenant;

    @Inject
    PlatformArchive(Adapters adapters, CurrentTenant currentTenant) {
        this.adapters = adapters;
        this.currentTenant = currentTenant;
    }

    @Override
    public Optional<String> store(FinishedTraining finished) throws IOException {
        return currentTenant.<Optional<String>, IOException>callAs(
                finished.job().tenant(), () -> {
                    adapters.add(finished);
                    return Optional.empty();
                });
    }
}
