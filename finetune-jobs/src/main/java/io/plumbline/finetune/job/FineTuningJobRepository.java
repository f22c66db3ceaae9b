package io.plumbline.finetune.job;

import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import io.quarkus.panache.common.Parameters;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

@ApplicationScoped
class FineTuningJobRepository implements PanacheRepositoryBase<FineTuningJobEntity, String> {
    List<FineTuningJobEntity> newestFirst(int limit) {
        return find("order by createdAt desc, id desc").page(0, limit).list();
    }

    List<FineTuningJobEntity> olderThan(Instant createdAt, String id, int limit) {
        return find(
                        "createdAt < :at or (createdAt = :at and id < :id) order by createdAt desc, id desc",
                        Parameters.with("at", createdAt).and("id", id))
                .page(0, limit)
                .list();
    }

    Optional<FineTuningJobEntity> byModel(String fineTunedModel) {
        return find("fineTunedModel", fineTunedModel).firstResultOptional();
    }
}
