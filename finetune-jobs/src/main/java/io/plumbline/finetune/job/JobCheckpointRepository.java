package io.plumbline.finetune.job;

import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

@ApplicationScoped
class JobCheckpointRepository implements PanacheRepositoryBase<JobCheckpointEntity, String> {
    /** @param before only checkpoints of fewer steps */
    List<JobCheckpointEntity> newestFirst(String job, int before, int limit) {
        return find("job = ?1 and step < ?2 order by step desc", job, before)
                .page(0, limit)
                .list();
    }

    boolean exists(String job, int step) {
        return count("job = ?1 and step = ?2", job, step) > 0;
    }
}
