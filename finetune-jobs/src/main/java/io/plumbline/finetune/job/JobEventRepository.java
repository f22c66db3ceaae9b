package io.plumbline.finetune.job;

import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

@ApplicationScoped
class JobEventRepository implements PanacheRepositoryBase<JobEventEntity, String> {
    /** @param before only events with a smaller sequence number */
    List<JobEventEntity> newestFirst(String job, long before, int limit) {
        return find("job = ?1 and seq < ?2 order by seq desc", job, before)
                .page(0, limit)
                .list();
    }
}
